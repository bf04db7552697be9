#pragma once
#include "../sync/platform_probe.hpp"
#include "app/gateway.hpp"
#include "hil/stand.hpp"
#include "link/tcp_link.hpp"
#include "shim/vfs_shim.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include <catch2/catch.hpp>

namespace hefang::app::test {

using Steady = std::chrono::steady_clock;
using Ms = std::chrono::milliseconds;

/// When a decision was first seen outside of the gateway, by whom.
struct Seen {
    std::optional<Steady::time_point> commanded, shown, published;
    [[nodiscard]] bool all() const { return commanded && shown && published; }
    [[nodiscard]] bool none() const { return !commanded && !shown && !published; }
};

/// The gateway of this process, on a disk that the test makes slow or broken, with a real terminal, PLC, page and
/// broker around it. For the main thread.
class LiveSite {
  public:
    explicit LiveSite(const std::string& name, std::int64_t travel_ms) : shim(name) {
        hil::SiteSpec spec;
        spec.lines[0].travel_ms = travel_ms;
        stand = std::move(hil::Stand::build(spec, never_).value());
        REQUIRE(stand->start_broker());
        const auto config = load(stand->folder() + "/site.toml");
        REQUIRE(config);
        page_.port = config->web.port;
        probe.emplace(config->platform->port);
        gateway_ = std::move(Gateway::open(*config, {shim.name(), {}}).value());
        run_.emplace(*gateway_);
        REQUIRE(stand->await_devices());
        page_.open(never_);
        line().sorter->watch_commands([this](std::uint16_t sequence, Steady::time_point at) {
            const std::lock_guard lock(mutex_);
            if (sequence == watched_ && !commanded_) commanded_ = at;
        });
    }
    ~LiveSite() { line().sorter->watch_commands({}); }
    LiveSite(const LiveSite&) = delete;
    LiveSite& operator=(const LiveSite&) = delete;

    [[nodiscard]] hil::Line& line() { return *stand->lines[0]; }

    /// A parcel passes the eye and is read; its sequence. Watched from here on.
    std::uint16_t parcel(const std::string& waybill) {
        const auto sequence = line().induct();
        {
            const std::lock_guard lock(mutex_);
            watched_ = sequence;
            commanded_.reset();
        }
        mark_ = "\"waybill\":\"" + waybill + "\"";
        page_.heard.clear();
        seen_ = {};
        REQUIRE(line().scan({waybill}, sequence));
        return sequence;
    }
    /// Looks for at most `limit`, or until the parcel's decision was seen everywhere.
    Seen watch(Ms limit) {
        for (const auto until = Steady::now() + limit; Steady::now() < until && !seen_.all();) {
            page_.hear(never_);
            if (!seen_.shown && page_.heard.find(mark_) != std::string::npos) seen_.shown = Steady::now();
            if (!seen_.published && probe->heard(mark_)) seen_.published = Steady::now();
            const std::lock_guard lock(mutex_);
            seen_.commanded = commanded_;
        }
        return seen_;
    }
    [[nodiscard]] bool healthy() const { return hil::http_get(page_.port, "/healthz").has_value(); }
    [[nodiscard]] bool eventually(Ms limit, const std::function<bool()>& condition) const {
        return hil::eventually(never_, limit, condition);
    }
    /// Where the PLC sent the item; none while it is on the belt.
    [[nodiscard]] std::optional<hil::Diversion> left(std::uint16_t sequence) {
        for (const auto& d : line().sorter->diversions())
            if (d.sequence == sequence) return d;
        return std::nullopt;
    }

    hefang::test::VfsShim shim;  // first: the store of the gateway uses it to its end
    std::unique_ptr<hil::Stand> stand;
    std::optional<hefang::test::PlatformProbe> probe;

  private:
    /// A screen: one open stream of events.
    struct Page {
        std::uint16_t port = 0;
        std::unique_ptr<link::Link> stream;
        std::string heard;

        void open(const link::Stop& stop) {
            stream = std::move(link::TcpClientLink::open({"127.0.0.1", port}, stop).value());
            REQUIRE(stream->write_all(
                "GET /api/v1/live HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\n\r\n", Ms(1'000), stop));
        }
        void hear(const link::Stop& stop) {
            std::array<char, 4096> bytes{};
            if (const auto n = stream->read_some(bytes, Ms(1), stop)) heard.append(bytes.data(), *n);
        }
    };
    struct Run {
        explicit Run(Gateway& gateway) : thread([this, &gateway] { gateway.run(stop); }) {}
        ~Run() {
            stop.request();
            thread.join();
        }
        link::Stop stop;
        std::thread thread;
    };

    link::Stop never_;
    Page page_;
    std::string mark_;
    Seen seen_;
    std::mutex mutex_;
    std::uint16_t watched_ = 0;                    // guarded by mutex_
    std::optional<Steady::time_point> commanded_;  // guarded by mutex_
    std::unique_ptr<Gateway> gateway_;
    std::optional<Run> run_;
};

}  // namespace hefang::app::test
