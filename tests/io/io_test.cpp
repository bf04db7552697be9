#include "io/io.hpp"

#include "hil/board_sim.hpp"
#include "live/live_driver.hpp"

#include <memory>
#include <string>

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace hefang;
using codec::board::map_named;
using driver::IoDriver;
using hil::BoardSim;
using reading::ContactChanged;
using reading::ContactState;

namespace {

const std::vector<driver::InputWire> inputs{{"chute-full", 0, false}, {"photo-eye", 1, true}};

driver::IoSettings settings(const BoardSim& sim, const char* map, std::vector<driver::OutputWire> outputs = {}) {
    driver::IoSettings s;
    s.id = DeviceId("io-1");
    s.link = link::parse_link(sim.address()).value();
    s.map = map_named(map);
    s.inputs = inputs;
    s.outputs = std::move(outputs);
    s.poll_ms = 10;
    s.debounce_ms = 30;
    s.answer_ms = 300;
    return s;
}

struct Rig {
    explicit Rig(const char* map = "waveshare-relay", std::vector<driver::OutputWire> outputs = {{"lamp", 5, false}})
        : sim(BoardSim::listen(*map_named(map), 1).value()),
          io(settings(*sim, map, std::move(outputs)),
             {[this] { return core.load(); }, std::make_shared<link::ModbusLines>()}),
          live(io) {}
    std::optional<ContactChanged> told(const char* contact, ContactState state, std::size_t from = 0) {
        return live.probe.wait<ContactChanged>(
            [&](const ContactChanged& c) { return c.contact == contact && c.state == state; }, from);
    }
    /// `output` for a minute from now.
    void want(const char* output) { io.want({{output, live.clock.now().boot + 60'000}}); }

    std::atomic<bool> core{true};
    std::unique_ptr<BoardSim> sim;
    IoDriver io;
    LiveDriver live;
};

}  // namespace

TEST_CASE("contacts are told as they are found, as they change, and as unknown when the module is gone") {
    Rig rig;
    CHECK(rig.told("chute-full", ContactState::inactive));
    CHECK(rig.told("photo-eye", ContactState::active));  // the circuit is open: blocked, or its cable broke
    rig.sim->set_input(0, true);
    rig.sim->set_input(1, true);
    CHECK(rig.told("chute-full", ContactState::active));
    CHECK(rig.told("photo-eye", ContactState::inactive));
    const auto before = rig.live.probe.count();
    rig.sim->silence(true);
    CHECK(rig.told("chute-full", ContactState::unknown, before));
    CHECK(rig.told("photo-eye", ContactState::unknown, before));
    rig.sim->silence(false);
    CHECK(rig.told("chute-full", ContactState::active, before));
}

TEST_CASE("an output follows what is wanted, as a level") {
    const auto* const map = GENERATE("waveshare-relay", "adam-6060", "relay-8", "relay-8-register", "relay-8-coil-16",
                                     "relay-8-0100", "usr-io808");
    CAPTURE(map);
    const bool stays = !map_named(map)->first_flash;
    Rig rig(map, {{"lamp", 5, stays}});
    rig.want("lamp");
    rig.want("lamp");
    REQUIRE(soon([&] { return rig.sim->output(5); }));
    rig.io.want({});
    CHECK(soon([&] { return !rig.sim->output(5); }));
    CHECK(rig.sim->rises(5) == 1);
    rig.want("horn");  // a name that none has
    CHECK(rig.told("chute-full", ContactState::inactive));
    CHECK_FALSE(rig.sim->output(5));
    CHECK(rig.live.counters.value("readback-wrong") == 0);
}

TEST_CASE("a held output is renewed before its flash ends, and stays on") {
    Rig rig;
    rig.want("lamp");
    REQUIRE(soon([&] { return rig.sim->output(5); }));
    std::this_thread::sleep_for(std::chrono::milliseconds(driver::HeldRelay::flash_ms + 500));
    CHECK(rig.sim->output(5));
    CHECK(rig.sim->rises(5) == 1);
}

TEST_CASE("an output goes off when its time is over, the core stands still, or a stop is requested") {
    Rig rig;
    SECTION("time") {
        rig.io.want({{"lamp", rig.live.clock.now().boot + 300}});
        REQUIRE(soon([&] { return rig.sim->rises(5) == 1; }));
    }
    SECTION("core") {
        rig.want("lamp");
        REQUIRE(soon([&] { return rig.sim->output(5); }));
        rig.core = false;
    }
    SECTION("stop") {
        rig.want("lamp");
        REQUIRE(soon([&] { return rig.sim->output(5); }));
        rig.live.end();
    }
    CHECK(soon([&] { return !rig.sim->output(5); }));
}

TEST_CASE("a relay that does not obey is counted") {
    Rig rig;
    rig.sim->jam(5, false);
    rig.want("lamp");
    CHECK(soon([&] { return rig.live.counters.value("readback-wrong") >= 2; }));
    rig.sim->jam(5, std::nullopt);
    CHECK(soon([&] { return rig.sim->output(5); }));
}

TEST_CASE("an exception of the module ends the conversation, and the next one heals") {
    Rig rig;
    REQUIRE(rig.told("chute-full", ContactState::inactive));
    const auto before = rig.live.probe.count();
    rig.sim->refuse_all(true);
    CHECK(rig.told("chute-full", ContactState::unknown, before));
    rig.sim->refuse_all(false);
    CHECK(rig.told("chute-full", ContactState::inactive, before));
    CHECK(rig.live.ends >= 1);
}

TEST_CASE("a pulse too short for any look shows in the counter of a module that counts") {
    Rig rig("adam-6060", {});
    REQUIRE(rig.told("chute-full", ContactState::inactive));
    REQUIRE(soon([&] {
        rig.sim->set_input(0, true);
        rig.sim->set_input(0, false);
        return rig.live.counters.value("pulses-chute-full") >= 3;
    }));
    CHECK(rig.live.counters.value("pulses-photo-eye") == 0);
}

TEST_CASE("the same over a serial line, unplugged and plugged in again") {
    const std::string name = "/tmp/hefang-io-test-" + std::to_string(::getpid());
    auto sim = BoardSim::on_terminal(*map_named("waveshare-relay"), 7, name).value();
    sim->set_input(1, true);
    auto s = settings(*sim, "waveshare-relay", {{"lamp", 5, false}});
    IoDriver io(s, {[] { return true; }, std::make_shared<link::ModbusLines>()});
    LiveDriver live(io);
    const auto clear = [](const ContactChanged& c) {
        return c.contact == "photo-eye" && c.state == ContactState::inactive;
    };
    CHECK(live.probe.wait<ContactChanged>(clear));
    io.want({{"lamp", live.clock.now().boot + 60'000}});
    REQUIRE(soon([&] { return sim->output(5); }));
    const auto before = live.probe.count();
    sim->unplug();
    CHECK(live.probe.wait<ContactChanged>([](const auto& c) { return c.state == ContactState::unknown; }, before));
    CHECK(soon([&] { return !sim->output(5); }));  // by its own flash: nobody can reach it
    sim->plug();
    CHECK(live.probe.wait<ContactChanged>(clear, before));
    CHECK(soon([&] { return sim->output(5); }));
}
