#include "scale/scale.hpp"

#include "base/text.hpp"
#include "catalog/catalog.hpp"
#include "played/played.hpp"
#include "weight/toledo.hpp"
#include "weight/yaohua.hpp"
#include "weight/yaohua_eq.hpp"

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

std::string toledo(std::int64_t grams, codec::Rest rest = codec::Rest::stable) {
    return codec::encode_toledo({Grams{grams}, Grams{5}, rest}, 3, codec::Checksum::required);
}

std::string line(std::string_view protocol, std::int64_t grams, codec::Rest rest = codec::Rest::stable) {
    return codec::encode_line({Grams{grams}, Grams{1}, rest}, *codec::line_layout(protocol), 3);
}

/// The frame of a load at rest, in a protocol that is sent by itself.
std::string frame_of(const std::string& protocol, std::int64_t grams) {
    if (protocol == "toledo-continuous") return toledo(grams);
    if (protocol == "xk3190") return codec::encode_yaohua(Grams{grams}, 3);
    if (const auto* form = codec::eq_form(protocol)) return codec::encode_eq(Grams{grams}, 3, *form);
    return line(protocol, grams);
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
    frames(stage, toledo(600, codec::Rest::motion), 4);
    frames(stage, toledo(1235), 30);
    frames(stage, toledo(0), 10);
    frames(stage, toledo(2500), 30);
    ScaleDriver driver(settings("toledo-continuous"), stage.endpoint());
    const auto read = lived(stage, driver);
    REQUIRE(read.size() == 2);
    // Three empty and four moving frames, then the window of 400 ms.
    CHECK(read[0] == WeightRead{DeviceId("scale-1"),
                                {1'000'000 + 50 * 8 + 400},
                                Grams{1235},
                                WeightQuality::stable,
                                {"kg", false, Grams{0}, false, to_hex(toledo(1235)), "", false}});
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
        {"Rice Lake, 14 bytes at 9600 baud", "rice-lake", 15},
        {"Sartorius, 16 bytes at 1200 baud", "sartorius", 133},
        {"A12, 15 bytes at 1200 baud", "xk3190-a12", 125},
        {"XK315, 8 bytes at 600 baud", "xk315-eq", 133},
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
    frames(stage, toledo(1235, codec::Rest::motion), 5);
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
    frames(stage, toledo(1235, codec::Rest::motion), 60);
    frames(stage, toledo(0), 5);
    ScaleDriver driver(settings("toledo-continuous"), stage.endpoint());
    const auto read = lived(stage, driver);
    REQUIRE(read.size() == 1);
    CHECK(read[0].quality == WeightQuality::unstable);
    CHECK(read[0].grams == Grams{1235});
}

TEST_CASE("scale: over capacity, below zero, not zeroed") {
    Stage over;
    frames(over, toledo(0, codec::Rest::over), 60);
    frames(over, toledo(0), 5);
    ScaleDriver a(settings("toledo-continuous"), over.endpoint());
    const auto read = lived(over, a);
    REQUIRE(read.size() == 1);
    CHECK(read[0].quality == WeightQuality::overload);
    CHECK(read[0].grams == Grams{0});

    Stage under;
    frames(under, toledo(0, codec::Rest::under), 60);
    ScaleDriver b(settings("toledo-continuous"), under.endpoint());
    CHECK(lived(under, b).empty());

    Stage cold;
    frames(cold, toledo(1235, codec::Rest::not_zeroed), 60);
    ScaleDriver c(settings("toledo-continuous"), cold.endpoint());
    CHECK(lived(cold, c).empty());
    CHECK(cold.counters.value("not-zeroed") == 60);
}

TEST_CASE("scale: a line's own word of rest has a say, in every layout") {
    for (const auto& layout : codec::line_layouts()) {
        CAPTURE(layout.name);
        const std::string protocol(layout.name);
        const auto* row = scale_protocol(protocol);
        REQUIRE(row != nullptr);
        if (row->ask != nullptr || !row->says_rest) continue;
        const bool whole = protocol.find("whole") != std::string::npos;
        const std::int64_t load = whole ? 12'000 : 1235;
        const auto shown = [&](std::int64_t grams, codec::Rest rest = codec::Rest::stable) {
            return codec::encode_line({Grams{grams}, Grams{1}, rest}, layout, whole ? 0 : 3);
        };
        Stage moving;
        frames(moving, shown(load, codec::Rest::motion), 60);
        frames(moving, shown(0), 5);
        ScaleDriver a(settings(protocol.c_str()), moving.endpoint());
        const auto read = lived(moving, a);
        REQUIRE(read.size() == 1);
        CHECK(read[0].quality == WeightQuality::unstable);
        CHECK(read[0].grams == Grams{load});

        Stage over;
        frames(over, shown(0, codec::Rest::over), 60);
        frames(over, shown(0), 5);
        ScaleDriver b(settings(protocol.c_str()), over.endpoint());
        const auto too_much = lived(over, b);
        REQUIRE(too_much.size() == 1);
        CHECK(too_much[0].quality == WeightQuality::overload);
        CHECK(too_much[0].grams == Grams{0});
        CHECK(too_much[0].record == reading::WeightRecord{});
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
        const bool alone = row.protocol.substr(0, 3) == "xk3";
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

TEST_CASE("scale: a display that shows net where gross is due, or the other way, is no weight to use") {
    struct Row {
        const char* why;
        const char* shows;
        bool net;
        WeightQuality want;
    };
    const auto row = GENERATE(values<Row>({
        {"gross, as is due without a word", "", false, WeightQuality::stable},
        {"net, because somebody set a tare", "", true, WeightQuality::wrong_tare},
        {"gross, as configured", "gross", false, WeightQuality::stable},
        {"net, as configured: parcels lie in trays", "net", true, WeightQuality::stable},
        {"gross, because the tare of the tray is gone", "net", false, WeightQuality::wrong_tare},
    }));
    INFO(row.why);
    Stage stage;
    const auto shown = [&](std::int64_t grams) {
        const codec::Indication w{
            .grams = Grams{grams}, .digit = Grams{5}, .net = row.net, .tare = Grams{200}, .preset = true};
        return codec::encode_toledo(w, 3, codec::Checksum::required);
    };
    frames(stage, shown(1235), 30);
    std::map<std::string, std::string> said;
    if (*row.shows != '\0') said["shows"] = row.shows;
    ScaleDriver driver(settings("toledo-continuous", said), stage.endpoint());
    const auto read = lived(stage, driver);
    REQUIRE(read.size() == 1);
    CHECK(read[0].quality == row.want);
    CHECK(read[0].record == reading::WeightRecord{"kg", row.net, Grams{200}, true, to_hex(shown(1235)), "", false});
    CHECK(stage.counters.value(row.want == WeightQuality::stable ? "stable" : "wrong-tare") == 1);
}
