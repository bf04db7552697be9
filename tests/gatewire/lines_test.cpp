#include "gatewire/alarm_line.hpp"
#include "gatewire/container_sides.hpp"

#include <catch2/catch.hpp>

using namespace hefang::codec;

TEST_CASE("alarm lines: what a line says") {
    struct Row {
        const char* why;
        const char* line;
        tl::expected<LineSaid, AlarmRefusal> said;
    };
    const AlarmWords words{{"GA", "ALARM"}, {"GB", "ALARM CLEAR", "SAME"}, {"CPS", "GAMMA", "SAMEX"}, {"HB", "SAME"}};
    const auto refused = [](AlarmRefusal r) { return tl::unexpected(r); };
    using enum AlarmRefusal;
    const auto row = GENERATE_COPY(values<Row>({
        {"an alarm", "GA,000250,000267", LineSaid(AlarmSaid{true})},
        {"no alarm", "GB,000250", LineSaid(AlarmSaid{false})},
        {"of two words the longer one counts", "ALARM CLEAR", LineSaid(AlarmSaid{false})},
        {"and only the whole of it", "ALARM CLEA", LineSaid(AlarmSaid{true})},
        {"a value", "GAMMA 12.5 cps", LineSaid(ValueSaid{"GAMMA", "12.5"})},
        {"a sign", "CPS,-3", LineSaid(ValueSaid{"CPS", "-3"})},
        {"a second point is no part of it", "CPS 1.2.3", LineSaid(ValueSaid{"CPS", "1.2"})},
        {"a full stop is none either", "CPS 12.", LineSaid(ValueSaid{"CPS", "12"})},
        {"the longest value", "CPS 1234567890123456", LineSaid(ValueSaid{"CPS", "1234567890123456"})},
        {"a longer one", "CPS 12345678901234567", refused(no_value)},
        {"no value", "GAMMA --", refused(no_value)},
        {"a sign of life", "HB", LineSaid(LifeSaid{})},
        {"an unknown word is no clear", "gb,000250", refused(unknown_line)},
        {"nothing", "", refused(unknown_line)},
    }));
    INFO(row.why);
    CHECK(decode_alarm_line(row.line, words) == row.said);
    CHECK(decode_alarm_line("X", {{"X"}, {"X"}, {"X"}, {"X"}}) == LineSaid(AlarmSaid{true}));
}

TEST_CASE("container sides: the line of one passage") {
    struct Row {
        const char* why;
        std::string line;
        tl::expected<std::vector<SideRead>, SidesRefusal> sides;
    };
    const auto refused = [](SidesRefusal r) { return tl::unexpected(r); };
    using enum SidesRefusal;
    const std::string eight = "a=1;b=1;c=1;d=1;e=1;f=1;g=1;h=1";
    const auto row = GENERATE_COPY(values<Row>({
        {"two sides", "left=CSQU3054383;right=CSQ U305438 3",
         std::vector<SideRead>{{"left", "CSQU3054383"}, {"right", "CSQU3054383"}}},
        {"a side that read nothing", "left=", std::vector<SideRead>{{"left", ""}}},
        {"nothing", "", refused(bad_side)},
        {"no name", "=A", refused(bad_side)},
        {"no text", "left", refused(bad_side)},
        {"no clean text", "left=\xFF", refused(bad_side)},
        {"a name that is too long", std::string(17, 'n') + "=A", refused(bad_side)},
        {"a text that is too long", "left=" + std::string(33, 'A'), refused(bad_side)},
        {"a side twice", "left=A;left=A", refused(same_side)},
        {"too many", eight + ";i=1", refused(too_many_sides)},
        {"a line that is too long", "left=" + std::string(508, ' '), refused(line_too_long)},
    }));
    INFO(row.why);
    CHECK(decode_sides(row.line) == row.sides);
    CHECK(decode_sides(eight).value().size() == most_sides);
    CHECK(decode_sides("n2345678901234567=A").error() == bad_side);
    CHECK(decode_sides("n234567890123456=" + std::string(32, 'A')));
    CHECK(decode_sides(encode_sides({{"l", "A"}, {"r", ""}})) == std::vector<SideRead>{{"l", "A"}, {"r", ""}});
}

TEST_CASE("container sides: a number counts when two sides agree and its check digit is right") {
    struct Row {
        const char* why;
        const char* line;
        Agreement agreement;
        std::vector<std::string> numbers;
    };
    using enum Agreement;
    const auto row = GENERATE(values<Row>({
        {"two agree", "l=CSQU3054383;r=CSQU3054383;b=", agreed, {"CSQU3054383"}},
        {"one against two", "l=CSQU3054383;r=CSQU3054383;b=MWCU6059784", agreed, {"CSQU3054383"}},
        {"a truck with two containers",
         "l1=CSQU3054383;l2=MWCU6059784;r1=CSQU3054383;r2=MWCU6059784",
         agreed,
         {"CSQU3054383", "MWCU6059784"}},
        {"remainder 10 is the digit 0", "l=TGHU0000040;r=TGHU0000040", agreed, {"TGHU0000040"}},
        {"remainder 0 as well", "l=TGHU7599330;r=TGHU7599330", agreed, {"TGHU7599330"}},
        {"three containers: something is wrong",
         "a=CSQU3054383;b=MWCU6059784;c=CBHU3202732;d=CSQU3054383;e=MWCU6059784;f=CBHU3202732",
         too_many_numbers,
         {}},
        {"one side alone", "l=CSQU3054383", sides_differ, {}},
        {"two sides differ", "l=CSQU3054383;r=CSQU305438", sides_differ, {}},
        {"two agree on a wrong check digit", "l=CSQU3054384;r=CSQU3054384", check_digit_wrong, {}},
        {"an O for a 0 is not repaired", "l=CSQU3O54383;r=CSQU3O54383", check_digit_wrong, {}},
        {"nor small letters", "l=csqu3054383;r=csqu3054383", check_digit_wrong, {}},
        {"no category U, J or Z", "l=CSQA3054383;r=CSQA3054383", check_digit_wrong, {}},
        {"nothing read", "l=;r=", nothing_read, {}},
    }));
    INFO(row.why);
    const auto sides = decode_sides(row.line);
    REQUIRE(sides);
    CHECK(agree(*sides) == Containers{row.agreement, row.numbers});
}
