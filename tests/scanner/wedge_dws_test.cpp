#include "played/played.hpp"
#include "scanner/scanner.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::driver;
using hefang::test::Stage;
using reading::CodesRead;
using reading::WeightRead;

namespace {

using Said = std::map<std::string, std::string>;

ScannerSettings wedge(Said said = {}) {
    return wedge_settings({DeviceId("reader-1"), "scanner", "wedge", link::HidAddress{"/dev/x"}, std::move(said)});
}
ScannerSettings dws(Said said = {}) {
    return dws_settings({DeviceId("dws-1"), "dws", "", link::TcpListenAddress{"x", 1}, std::move(said)});
}
ScannerSettings plain(Said said) {
    return scanner_settings({DeviceId("r"), "scanner", "", link::TcpListenAddress{"x", 1}, std::move(said)});
}

std::string texts(const Stage& stage) {
    std::string out;
    for (const auto& read : stage.posted.all<CodesRead>())
        out += (out.empty() ? "" : " ") + (read.codes.empty() ? "-" : read.codes.front().text);
    return out;
}

std::string typed(std::string_view text) { return codec::encode_typed(text, true); }
std::string event(std::uint16_t type, std::uint16_t code, std::int32_t value) {
    return codec::encode_event({type, code, value});
}

}  // namespace

