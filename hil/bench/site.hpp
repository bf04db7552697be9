#pragma once
#include "app/turn.hpp"
#include "base/clock.hpp"
#include "store/store.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace hefang::bench {

/// The turn over a real store, lanes without devices: what the benches of decisions and imports drive.
struct TurnSite {
    SystemClock clock;
    app::CoreMailbox mailbox;
    std::vector<app::CoreMailbox::Inlet*> readers;
    std::unique_ptr<store::Store> store;
    std::unique_ptr<app::Turn> turn;
    std::uint64_t facts = 0;
    std::uint64_t bytes = 0;

    TurnSite(const std::string& folder, int lanes, const std::string& gateway = "bench-gw") {
        store::StoreOptions options;
        options.path = folder;
        options.envelope.gateway = gateway;
        options.envelope.boot = boot_id();
        store = std::move(store::Store::open(std::move(options), clock.now()).value());
        core::SiteModel site;
        site.policy.version = "bench-1";
        for (int i = 0; i < lanes; ++i) {
            core::LaneModel lane;
            lane.id = LaneId("line-" + std::to_string(i));
            lane.readers = {reader(i)};
            site.lanes.push_back(lane);
            readers.push_back(&mailbox.inlet(app::device_inlet));
        }
        app::Outlets outlets;
        outlets.sorters.assign(static_cast<std::size_t>(lanes), nullptr);
        outlets.committed = [this](std::uint64_t, std::string fact) {
            ++facts;
            bytes += fact.size();
        };
        turn = std::make_unique<app::Turn>(std::move(site), *store, clock, mailbox, std::move(outlets));
        if (const auto begun = turn->begin(); !begun) {
            std::fprintf(stderr, "the store in %s: %s\n", folder.c_str(), begun.error().detail.c_str());
            std::exit(1);
        }
    }
    static DeviceId reader(int lane) { return DeviceId("reader-" + std::to_string(lane)); }

    /// False when the lane's inlet is full.
    bool scan(int lane, const std::string& waybill) {
        app::Message message(
            reading::Reading(reading::CodesRead{reader(lane), clock.now().boot, std::nullopt, {{waybill, ""}}}));
        return readers[static_cast<std::size_t>(lane)]->post(std::move(message));
    }
};

/// A number spread over the whole key space, the same for the same `n`.
[[nodiscard]] inline std::string scattered(std::uint64_t n) {
    std::uint64_t x = n * 0x9E3779B97F4A7C15ULL + 0x1234567;
    x ^= x >> 29;
    x *= 0xBF58476D1CE4E5B9ULL;
    x ^= x >> 32;
    char text[24];
    std::snprintf(text, sizeof text, "YT%013llu", static_cast<unsigned long long>(x % 10'000'000'000'000ULL));
    return text;
}

}  // namespace hefang::bench
