#include "scale/scale.hpp"

#include "catalog/catalog.hpp"
#include "played/played.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::driver;
using hefang::test::Stage;
using reading::WeightQuality;
using reading::WeightRead;

namespace {

ScaleSettings settings(const char* protocol, std::map<std::string, std::string> said = {}) {
    return scale_settings({DeviceId("scale-1"), "scale", protocol, link::SerialAddress{"/dev/x"}, std::move(said)});
}

std::string toledo(std::int64_t grams, bool motion = false, bool over = false, bool not_zeroed = false) {
    return codec::encode_toledo({Grams{grams}, {}, Grams{5}, false, motion, over, not_zeroed}, 3,
                                codec::Checksum::required);
}

std::string line(const char* protocol, std::int64_t grams, codec::Rest rest = codec::Rest::stable) {
    return codec::encode_line({Grams{grams}, Grams{1}, rest}, *codec::line_layout(protocol), 3);
}

/// The frame of a load at rest, in any protocol of a scale.
std::string frame_of(const std::string& protocol, std::int64_t grams) {
    if (protocol == "toledo-continuous") return toledo(grams);
    if (protocol == "xk3190") return codec::encode_yaohua(Grams{grams}, 3);
    if (protocol == "xk3190-eq-reversed") return codec::encode_eq(Grams{grams}, 3, codec::EqOrder::reversed);
    if (protocol == "xk3190-eq-forward") return codec::encode_eq(Grams{grams}, 3, codec::EqOrder::forward);
    return line(protocol.c_str(), grams);
}

/// `n` frames, 50 ms apart.
void frames(Stage& stage, const std::string& frame, int n) {
    for (; n > 0; --n) stage.script.say(frame, 50);
}

std::vector<WeightRead> lived(Stage& stage, ScaleDriver& driver) {
    (void)driver.live(stage.context);
    CHECK(stage.script.finished());
    return stage.posted.all<WeightRead>();
}

}  // namespace

TEST_CASE("scale: one parcel is one stable weight") {
    Stage stage;
    frames(stage, toledo(0), 3);
    frames(stage, toledo(600, true), 4);
    frames(stage, toledo(1235), 30);
    frames(stage, toledo(0), 10);
    frames(stage, toledo(2500), 30);
    ScaleDriver driver(settings("toledo-continuous"), stage.endpoint());
    const auto read = lived(stage, driver);
    REQUIRE(read.size() == 2);
    // Three empty and four moving frames, then the window of 400 ms.
    CHECK(read[0] == WeightRead{DeviceId("scale-1"), {1'000'000 + 50 * 8 + 400}, Grams{1235}, WeightQuality::stable});
    CHECK(read[1].grams == Grams{2500});
    CHECK(stage.counters.value("frames") == 77);
    CHECK(stage.counters.value("stable") == 2);
    CHECK(stage.alive == 77);
}