TEST_CASE("wedge driver: what is typed up to ENTER or TAB is a telegram") {
    struct Row {
        const char* why;
        Said said;
        std::string text;
        const char* read;
    };
    const auto row = GENERATE(values<Row>({
        {"ENTER", {}, "SF1\rSF2\r", "SF1 SF2"},
        {"TAB", {}, "SF1\tSF2\t", "SF1 SF2"},
        {"TAB and ENTER are one end", {}, "SF1\t\rSF2\t\r", "SF1 SF2"},
        {"ENTER alone may end: a TAB in a code is none", {{"suffix", "enter"}}, "SF1\rA\tB\r", "SF1 -"},
        {"GS by Ctrl-]",
         {},
         "01\x1D"
         "21\r",
         "01\u241D21"},
        {"GS by two characters", {{"gs", "^]"}}, "01^]21\r", "01\u241D21"},
        {"AIM", {{"aim", "true"}}, "]C1SF1\r", "SF1"},
        {"a no-read that the reader types", {}, "NoRead\r", "-"},
    }));
    INFO(row.why);
    Stage stage;
    stage.script.silence().say(typed(row.text), 10);
    ScannerDriver driver(wedge(row.said), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(texts(stage) == row.read);
}

TEST_CASE("wedge driver: without an end key, silence is the end") {
    Stage stage;
    stage.script.silence().say(typed("SF1"), 10).say(typed("2"), 100).say(typed("SF3"), 101).silence();
    ScannerDriver driver(wedge({{"suffix", "none"}}), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(texts(stage) == "SF12 SF3");
    CHECK(stage.posted.all<CodesRead>()[0].at == BootTime{1'000'000 + 100 + 110});
}

TEST_CASE("wedge driver: lost events, unknown keys and noise are a no-read, never a shorter number") {
    struct Row {
        const char* why;
        std::string events;
        const char* counter;
    };
    const auto row = GENERATE(values<Row>({
        {"the kernel's buffer ran over", typed("SF1") + event(0, 3, 0) + event(0, 0, 0) + typed("2\r"),
         "refused-events-lost"},
        {"a key that stands for nothing", typed("SF1") + event(1, 103, 1) + typed("2\r"), "refused-unknown-key"},
        {"bytes that are no events", typed("SF1") + std::string(24, '\xFF') + typed("2\r"), "refused-not-an-event"},
    }));
    INFO(row.why);
    Stage stage;
    stage.script.silence().say(row.events, 10).say(typed("SF9\r"), 10);
    ScannerDriver driver(wedge(), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(texts(stage) == "- SF9");
    CHECK(stage.counters.value(row.counter) == 1);
}

TEST_CASE("wedge driver: events lost between two parcels are told as a parcel that passed") {
    Stage stage;
    stage.script.silence().say(event(0, 3, 0) + event(0, 0, 0), 10).silence().say(typed("SF9\r"), 10);
    ScannerDriver driver(wedge(), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(texts(stage) == "- -");  // what came next may be its rest
}

TEST_CASE("wedge driver: a Shift whose release was missed ends with the pause after the telegram") {
    struct Row {
        const char* why;
        std::int64_t pause;
        const char* read;
    };
    const auto row = GENERATE(values<Row>({
        {"within a telegram's pauses it is held", 100, "SF A"},
        {"one millisecond longer", 101, "SF a"},
    }));
    INFO(row.why);
    Stage stage;
    stage.script.silence().say(typed("SF\r") + event(1, 42, 1), 10).say(typed("a\r"), row.pause);
    ScannerDriver driver(wedge(), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(texts(stage) == row.read);
}

TEST_CASE("wedge driver: opened in the middle of a scan, its rest is no number; unplugged, neither is its begin") {
    Stage stage;
    stage.script.say(typed("12\r"), 5).say(typed("SF9\r"), 10).say(typed("SF1"), 10);
    ScannerDriver driver(wedge(), stage.endpoint());
    CHECK(driver.live(stage.context).code == Errc::closed);
    CHECK(texts(stage) == "- SF9 -");
    stage.script.silence().say(typed("2\r"), 10).say(typed("SF3\r"), 10);
    (void)driver.live(stage.context);
    CHECK(texts(stage) == "- SF9 - - SF3");
}

TEST_CASE("a reader without suffix: silence is the end, and its length where it is known") {
    Stage stage;
    stage.script.say("WB1", 10).say("WB2", 2'001).say("WB", 2'001).silence();
    ScannerDriver driver(plain({{"suffix", "none"}, {"length", "3"}}), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(texts(stage) == "WB1 WB2 -");
    CHECK(stage.counters.value("refused-wrong-length") == 1);
    CHECK(stage.posted.all<CodesRead>()[0].at == BootTime{1'000'010});

    Stage cut;
    cut.script.say("WB", 10);  // and the link ends: nobody knows whether that was all
    ScannerDriver other(plain({{"suffix", "none"}}), cut.endpoint());
    (void)other.live(cut.context);
    CHECK(texts(cut) == "-");
}

TEST_CASE("dws driver: one line gives the codes and the weight of one parcel, in this order, of one moment") {
    Stage stage;
    stage.script.say("WB1,1.250,300,200,150,9,t\r\n", 40);
    ScannerDriver driver(dws(), stage.endpoint());
    (void)driver.live(stage.context);
    const BootTime at{1'000'040};
    CHECK(stage.posted.readings() ==
          std::vector<reading::Reading>{CodesRead{DeviceId("dws-1"), at, {}, {{"WB1", ""}}},
                                        WeightRead{DeviceId("dws-1"), at, 1250_g, reading::WeightQuality::stable}});
    CHECK(stage.counters.value("weights") == 1);
    CHECK(stage.counters.value("sizes") == 1);
}

TEST_CASE("dws driver: what is missing is missing, and what cannot be used is a no-read") {
    struct Row {
        const char* why;
        Said said;
        const char* line;
        const char* read;
        std::size_t weights;
        const char* counter;
    };
    const Said three{{"fields", "weight\nbarcode\n-"},
                     {"separator", ";"},
                     {"code_separator", "/"},
                     {"weight_unit", "g"},
                     {"decimal", "comma"}};
    const auto row = GENERATE_COPY(values<Row>({
        {"as the site says", three, "1250,0;WB1;x", "WB1", 1, "weights"},
        {"not weighed: no weight, not one of zero", three, "0;WB1;x", "WB1", 0, "codes"},
        {"a weight that is none", three, "ERR;WB1;x", "WB1", 0, "refused-bad-weight"},
        {"not read, but weighed", three, "1250;noread;x", "-", 1, "no-reads"},
        {"a field too many", three, "1250;WB1;x;y", "-", 0, "refused-field-count"},
        {"a heartbeat", {{"ignore", "HB"}}, "HB", "", 0, "ignored"},
        {"two codes", three, "1250;WB1/WB2;x", "WB1", 1, "codes"},
    }));
    INFO(row.why);
    Stage stage;
    stage.script.say(std::string(row.line) + "\r\n");
    ScannerDriver driver(dws(row.said), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(texts(stage) == row.read);
    CHECK(stage.posted.all<WeightRead>().size() == row.weights);
    CHECK(stage.counters.value(row.counter) > 0);
}
