#include "catalog/catalog.hpp"
#include "driver/stream.hpp"
#include "driver/supervisor.hpp"
#include "hil/scale_sim.hpp"
#include "played/played.hpp"

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <iterator>
#include <thread>

#include <catch2/catch.hpp>
#include <unistd.h>

/// Long lives: many devices, many lives, lines that lose bytes, names that come again.
using namespace hefang;
using namespace hefang::driver;
using namespace std::chrono_literals;
using hefang::test::Posted;

namespace {

namespace fs = std::filesystem;

struct Folder {
    fs::path path = fs::temp_directory_path() / ("hefang-life-" + std::to_string(::getpid()));
    Folder() { fs::create_directories(path); }
    ~Folder() { fs::remove_all(path); }
};

DeviceConfig scale(const std::string& id, const std::string& link) {
    return {DeviceId(id),
            "scale",
            "toledo-continuous",
            link::parse_link(link).value(),
            {{"interval_g", "5"}, {"silence_ms", "500"}}};
}

template <class Predicate>
bool eventually(Predicate predicate) {
    for (int i = 0; i < 20'000; ++i) {
        if (predicate()) return true;
        std::this_thread::sleep_for(1ms);
    }
    return false;
}

std::uint64_t counter(const DeviceStatus& status, std::string_view name) {
    for (const auto& row : status.counters) {
        if (row.name == name) return row.value;
    }
    return 0;
}

std::ptrdiff_t entries_of(const char* folder) {
    return std::distance(fs::directory_iterator(folder), fs::directory_iterator());
}

/// A line on which the kernel loses bytes. One byte a read, then the script's end.
struct LossyEndpoint final : link::Endpoint {
    struct Line final : link::Link {
        explicit Line(std::vector<link::LineErrors> seen) : seen_(std::move(seen)) {}
        Result<std::size_t> read_some(std::span<char> into, std::chrono::milliseconds, const link::Stop&) override {
            if (at_ + 1 >= seen_.size()) return fail(Errc::unreachable, "unplugged");
            ++at_;
            into[0] = 'x';
            return 1;
        }
        Result<void> write_all(std::string_view, std::chrono::milliseconds, const link::Stop&) override { return {}; }
        void close() noexcept override {}
        [[nodiscard]] std::optional<link::LineErrors> line_errors() const override { return seen_[at_]; }
        std::vector<link::LineErrors> seen_;
        std::size_t at_ = 0;
    };
    explicit LossyEndpoint(std::vector<link::LineErrors> seen) : seen_(std::move(seen)) {}
    Result<std::unique_ptr<link::Link>> open(std::chrono::milliseconds, const link::Stop&) override {
        return std::make_unique<Line>(seen_);
    }
    std::vector<link::LineErrors> seen_;
};

}  // namespace

TEST_CASE("what the kernel lost on a line is counted, from the opening on and over the wrap of its counters") {
    const link::LineErrors before{0xFFFFFFFE, 7, 100};
    Surroundings around;
    around.endpoint = [&](const link::LinkAddress&) -> Result<std::unique_ptr<link::Endpoint>> {
        return std::make_unique<LossyEndpoint>(
            std::vector<link::LineErrors>{before, {0xFFFFFFFF, 7, 100}, {1, 7, 103}, {1, 7, 103}});
    };
    test::Stage stage;
    auto made = make(scale("scale-1", "serial:///dev/none"), around).value();
    CHECK(made.driver->live(stage.context).code == Errc::unreachable);
    CHECK(stage.counters.value("line-overrun") == 3);
    CHECK(stage.counters.value("line-parity") == 3);
    CHECK(stage.counters.value("line-framing") == 0);
    CHECK(stage.counters.value("bytes") == 3);
    (void)made.driver->live(stage.context);  // each opening begins with what the kernel has by then
    CHECK(stage.counters.value("line-overrun") == 6);
}

TEST_CASE("an adapter that is plugged in again is noticed at once, not after the back-off") {
    const Folder folder;
    SystemClock clock;
    Posted posted;
    Supervisor supervisor(clock, {1ms, 60s});
    const auto name = folder.path / "serial/by-id/usb-Scale-if00";
    std::atomic<int> lives{0};
    struct Once final : Driver {
        explicit Once(std::atomic<int>& lives) : lives_(lives) {}
        Error live(Context&) override {
            ++lives_;
            return {Errc::not_found, "no such device"};
        }
        std::atomic<int>& lives_;
    };
    supervisor.add(scale("scale-1", "serial://" + name.string()), std::make_unique<Once>(lives), posted);
    supervisor.start();
    // The pause doubles from 1 ms: after 12 lives the next is 3 s away or more.
    REQUIRE(eventually([&] { return lives >= 12; }));
    const auto before = lives.load();
    const auto begun = std::chrono::steady_clock::now();
    fs::create_directories(name.parent_path());
    fs::create_symlink("/dev/null", name);
    REQUIRE(eventually([&] { return counter(supervisor.status()[0], "arrivals") == 1 && lives > before; }));
    CHECK(std::chrono::steady_clock::now() - begun < 2s);
    supervisor.stop();
}

