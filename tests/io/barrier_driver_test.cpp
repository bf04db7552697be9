#include "io/barrier_driver.hpp"

#include "hil/board_sim.hpp"
#include "live/live_driver.hpp"

#include <sys/wait.h>

#include <csignal>
#include <memory>

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace hefang;
using codec::board::map_named;
using driver::BarrierDriver;
using hil::BoardSim;
using reading::BarrierEvent;
using reading::BarrierTold;

namespace {

constexpr int loop = 0, photo_eye = 1, end_open = 2, end_closed = 3, emergency = 4;
constexpr int open_relay = 0, close_relay = 1, stop_relay = 2, green_relay = 3;

driver::BarrierSettings settings(const std::string& address) {
    driver::BarrierSettings s;
    s.id = DeviceId("barrier-1");
    s.link = link::parse_link(address).value();
    s.map = map_named("waveshare-relay");
    s.emergency = emergency;
    s.moves = {.clear_ms = 200, .move_ms = 60'000};
    s.poll_ms = 10;
    return s;
}

/// At rest: closed, nothing there, no emergency.
void rest(BoardSim& sim) {
    for (const int input : {loop, photo_eye, end_closed, emergency}) sim.set_input(input, true);
    sim.set_input(end_open, false);
}
/// The arm is moved to an end.
void arm(BoardSim& sim, int end) {
    sim.set_input(end == end_open ? end_closed : end_open, false);
    sim.set_input(end, true);
}

struct Rig {
    Rig()
        : sim([] {
              auto board = BoardSim::listen(*map_named("waveshare-relay"), 1).value();
              rest(*board);
              return board;
          }()),
          barrier(settings(sim->address()), {[this] { return core.load(); }, std::make_shared<link::ModbusLines>()}),
          live(barrier) {}
    void want(const char* passage) { barrier.want(reading::OpenWish{passage, live.clock.now().boot + 60'000}); }
    std::optional<BarrierTold> told(BarrierEvent event, std::size_t from = 0) {
        return live.probe.wait<BarrierTold>([&](const BarrierTold& t) { return t.event == event; }, from);
    }

    std::atomic<bool> core{true};
    std::unique_ptr<BoardSim> sim;
    BarrierDriver barrier;
    LiveDriver live;
};

}  // namespace

TEST_CASE("one passage through a real board") {
    Rig rig;
    REQUIRE(rig.told(BarrierEvent::closed));
    CHECK_FALSE(rig.sim->output(green_relay));
    rig.want("p-1");
    const auto opening = rig.told(BarrierEvent::opening);
    REQUIRE(opening);
    CHECK(opening->passage == "p-1");
    CHECK(rig.sim->rises(open_relay) == 1);
    CHECK(soon([&] { return !rig.sim->output(open_relay); }));  // a pulse
    CHECK_FALSE(rig.sim->output(green_relay));
    arm(*rig.sim, end_open);
    CHECK(soon([&] { return rig.sim->output(green_relay); }));
    rig.sim->set_input(loop, false);
    REQUIRE(rig.live.probe.wait<reading::ContactChanged>(
        [](const auto& c) { return c.contact == "loop" && c.state == reading::ContactState::active; }));
    rig.sim->set_input(loop, true);
    CHECK(rig.told(BarrierEvent::passed));
    CHECK(rig.told(BarrierEvent::closing));
    CHECK(soon([&] { return !rig.sim->output(green_relay); }));
    arm(*rig.sim, end_closed);
    CHECK(soon([&] { return rig.live.counters.value("closed") == 1; }));
    CHECK(rig.sim->rises(open_relay) == 1);
    CHECK(rig.sim->rises(close_relay) == 1);
    CHECK(rig.live.counters.value("readback-wrong") == 0);
    CHECK(rig.live.counters.value("output-stuck") == 0);
}

TEST_CASE("an obstacle under the closing arm stops it") {
    Rig rig;
    arm(*rig.sim, end_open);
    REQUIRE(rig.told(BarrierEvent::closing));
    rig.sim->set_input(photo_eye, false);
    CHECK(rig.told(BarrierEvent::stopped));
    CHECK(rig.sim->rises(stop_relay) == 1);
}

TEST_CASE("a pulse that does not show is given again and then told") {
    Rig rig;
    REQUIRE(rig.told(BarrierEvent::closed));
    rig.sim->jam(open_relay, false);
    rig.want("p-1");
    CHECK(rig.told(BarrierEvent::fault));
    CHECK(rig.live.counters.value("readback-wrong") == BarrierDriver::pulse_tries);
}

TEST_CASE("a movement relay that is on without a command is switched off and told") {
    Rig rig;
    REQUIRE(rig.told(BarrierEvent::closed));
    rig.sim->jam(open_relay, true);
    CHECK(rig.told(BarrierEvent::fault));
    CHECK(rig.live.counters.value("output-stuck") >= 1);
}

TEST_CASE("a module that is gone makes the barrier unknown, and it moves again only after a new look") {
    Rig rig;
    REQUIRE(rig.told(BarrierEvent::closed));
    rig.sim->silence(true);
    REQUIRE(rig.told(BarrierEvent::unknown));
    rig.want("p-1");
    CHECK(soon([&] { return rig.live.ends >= 2; }));
    CHECK(rig.sim->rises(open_relay) == 0);
    const auto before = rig.live.probe.count();
    rig.sim->silence(false);
    CHECK(rig.told(BarrierEvent::opening, before));
}

TEST_CASE("red as soon as the core stands still") {
    Rig rig;
    rig.want("p-1");
    REQUIRE(rig.told(BarrierEvent::opening));
    arm(*rig.sim, end_open);
    REQUIRE(soon([&] { return rig.sim->output(green_relay); }));
    rig.core = false;
    CHECK(soon([&] { return !rig.sim->output(green_relay); }));
}

TEST_CASE("a core that stands still, and does not listen, never keeps the arm from stopping") {
    Rig rig;
    arm(*rig.sim, end_open);
    REQUIRE(rig.told(BarrierEvent::closing));
    rig.core = false;
    rig.live.probe.deaf = true;  // whoever posts now waits
    rig.sim->set_input(loop, false);
    CHECK(soon([&] { return rig.sim->rises(stop_relay) == 1; }));
    rig.live.probe.deaf = false;
    rig.core = true;
    CHECK(rig.told(BarrierEvent::stopped));
}

#if !defined(__SANITIZE_THREAD__)
TEST_CASE("a killed program leaves no relay energised, whenever it is killed") {
    // Milliseconds after the open end was seen, or before it: in the pulse, between its renewals, in the closing.
    const int after_ms = GENERATE(0, 150, 1200);
    int port_pipe[2];
    REQUIRE(::pipe(port_pipe) == 0);
    const pid_t child = ::fork();  // before this process has any other thread
    REQUIRE(child >= 0);
    if (child == 0) {
        char address[64] = {};
        if (::read(port_pipe[0], address, sizeof address - 1) <= 0) ::_exit(1);
        BarrierDriver barrier(settings(address), {[] { return true; }, std::make_shared<link::ModbusLines>()});
        LiveDriver live(barrier);
        barrier.want(reading::OpenWish{"p-1", live.clock.now().boot + 60'000});
        for (;;) ::pause();
    }
    auto sim = BoardSim::listen(*map_named("waveshare-relay"), 1).value();
    rest(*sim);
    const auto address = sim->address();
    REQUIRE(::write(port_pipe[1], address.data(), address.size()) == static_cast<ssize_t>(address.size()));
    const bool opened = soon([&] { return sim->output(open_relay); });
    if (after_ms > 0) {
        arm(*sim, end_open);
        CHECK(soon([&] { return sim->output(green_relay); }));
        std::this_thread::sleep_for(std::chrono::milliseconds(after_ms));
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    ::close(port_pipe[0]), ::close(port_pipe[1]);
    REQUIRE(opened);
    const auto energised = [&] {
        for (int relay = 0; relay < 8; ++relay)
            if (sim->output(relay)) return true;
        return false;
    };
    CHECK(energised());  // the kill came while something was on
    CHECK(soon([&] { return !energised(); }));
}
#endif
