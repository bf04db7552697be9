#include "hil/sorter_sim.hpp"
#include "sorter/sorter.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <ctime>
#include <iostream>
#include <thread>

#include <catch2/catch.hpp>

// Run on demand: test_sorter "[load]". Times depend on the machine; what must hold anywhere is that nothing gets lost.

using namespace hefang;
using namespace std::chrono_literals;

namespace {

using Steady = std::chrono::steady_clock;

/// Commands every induction at once, as a core without thoughts would.
class Echo final : public driver::Sink {
  public:
    bool post(reading::Reading&& r, const link::Stop&) override {
        if (const auto* const up = std::get_if<reading::SorterUp>(&r)) session = up->session;
        if (std::holds_alternative<reading::TrackingLost>(r)) ++lost;
        if (const auto* const i = std::get_if<reading::Induction>(&r)) {
            open_.push_back({i->session, i->sequence, 1, 4, 0, i->at + 2000});
            sorter->want(open_);
        }
        if (const auto* const a = std::get_if<reading::CommandAcked>(&r)) {
            std::erase_if(open_, [&](const auto& c) { return c.sequence == a->sequence; });
        }
        return true;
    }
    driver::SorterDriver* sorter = nullptr;
    std::atomic<reading::SorterSession> session{0};
    std::atomic<unsigned> lost{0};

  private:
    std::vector<reading::SorterCommand> open_;
};

struct Line {
    explicit Line(hil::SorterPlcSettings plc)
        : sim(hil::SorterSim::start(plc).value()),
          sorter(driver::make_sorter({.id = DeviceId("s"), .host = "127.0.0.1", .port = sim->port()},
                                     [] { return true; })) {
        echo.sorter = sorter.get();
        thread = std::thread([this] {
            driver::Driver::Context context{clock, echo, counters, stop, [](driver::Sign) {}};
            end = sorter->live(context).detail;
        });
        while (echo.session == 0) std::this_thread::sleep_for(1ms);
    }
    ~Line() {
        stop.request();
        thread.join();
    }
    SystemClock clock;
    Echo echo;
    Counters counters;
    link::Stop stop;
    std::string end;
    std::unique_ptr<hil::SorterSim> sim;
    std::unique_ptr<driver::SorterDriver> sorter;
    std::thread thread;
};

}  // namespace

TEST_CASE("sorter: four lines of 125 items a second lose nothing", "[.][load]") {
    std::array<std::unique_ptr<Line>, 4> lines;
    for (auto& line : lines) line = std::make_unique<Line>(hil::SorterPlcSettings{.travel_ms = 500, .leave_ms = 50});
    const auto cpu = std::clock();
    constexpr int items = 125 * 8;
    auto next = Steady::now();
    for (int i = 0; i < items; ++i) {
        std::this_thread::sleep_until(next);
        next = std::max(next + 8ms, Steady::now());  // a late thread must not bunch items: a belt does not either
        for (auto& line : lines) line->sim->induct();
    }
    std::this_thread::sleep_for(700ms);
    std::cout << "CPU of lines, drivers and simulators: "
              << static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC / 8.7 * 100 << " % of a core\n";
    for (auto& line : lines) {
        const auto out = line->sim->diversions();
        CHECK(out.size() == items);
        CHECK(std::count_if(out.begin(), out.end(), [](const auto& d) { return d.by_default; }) == 0);
        CHECK(line->echo.lost == 0);
    }
}

TEST_CASE("sorter: from want() to the PLC's program", "[.][load]") {
    Line line({.travel_ms = 60'000, .leave_ms = 10});
    std::vector<double> micros;
    for (std::uint16_t i = 1; i <= 500; ++i) {
        std::this_thread::sleep_for(std::chrono::microseconds(3000 + i * 7919 % 9000));
        const auto acks = line.sim->status().ack_count;
        const auto from = Steady::now();
        line.sorter->want({{line.echo.session, i, 1, 4, 0, line.clock.now().boot + 1000}});
        while (line.sim->status().ack_count == acks) std::this_thread::yield();
        micros.push_back(std::chrono::duration<double, std::micro>(Steady::now() - from).count());
    }
    std::sort(micros.begin(), micros.end());
    std::cout << "want() to command taken, us: p50 " << micros[250] << ", p90 " << micros[450] << ", p99 "
              << micros[495] << ", max " << micros.back() << "\n";
    CHECK(line.counters.value("commands-sent") == 500);
}
