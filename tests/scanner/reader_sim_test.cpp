#include "hil/reader_sim.hpp"

#include "hil/wedge_wire.hpp"
#include "played/played.hpp"
#include "scanner/scanner.hpp"

#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::driver;
using hefang::test::Posted;
using reading::CodesRead;

namespace {

using Ms = std::chrono::milliseconds;

/// A driver on a real link, on a thread of its own, life after life until the test ends.
class Live {
  public:
    explicit Live(ScannerSettings settings, const link::LinkAddress& at)
        : driver_(std::move(settings), *link::make_endpoint(at)), thread_([this] { run(); }) {}
    ~Live() {
        stop_.request();
        thread_.join();
    }
    Posted posted;
    std::atomic<int> lives{0};
    [[nodiscard]] std::string texts() const {
        std::string out;
        for (const auto& read : posted.all<CodesRead>())
            out += (out.empty() ? "" : " ") + (read.codes.empty() ? "-" : read.codes.front().text);
        return out;
    }

  private:
    void run() {
        while (!stop_.requested()) {
            Driver::Context context{clock_, posted, counters_, stop_, [](Sign) {}};
            (void)driver_.live(context);
            ++lives;
            (void)stop_.wait_for(Ms(10));
        }
    }

    SystemClock clock_;
    Counters counters_;
    link::Stop stop_;
    ScannerDriver driver_;
    std::thread thread_;
};

template <class Condition>
bool eventually(const Condition& condition) {
    for (int i = 0; i < 1000; ++i) {
        if (condition()) return true;
        std::this_thread::sleep_for(Ms(10));
    }
    return false;
}

std::uint16_t free_port() {
    link::TcpListenEndpoint endpoint({"127.0.0.1", 0});
    return endpoint.listen().value_or(0);
}

ScannerSettings settings(std::string_view protocol, const link::LinkAddress& at,
                         std::map<std::string, std::string> said = {}) {
    return scanner_settings({DeviceId("reader-1"), "scanner", std::string(protocol), at, std::move(said)});
}

}  // namespace

TEST_CASE("simulated readers: each maker's, as client and as server") {
    for (const auto& profile : codec::reader_profiles()) {
        for (const bool listens : {false, true}) {
            CAPTURE(profile.name, listens);
            std::unique_ptr<hil::Wire> wire;
            if (listens) {
                wire = std::make_unique<hil::TcpClientWire>(free_port());
            } else {
                wire = *hil::TcpServerWire::open();
            }
            hil::ReaderSim reader(std::move(wire), profile, codec::format_of(profile));
            const auto at = *link::parse_link(reader.scanner().address());
            Live live(settings(profile.name, at, {{"gap_ms", "20"}}), at);
            // A line that is joined wherever it is takes nothing for a number before it was silent for a gap.
            const auto arrived = [&] {
                std::this_thread::sleep_for(Ms(50));
                (void)reader.scanner().scan("WB1");
                std::this_thread::sleep_for(Ms(5));
                return live.texts().ends_with("WB1");
            };
            REQUIRE(eventually(arrived));
            const auto before = live.posted.all<CodesRead>().size();
            REQUIRE(reader.scanner().no_read());
            if (!profile.no_read.empty()) REQUIRE(live.posted.wait_for<CodesRead>(before + 1));
            REQUIRE(reader.scanner().scan("WB2"));
            REQUIRE(eventually([&] { return live.texts().ends_with("WB2"); }));
        }
    }
}

TEST_CASE("simulated readers: triggered by the gateway, they say what lies there, or that nothing does") {
    for (const char* protocol : {"cognex-dataman", "keyence-sr", "sick-clv"}) {
        CAPTURE(protocol);
        const auto& profile = *codec::reader_profile(protocol);
        auto format = codec::format_of(profile);
        format.no_read.insert(format.no_read.begin(), "NoRead");  // DataMan must be set up to send one
        hil::ReaderSim reader(*hil::TcpServerWire::open(), profile, format);
        const auto at = *link::parse_link(reader.scanner().address());
        Live live(settings(protocol, at, {{"gap_ms", "20"}, {"trigger", "gateway"}, {"look_ms", "100"}}), at);
        const auto until = [&](const auto& condition) {
            return eventually([&] {
                (void)reader.serve();
                return condition();
            });
        };
        // Several looks at nothing: each ends with an answer, and none is a parcel.
        int turns = 0;
        REQUIRE(until([&] { return ++turns > 60; }));
        CHECK(live.texts().empty());
        CHECK(live.lives == 0);
        REQUIRE(reader.show({{"WB1", ""}}));
        REQUIRE(until([&] { return live.texts().starts_with("WB1"); }));
        // A reader that takes no command any more is lost, not silently blind.
        reader.deaf(true);
        REQUIRE(until([&] { return live.lives > 0; }));
    }
}

TEST_CASE("simulated wedge: typed over a FIFO, unplugged and plugged in again") {
    char name[] = "/tmp/hefang-wedge-XXXXXX";
    const std::string folder = ::mkdtemp(name);
    {
        auto wire = *hil::WedgeWire::open(folder + "/kbd");
        auto& keys = *wire;
        hil::ScannerSim scanner(std::move(wire));
        const auto at = *link::parse_link(scanner.address());
        Live live(wedge_settings({DeviceId("reader-1"), "scanner", "wedge", at, {{"gap_ms", "50"}}}), at);
        const auto arrives = [&](const std::string& text) {
            return eventually([&] {
                std::this_thread::sleep_for(Ms(100));
                (void)scanner.scan(text);
                std::this_thread::sleep_for(Ms(10));
                return live.texts().ends_with(text);
            });
        };
        REQUIRE(arrives("SF-1aB_(x)"));
        REQUIRE(keys.lose());
        REQUIRE(eventually([&] { return live.texts().ends_with(" -"); }));
        REQUIRE(arrives("SF2"));
        scanner.unplug();
        REQUIRE(eventually([&] { return live.lives > 0; }));
        REQUIRE_FALSE(scanner.scan("LOST"));
        REQUIRE(scanner.plug());
        REQUIRE(arrives("SF3"));
        CHECK(live.texts().find("LOST") == std::string::npos);
    }
    CHECK(std::filesystem::is_empty(folder));
    std::filesystem::remove_all(folder);
}
