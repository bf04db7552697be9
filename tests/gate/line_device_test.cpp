#include "gate/line_device.hpp"

#include "bytes/feed.hpp"
#include "gate/admission.hpp"
#include "played/played.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::driver;
using hefang::test::Stage;
using reading::AlarmState;
using reading::ContainerRead;
using reading::ValueRead;

namespace {

AlarmLineSettings portal() {
    return alarm_line_settings({DeviceId("rpm-1"),
                                "radiation-portal",
                                "text-lines",
                                link::TcpAddress{"x", 1},
                                {{"alarm", "GA\nNA"}, {"clear", "GB"}, {"reading", "CPS"}, {"ignore", "HB"}}});
}

/// "alarm clear": the states that were posted.
std::string states(const Stage& stage) {
    std::string out;
    for (const auto& s : stage.posted.all<AlarmState>())
        out += (out.empty() ? "" : " ") + std::string(s.alarm ? "alarm" : "clear");
    return out;
}

}  // namespace

TEST_CASE("admission: what is told of what is seen") {
    Counters counters;
    SECTION("once within the window, and again after it was away for so long") {
        Admission a({std::chrono::milliseconds(1'000), 600});
        CHECK(a.admits("x", {0}, counters));
        CHECK_FALSE(a.admits("x", {999}, counters));
        CHECK_FALSE(a.admits("x", {1'998}, counters));  // it never was away
        CHECK(a.admits("x", {2'998}, counters));
        CHECK(a.admits("y", {2'998}, counters));
        CHECK(counters.value("repeated") == 2);
    }
    SECTION("each time without a window") {
        Admission a({std::chrono::milliseconds(0), 600});
        CHECK(a.admits("x", {5}, counters));
        CHECK(a.admits("x", {5}, counters));
    }
    SECTION("no more than so many a minute, and the refused one may come again") {
        Admission a({std::chrono::milliseconds(1'000), 2});
        CHECK(a.admits("1", {60'000}, counters));
        CHECK(a.admits("2", {60'000}, counters));
        CHECK_FALSE(a.admits("3", {119'999}, counters));
        CHECK(a.admits("3", {120'000}, counters));
        CHECK(counters.value("refused-rate") == 1);
    }
    SECTION("bounded, the one longest ago goes first") {
        Admission a({std::chrono::milliseconds(1'000'000), 1'000'000});
        for (std::size_t i = 0; i <= Admission::most_known; ++i)
            CHECK(a.admits(std::to_string(i), {static_cast<std::int64_t>(i)}, counters));
        CHECK(a.admits("0", {5'000}, counters));
        CHECK_FALSE(a.admits(std::to_string(Admission::most_known), {5'000}, counters));
    }
}

TEST_CASE("portal: its state is said at its first word, and on change") {
    Stage stage;
    stage.script.say("cut off\r\n").say("GB,1\r\nGB,1\r\n").say("GA,9\r\nNA,3\r\n", 100).say("GB,1\r\n", 2'999);
    stage.script.say("GB,1\r\n", 1).say("GA,9\r\n", 1);
    AlarmLineDriver driver(portal(), stage.endpoint());
    CHECK(driver.live(stage.context).code == Errc::closed);
    CHECK(states(stage) == "clear alarm clear alarm");  // a clear 2999 ms after the last alarm is none
    CHECK(stage.posted.all<AlarmState>()[1].said == "GA,9");
    CHECK(stage.counters.value("alarm-lines") == 3);
    CHECK(stage.counters.value("clear-lines") == 4);
}

TEST_CASE("portal: each life says it anew, and an alarm before the loss is not forgotten at once") {
    Stage stage;
    stage.script.say("GA\r\n");
    AlarmLineDriver driver(portal(), stage.endpoint());
    (void)driver.live(stage.context);
    stage.script.say("HB\r\nGB\r\n", 10).say("GB\r\n", 2'990);
    (void)driver.live(stage.context);
    CHECK(states(stage) == "alarm clear");
    stage.script.say("HB\r\nGB\r\n");
    (void)driver.live(stage.context);
    CHECK(states(stage) == "alarm clear clear");
}

TEST_CASE("portal: what is no word of it changes nothing, and silence ends the life") {
    Stage stage;
    stage.script.say("HB\r\ngarbage\r\nCPS 12.5\r\nCPS 13\r\nCPS\r\nHB\r\n").silence();
    AlarmLineDriver driver(portal(), stage.endpoint());
    CHECK(driver.live(stage.context).code == Errc::timeout);
    CHECK(states(stage).empty());
    const auto values = stage.posted.all<ValueRead>();
    REQUIRE(values.size() == 1);  // one a minute of a channel
    CHECK(values[0].channel == "CPS");
    CHECK(values[0].value == "12.5");
    CHECK(stage.counters.value("refused-unknown-line") == 1);
    CHECK(stage.counters.value("refused-line-without-value") == 1);
    CHECK(stage.counters.value("life-lines") == 1);
}

TEST_CASE("portal: bytes without a line are no sign that it speaks") {
    Stage stage;
    for (int i = 0; i < 30; ++i) stage.script.say("x", 1'000);
    AlarmLineDriver driver(portal(), stage.endpoint());
    CHECK(driver.live(stage.context).code == Errc::timeout);
    CHECK_FALSE(stage.script.finished());
}

TEST_CASE("portal: lines without a meaning are no sign that it speaks either") {
    Stage stage;
    stage.script.say("HB\r\nGB\r\n");
    for (int i = 0; i < 30; ++i) stage.script.say("?\r\n", 1'000);
    AlarmLineDriver driver(portal(), stage.endpoint());
    CHECK(driver.live(stage.context).code == Errc::timeout);
    CHECK_FALSE(stage.script.finished());
}

TEST_CASE("portal: the first line may be the rest of another: an alarm counts, a clear does not") {
    Stage stage;
    stage.script.say("GB\r\n");
    AlarmLineDriver driver(portal(), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(states(stage).empty());
    stage.script.say("GA\r\n");
    (void)driver.live(stage.context);
    CHECK(states(stage) == "alarm");
}

TEST_CASE("portal: a megabyte without end is counted") {
    Stage stage;
    stage.script.say("HB\r\n");
    stage.script.say(std::string(std::size_t{1} << 20, 'x') + "\r\nGB\r\n");
    AlarmLineDriver driver(portal(), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(states(stage) == "clear");
    CHECK(stage.counters.value("refused-too-long") >= 1);
}

TEST_CASE("container cameras: the line of a passage becomes a reading, with or without a number") {
    Stage stage;
    stage.script.say("HB\r\nl=CSQU3054383;r=CSQU3054383\r\n").say("l=CSQU3054383;r=CSQU3054383\r\n", 4'999);
    stage.script.say("l=CSQU3054384;r=CSQU3054384\r\nnonsense\r\n");
    ContainerReaderDriver driver(
        container_reader_settings({DeviceId("ocr-1"), "container-reader", "side-lines", link::TcpAddress{"x", 1}, {}}),
        stage.endpoint());
    (void)driver.live(stage.context);
    const auto read = stage.posted.all<ContainerRead>();
    REQUIRE(read.size() == 2);
    CHECK(read[0].numbers == std::vector<std::string>{"CSQU3054383"});
    CHECK(read[0].sides == std::vector<std::string>{"l=CSQU3054383", "r=CSQU3054383"});
    CHECK(read[1].numbers.empty());
    CHECK(read[1].agreement == "check-digit-wrong");
    CHECK(stage.counters.value("repeated") == 1);
    CHECK(stage.counters.value("refused-bad-side") == 1);
}