TEST_CASE("scale: the defaults weigh at every frame rate of the makers' manuals") {
    struct Row {
        const char* why;
        const char* protocol;
        std::int64_t every;  // ms between two frames
    };
    const auto row = GENERATE(values<Row>({
        {"Toledo, 18 bytes at 9600 baud", "toledo-continuous", 19},
        {"Toledo at 20 a second", "toledo-continuous", 50},
        {"Toledo at 10 a second", "toledo-continuous", 100},
        {"old Toledo models: about 7 a second", "toledo-continuous", 143},
        {"Toledo, 18 bytes at 1200 baud", "toledo-continuous", 150},
        {"Toledo, 18 bytes at 600 baud", "toledo-continuous", 300},
        {"XK3190, 12 bytes at 9600 baud", "xk3190", 13},
        {"XK3190, 12 bytes at 2400 baud", "xk3190", 50},
        {"XK3190, 12 bytes at 1200 baud", "xk3190", 100},
        {"XK3190, 12 bytes at 600 baud", "xk3190", 200},
        {"XK3190, 9 bytes at 9600 baud", "xk3190-eq-reversed", 10},
        {"XK3190, 9 bytes at 600 baud", "xk3190-eq-forward", 150},
        {"A&D, 18 bytes at 9600 baud", "and-indicator", 19},
        {"A&D, 18 bytes at 600 baud", "and-indicator", 300},
        {"A&D balance, 17 bytes at 2400 baud", "and-balance", 71},
        {"CAS, 22 bytes at 9600 baud", "cas-continuous", 23},
        {"CAS, 22 bytes at 600 baud", "cas-continuous", 367},
        {"Dini, 19 bytes at 9600 baud", "dini-continuous", 20},
        {"Dini, 19 bytes at 1200 baud", "dini-continuous", 159},
    }));
    INFO(row.why);
    Stage stage;
    for (const std::int64_t grams : {0, 1235, 0, 2500}) {
        const auto frame = frame_of(row.protocol, grams);
        for (std::int64_t at = 0; at < 2'000; at += row.every) stage.script.say(frame, row.every);
    }
    ScaleDriver driver(settings(row.protocol), stage.endpoint());
    const auto read = lived(stage, driver);
    REQUIRE(read.size() == 2);
    CHECK(read[0].grams == Grams{1235});
    CHECK(read[1].grams == Grams{2500});
    for (const auto& weight : read) CHECK(weight.quality == WeightQuality::stable);
}

TEST_CASE("scale: what lay on it when the cable was pulled is not said hours later") {
    Stage stage;
    frames(stage, toledo(1235, true), 5);
    ScaleDriver driver(settings("toledo-continuous"), stage.endpoint());
    CHECK(lived(stage, driver).empty());
    stage.clock.boot = stage.clock.boot + 3'600'000;
    frames(stage, toledo(0), 5);
    frames(stage, toledo(800), 30);
    const auto read = lived(stage, driver);
    REQUIRE(read.size() == 1);
    CHECK(read[0].grams == Grams{800});
}

TEST_CASE("scale: another parcel that lies on it when the cable is back is weighed") {
    Stage stage;
    frames(stage, toledo(1235), 30);
    ScaleDriver driver(settings("toledo-continuous"), stage.endpoint());
    CHECK(lived(stage, driver).size() == 1);
    stage.clock.boot = stage.clock.boot + 5'000;
    frames(stage, toledo(2500), 30);
    const auto read = lived(stage, driver);
    REQUIRE(read.size() == 2);
    CHECK(read[1].grams == Grams{2500});
}

TEST_CASE("scale: what the indicator says is not at rest is not weighed") {
    Stage stage;
    frames(stage, toledo(1235, true), 60);
    frames(stage, toledo(0), 5);
    ScaleDriver driver(settings("toledo-continuous"), stage.endpoint());
    const auto read = lived(stage, driver);
    REQUIRE(read.size() == 1);
    CHECK(read[0].quality == WeightQuality::unstable);
    CHECK(read[0].grams == Grams{1235});
}

TEST_CASE("scale: over capacity, below zero, not zeroed") {
    Stage over;
    frames(over, toledo(0, false, true), 60);
    frames(over, toledo(0), 5);
    ScaleDriver a(settings("toledo-continuous"), over.endpoint());
    const auto read = lived(over, a);
    REQUIRE(read.size() == 1);
    CHECK(read[0].quality == WeightQuality::overload);
    CHECK(read[0].grams == Grams{0});

    Stage under;
    frames(under, toledo(-1, false, true), 60);
    ScaleDriver b(settings("toledo-continuous"), under.endpoint());
    CHECK(lived(under, b).empty());

    Stage cold;
    frames(cold, toledo(1235, false, false, true), 60);
    ScaleDriver c(settings("toledo-continuous"), cold.endpoint());
    CHECK(lived(cold, c).empty());
    CHECK(cold.counters.value("not-zeroed") == 60);
}

TEST_CASE("scale: a line's own word of rest has a say, in every layout") {
    for (const auto& layout : codec::line_layouts()) {
        CAPTURE(layout.name);
        const std::string protocol(layout.name);
        Stage moving;
        frames(moving, line(protocol.c_str(), 1235, codec::Rest::motion), 60);
        frames(moving, line(protocol.c_str(), 0), 5);
        ScaleDriver a(settings(protocol.c_str()), moving.endpoint());
        const auto read = lived(moving, a);
        REQUIRE(read.size() == 1);
        CHECK(read[0].quality == WeightQuality::unstable);
        CHECK(read[0].grams == Grams{1235});

        Stage over;
        frames(over, line(protocol.c_str(), 0, codec::Rest::over), 60);
        frames(over, line(protocol.c_str(), 0), 5);
        ScaleDriver b(settings(protocol.c_str()), over.endpoint());
        const auto too_much = lived(over, b);
        REQUIRE(too_much.size() == 1);
        CHECK(too_much[0].quality == WeightQuality::overload);
        CHECK(too_much[0].grams == Grams{0});
    }
    Stage under;
    frames(under, line("dini-continuous", 0, codec::Rest::under), 60);
    ScaleDriver c(settings("dini-continuous"), under.endpoint());
    CHECK(lived(under, c).empty());
    CHECK(under.counters.value("frames") == 60);
}

TEST_CASE("scale: lines that are refused are counted by their reason and are no sign of life") {
    struct Row {
        const char* why;
        const char* protocol;
        const char* line;
        const char* counter;
    };
    const auto row = GENERATE(values<Row>({
        {"no line end", "and-indicator", "00000000000000000000000000000000000000000000000000000000000000000",
         "refused-too-long"},
        {"a byte lost", "and-indicator", "ST,GS,+ 1.240kg\r\n", "refused-bad-layout"},
        {"another scale's", "dini-continuous", "01ST,GS,   1.240,kg\r\n", "refused-other-address"},
        {"a number of pieces", "and-balance", "QT,+00000123 PC\r\n", "refused-other-status"},
        {"a tare", "and-indicator", "ST,TR,+  1.240kg\r\n", "refused-other-kind"},
        {"blanks", "and-indicator", "ST,GS,+         \r\n", "refused-no-digits"},
        {"a letter among the digits", "and-indicator", "ST,GS,+  1.2O0kg\r\n", "refused-bad-number"},
        {"pounds", "cas-continuous", "ST,GS,1\xC4,   1.240 lb\r\n", "refused-other-unit"},
        {"beyond any scale", "and-indicator", "ST,GS,99999999 t\r\n", "refused-too-large"},
        {"a frame cut short", "xk3190-eq-forward", "=0003.00=", "refused-bad-layout"},
    }));
    INFO(row.why);
    Stage stage;
    frames(stage, row.line, 50);
    ScaleDriver driver(settings(row.protocol), stage.endpoint());
    const auto end = driver.live(stage.context);
    CHECK_THAT(end.detail, Catch::Contains("check protocol"));
    CHECK(stage.counters.value(row.counter) >= 1);
    CHECK(stage.counters.value("frames") == 0);
    CHECK(stage.posted.all<WeightRead>().empty());
    CHECK(stage.alive == 0);
}

TEST_CASE("scale: an address that is configured is the one that is heard") {
    Stage stage;
    for (int i = 0; i < 30; ++i) {
        stage.script.say("02ST,GS,   9.995,kg\r\n", 25);
        stage.script.say("07ST,GS,   1.235,kg\r\n", 25);
    }
    ScaleDriver driver(settings("dini-continuous", {{"address", "7"}}), stage.endpoint());
    const auto read = lived(stage, driver);
    REQUIRE(read.size() == 1);
    CHECK(read[0].grams == Grams{1235});
    CHECK(stage.counters.value("refused-other-address") == 30);
}

TEST_CASE("scale: the window is short only where the indicator says itself that it rests") {
    for (const auto& row : catalog()) {
        if (row.kind != "scale" || row.protocol == "modbus") continue;
        CAPTURE(row.protocol);
        const bool alone = row.protocol.substr(0, 6) == "xk3190";
        CHECK(settings(std::string(row.protocol).c_str()).rule.window_ms == (alone ? 1000 : 400));
    }
}

TEST_CASE("scale: XK3190 derives rest from the stream alone") {
    Stage stage;
    frames(stage, codec::encode_yaohua(Grams{0}, 3), 3);
    frames(stage, codec::encode_yaohua(Grams{1235}, 3), 20);  // 950 ms of rest
    ScaleDriver driver(settings("xk3190", {{"interval_g", "5"}}), stage.endpoint());
    CHECK(lived(stage, driver).empty());
    frames(stage, codec::encode_yaohua(Grams{1240}, 3), 1);  // one interval of flicker
    const auto read = lived(stage, driver);
    REQUIRE(read.size() == 1);
    CHECK(read[0].grams == Grams{1235});
    CHECK(read[0].quality == WeightQuality::stable);
}

TEST_CASE("scale: without interval_g the display's own step decides what rest is") {
    for (const bool told : {false, true}) {
        CAPTURE(told);
        Stage stage;
        for (int i = 0; i < 60; ++i) frames(stage, codec::encode_yaohua(Grams{i % 2 == 0 ? 1235 : 1240}, 3), 1);
        std::map<std::string, std::string> said;
        if (told) said["interval_g"] = "5";
        ScaleDriver driver(settings("xk3190", said), stage.endpoint());
        CHECK(lived(stage, driver).size() == (told ? 1U : 0U));
    }
}

TEST_CASE("scale: a wrong checksum is no weight and is counted, unless told to let it pass") {
    auto wrong = codec::encode_yaohua(Grams{1235}, 3);
    wrong[10] = wrong[10] == '0' ? '1' : '0';
    for (const bool lenient : {false, true}) {
        CAPTURE(lenient);
        Stage stage;
        frames(stage, wrong, 30);
        ScaleDriver driver(settings("xk3190", {{"checksum", lenient ? "log_only" : "required"}}), stage.endpoint());
        CHECK(lived(stage, driver).size() == (lenient ? 1U : 0U));
        CHECK(stage.counters.value("refused-bad-checksum") == 30);
    }
}

TEST_CASE("scale: silence and noise both end the life, each with its own words") {
    struct Row {
        const char* why;
        std::string bytes;
        const char* says;
    };
    const auto row = GENERATE(values<Row>({
        {"nothing comes", "", "silent"},
        {"bytes come, but no frame among them", "xxxx", "check protocol"},
    }));
    INFO(row.why);
    Stage stage;
    if (!row.bytes.empty()) {
        for (int i = 0; i < 20; ++i) stage.script.say(row.bytes, 100);
    } else {
        stage.script.silence();
    }
    ScaleDriver driver(settings("toledo-continuous"), stage.endpoint());
    const auto end = driver.live(stage.context);
    CHECK(end.code == Errc::timeout);
    CHECK_THAT(end.detail, Catch::Contains(row.says));
    CHECK(stage.clock.boot == BootTime{1'002'000});
    CHECK(stage.script.finished());
    CHECK(stage.alive == 0);
}

TEST_CASE("scale: a scale that falls silent is not blamed for noise") {
    Stage stage;
    stage.script.say(toledo(0)).silence();
    ScaleDriver driver(settings("toledo-continuous"), stage.endpoint());
    CHECK(driver.live(stage.context).detail == "the scale is silent");
}

TEST_CASE("scale: a frame just within the silence limit keeps it alive") {
    Stage stage;
    stage.script.say(toledo(0)).say(toledo(0), 1999).say(toledo(0), 1999);
    ScaleDriver driver(settings("toledo-continuous"), stage.endpoint());
    CHECK(driver.live(stage.context).code == Errc::closed);
    CHECK(stage.alive == 3);
}

TEST_CASE("scale: a pulled cable does not weigh a parcel twice, nor join half frames") {
    Stage stage;
    frames(stage, toledo(1235), 30);
    stage.script.say(toledo(1235).substr(0, 9));
    ScaleDriver driver(settings("toledo-continuous"), stage.endpoint());
    CHECK(lived(stage, driver).size() == 1);
    stage.clock.boot = stage.clock.boot + 5'000;
    frames(stage, toledo(1235), 30);
    CHECK(lived(stage, driver).size() == 1);
    CHECK(stage.counters.value("frames") == 60);
    frames(stage, toledo(0), 5);
    frames(stage, toledo(800), 30);
    CHECK(lived(stage, driver).size() == 2);
}