TEST_CASE("thirty-two devices of which eight are dead: each dead one backs off alone, no other is slowed") {
    constexpr std::size_t all = 32, dead = 8;
    const Folder folder;
    SystemClock clock;
    Posted posted;
    Supervisor supervisor(clock, {500ms, 10s});
    std::vector<std::unique_ptr<hil::ScaleSim>> sims;
    hil::ScaleSimSettings settings;
    for (std::size_t i = 0; i < all; ++i) {
        const auto name = folder.path / ("scale-" + std::to_string(i));
        if (i % (all / dead) == 0) {  // half of the dead are there and silent, the others are not there
            const bool silent = i % (2 * all / dead) == 0;
            if (silent) {
                sims.push_back(std::make_unique<hil::ScaleSim>(hil::PtyWire::open(name).value(), settings));
                sims.back()->silence(true);
            }
        } else {
            sims.push_back(std::make_unique<hil::ScaleSim>(hil::PtyWire::open(name).value(), settings));
        }
        const auto device = scale("scale-" + std::to_string(i), "serial://" + name.string());
        supervisor.add(device, std::move(make(device).value().driver), posted);
    }
    supervisor.start();
    const auto is_dead = [](std::size_t i) { return i % (all / dead) == 0; };
    const auto reach = [&](std::uint64_t frames) {  // every simulator sends a frame a round, until all have so many
        return eventually([&] {
            for (auto& sim : sims) (void)sim->tick();
            const auto status = supervisor.status();
            for (std::size_t i = 0; i < all; ++i)
                if (!is_dead(i) && counter(status[i], "frames") < frames) return false;
            return true;
        });
    };
    REQUIRE(reach(500));
    REQUIRE(eventually([&] {  // each dead one tried at least twice
        for (auto& sim : sims) (void)sim->tick();
        const auto status = supervisor.status();
        for (std::size_t i = 0; i < all; i += all / dead)
            if (counter(status[i], "lives") < 2) return false;
        return true;
    }));
    const auto status = supervisor.status();
    for (std::size_t i = 0; i < all; ++i) {
        INFO("device " << i << ": " << status[i].last_error);
        CHECK((status[i].state == DeviceState::up) == !is_dead(i));
        if (!is_dead(i)) CHECK(counter(status[i], "lives") == 1);
        if (is_dead(i)) CHECK(counter(status[i], "losses") == 1);
    }
    const auto begin = std::chrono::steady_clock::now();
    supervisor.stop();
    CHECK(std::chrono::steady_clock::now() - begin < 1s);
}

TEST_CASE("a thousand lives leave no descriptor and no thread behind") {
    const Folder folder;
    SystemClock clock;
    Posted posted;
    auto wire = hil::PtyWire::open(folder.path / "scale").value();
    const auto fds = entries_of("/proc/self/fd"), tasks = entries_of("/proc/self/task");
    {
        Supervisor supervisor(clock, {1ms, 2ms});
        const std::vector<DeviceConfig> devices{
            scale("scale-1", wire->address()),  // its cable is pulled again and again
            scale("absent", "serial://" + (folder.path / "serial/by-id/none").string()),
            scale("nobody", "tcp://127.0.0.1:1"),
            {DeviceId("sorter-1"), "sorter", "", link::parse_link("modbus-tcp://127.0.0.1:1").value(), {}},
        };
        for (const auto& device : devices) supervisor.add(device, std::move(make(device).value().driver), posted);
        supervisor.start();
        REQUIRE(eventually([&] {
            wire->unplug();
            (void)wire->plug();
            const auto status = supervisor.status();
            return std::all_of(status.begin(), status.end(),
                               [](const auto& device) { return counter(device, "lives") >= 1'000; });
        }));
        CHECK(entries_of("/proc/self/task") == tasks + static_cast<std::ptrdiff_t>(devices.size()));
        CHECK(entries_of("/proc/self/fd") < fds + 4 * static_cast<std::ptrdiff_t>(devices.size()));
    }
    CHECK(entries_of("/proc/self/fd") == fds);
    CHECK(entries_of("/proc/self/task") == tasks);
}
