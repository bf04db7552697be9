#include "io/wiring.hpp"

#include <array>

#include <catch2/catch.hpp>

using namespace hefang;
using driver::input_wires;
using driver::output_wires;

namespace {
const auto& flashes = *codec::board::map_named("waveshare-relay");
const auto& plain = *codec::board::map_named("relay-8");
}  // namespace

TEST_CASE("what hangs on the inputs") {
    struct Row {
        std::vector<std::string> lines;
        const char* says;  // nothing: good
    };
    const auto row = GENERATE(values<Row>({
        {{"0 loop nc", "7 chute-full-3 no"}, ""},
        {{}, ""},
        {{"0 loop"}, "an input reads"},
        {{"0 loop xx"}, "an input reads"},
        {{""}, "an input reads"},
        {{"8 loop nc"}, "the channel is one of 0 to 7"},
        {{"-1 loop nc"}, "the channel is one of 0 to 7"},
        {{"x loop nc"}, "the channel is one of 0 to 7"},
        {{"0 Loop nc"}, "a name is"},
        {{"0 a2345678901234567890123456789012 nc"}, ""},
        {{"0 a23456789012345678901234567890123 nc"}, "a name is"},
        {{"0 loop nc", "0 eye nc"}, "channel 0 is taken by loop"},
        {{"0 loop nc", "1 loop nc"}, "the name stands twice"},
    }));
    CAPTURE(row.lines);
    const auto wires = input_wires(row.lines, flashes);
    const std::string says = wires ? "" : wires.error().detail;
    CHECK(wires.has_value() == std::string(row.says).empty());
    CHECK(says.find(row.says) != std::string::npos);
}

TEST_CASE("nc is active while the circuit is open") {
    const auto wires = input_wires({"0 loop nc", "1 full no"}, flashes).value();
    const std::array<std::uint8_t, 2> open{0, 0}, closed{1, 1};
    CHECK(is_active(wires[0], open));
    CHECK_FALSE(is_active(wires[0], closed));
    CHECK_FALSE(is_active(wires[1], open));
    CHECK(is_active(wires[1], closed));
}

TEST_CASE("an output that the board cannot end by itself has to be named so, and may not open anything") {
    CHECK(output_wires({"0 lamp"}, flashes));
    CHECK_FALSE(output_wires({"0 lamp stays"}, flashes));
    CHECK(output_wires({"0 lamp stays"}, plain));
    CHECK_FALSE(output_wires({"0 lamp"}, plain));
    CHECK(output_wires({"0 open"}, flashes));
    const auto open = output_wires({"0 open-gate stays"}, plain);
    REQUIRE_FALSE(open);
    CHECK(open.error().detail.find("nothing may stay open") != std::string::npos);
    CHECK_FALSE(output_wires({"0 lamp sometimes"}, flashes));
    CHECK_FALSE(output_wires({"8 lamp"}, flashes));
    CHECK_FALSE(output_wires({"0 lamp", "0 horn"}, flashes));
}
