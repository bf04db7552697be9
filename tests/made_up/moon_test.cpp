#include "bytes/feed.hpp"
#include "bytes/hex.hpp"
#include "driver/supervisor.hpp"
#include "made_up/moon_scale.hpp"
#include "made_up/moon_sim.hpp"
#include "played/played.hpp"

#include <filesystem>
#include <thread>

#include <catch2/catch.hpp>
#include <unistd.h>

/// The device of docs/adding-a-device.md: what is quoted there compiles, and passes.
using namespace hefang;
using namespace hefang::codec;
using namespace std::chrono_literals;

TEST_CASE("a Moon frame: every kind, and why another is refused") {
    struct Row {
        const char* why;
        std::string frame;
        std::vector<MoonWeight> weights;
        std::vector<MoonRefusal> refused;
    };
    const auto row = GENERATE(values<Row>({
        {"at rest, as the manual shows it", bytes("02 53 2B 30 30 31 32 33 35 37 44 03"), {{Grams{1235}}}, {}},
        {"in motion, below zero", moon_frame({Grams{-5}, true}), {{Grams{-5}, true}}, {}},
        {"overload: the digits mean nothing", bytes("02 4F 2B 39 39 39 39 39 39 36 34 03"), {{{}, false, true}}, {}},
        {"a wrong digit", bytes("02 53 2B 30 30 31 32 33 36 37 44 03"), {}, {MoonRefusal::bad_checksum}},
        {"a blank among the digits", bytes("02 53 2B 20 30 31 32 33 35 36 44 03"), {}, {MoonRefusal::bad_layout}},
        {"another word of state", bytes("02 58 2B 30 30 31 32 33 35 37 36 03"), {}, {MoonRefusal::bad_layout}},
        {"no sign", bytes("02 53 30 30 30 31 32 33 35 36 36 03"), {}, {MoonRefusal::bad_layout}},
        {"too short", bytes("02 53 2B 30 03"), {}, {MoonRefusal::bad_length}},
        {"too long", bytes("02 53 2B 30 30 31 32 33 35 37 44 0D 03"), {}, {MoonRefusal::bad_length}},
    }));
    INFO(row.why);
    for (const bool by_byte : {false, true}) {
        MoonParser parser;
        const auto stream = std::string("garbage") + row.frame + row.frame;  // two frames in one read
        const auto out = by_byte ? feed_by_byte(parser, stream) : parser.feed(stream);
        CHECK(out.weights.size() == 2 * row.weights.size());
        CHECK(out.refused.size() == 2 * row.refused.size());
        for (const auto& weight : out.weights) CHECK(weight == row.weights.at(0));
        for (const auto refusal : out.refused) CHECK(refusal == row.refused.at(0));
    }
}

TEST_CASE("a Moon frame that is cut anywhere is refused, and the next one is taken") {
    const auto frame = moon_frame({Grams{1235}});
    for (std::size_t cut = 1; cut < frame.size(); ++cut) {
        MoonParser parser;
        const auto out = parser.feed(frame.substr(0, cut) + frame);
        CHECK(out.refused == std::vector{MoonRefusal::bad_length});
        CHECK(out.weights == std::vector<MoonWeight>{{Grams{1235}}});
    }
    MoonParser parser;
    (void)parser.feed(noise(1'000'000, 7));
    CHECK(parser.held() < MoonParser::frame_length);
}

TEST_CASE("a Moon scale over a real line, through a wrong checksum and a pulled cable") {
    const auto name = std::filesystem::temp_directory_path() / ("hefang-moon-" + std::to_string(::getpid()));
    hil::MoonSim sim(hil::PtyWire::open(name).value());
    const SystemClock clock;
    test::Posted posted;
    driver::Supervisor supervisor(clock, {1ms, 8ms});
    const auto link = link::parse_link(sim.address()).value();
    const driver::DeviceConfig config{DeviceId("scale-1"), "scale", "moon", link, {{"interval_g", "5"}}};
    supervisor.add(config, std::move(driver::moon_rows().front().make(config, {}).value().driver), posted);
    supervisor.start();
    const auto sends_until = [&](const auto& reached) {
        for (int i = 0; i < 2'000 && !reached(); ++i) {
            (void)sim.tick();
            std::this_thread::sleep_for(5ms);
        }
        return reached();
    };
    const auto counted = [&](std::string_view counter) {
        const auto status = supervisor.status().at(0);
        for (const auto& row : status.counters)
            if (row.name == counter) return row.value;
        return std::uint64_t{0};
    };
    const auto weighed = [&](std::size_t count) {
        return sends_until([&] { return posted.all<reading::WeightRead>().size() >= count; });
    };
    sim.put(Grams{1235});
    REQUIRE(weighed(1));
    sim.wrong_checksum();
    REQUIRE(sends_until([&] { return counted("refused-bad-checksum") == 1; }));
    sim.unplug();
    REQUIRE(posted.wait_for<reading::DeviceLost>(1));
    REQUIRE(sim.plug());
    sim.put(Grams{0});  // what rests through a short loss is the same load: it has to leave first
    const auto frames = counted("frames");
    REQUIRE(sends_until([&] { return counted("frames") > frames + 40; }));
    sim.put(Grams{800});
    REQUIRE(weighed(2));
    supervisor.stop();
    CHECK(posted.all<reading::WeightRead>().size() == 2);
    CHECK(posted.all<reading::WeightRead>()[0].grams == Grams{1235});
    CHECK(posted.all<reading::WeightRead>()[1].grams == Grams{800});
}
