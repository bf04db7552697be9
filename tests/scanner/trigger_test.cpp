#include "scanner/trigger.hpp"

#include "scanner/commanded.hpp"
#include "scanner/scanner.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::driver;
using hefang::test::Commanded;
using hefang::test::Stage;
using reading::CodesRead;

namespace {

ScannerSettings reader(const char* protocol, std::map<std::string, std::string> said) {
    return scanner_settings(
        {DeviceId("reader-1"), "scanner", protocol, link::TcpListenAddress{"x", 1}, std::move(said)});
}

std::string texts(const Stage& stage) {
    std::string out;
    for (const auto& read : stage.posted.all<CodesRead>())
        out += (out.empty() ? "" : " ") + (read.codes.empty() ? "-" : read.codes.front().text);
    return out;
}

}  // namespace

TEST_CASE("trigger: one look after the other") {
    using Act = TriggerCycle::Act;
    TriggerCycle cycle({"on", "off", std::chrono::milliseconds(5'000), std::chrono::milliseconds(200)});
    const BootTime t0{1'000};
    cycle.begin(t0);
    CHECK(cycle.act(t0) == Act::on);
    CHECK(cycle.act(t0) == Act::none);
    CHECK(cycle.due() == t0 + 5'000);
    cycle.obeyed(true, t0 + 10);
    CHECK(cycle.act(t0 + 4'999) == Act::none);
    CHECK(cycle.act(t0 + 5'000) == Act::off);
    CHECK(cycle.act(t0 + 5'999) == Act::none);
    SECTION("nothing came: it is broken") { CHECK(cycle.act(t0 + 6'000) == Act::broken); }
    SECTION("what it saw came") {
        cycle.answered(t0 + 5'100);
        CHECK(cycle.act(t0 + 5'299) == Act::none);
        CHECK(cycle.act(t0 + 5'300) == Act::on);
    }
    SECTION("only that the look has ended: it lives") {
        cycle.obeyed(true, t0 + 5'100);
        CHECK(cycle.act(t0 + 6'099) == Act::none);
        CHECK(cycle.act(t0 + 6'100) == Act::on);
    }
}

TEST_CASE("trigger: a command that is refused is given again after a second, not at once") {
    TriggerCycle cycle({"on", "off"});
    cycle.begin({0});
    CHECK(cycle.act({0}) == TriggerCycle::Act::on);
    cycle.obeyed(false, {5});
    CHECK(cycle.act({1'004}) == TriggerCycle::Act::none);
    CHECK(cycle.act({1'005}) == TriggerCycle::Act::on);
}

TEST_CASE("trigger: what the gateway tells each maker's reader, and what it makes of the answers") {
    struct Row {
        const char* why;
        const char* protocol;
        std::map<std::string, std::string> said;
        std::string answer;  // 50 ms after the first command
        const char* told;
        const char* read;
    };
    const std::map<std::string, std::string> gateway{{"trigger", "gateway"}};
    const auto row = GENERATE_COPY(values<Row>({
        {"no trigger unless asked for", "keyence-sr", {}, "WB1\r", "", "WB1"},
        {"Keyence", "keyence-sr", gateway, "OK,LON\rWB1\r", "0 LON 250 LON", "WB1"},
        {"Keyence, nothing there: no parcel need have been, so it is none", "keyence-sr", gateway, "ERROR\r",
         "0 LON 250 LON", ""},
        {"Keyence, refused", "keyence-sr", gateway, "ER,LON,22\r", "0 LON 1050 LON", ""},
        {"DataMan", "cognex-dataman", gateway, "||[0]\r\nWB1\r\n", "0 ||>TRIGGER ON 250 ||>TRIGGER ON", "WB1"},
        {"SICK", "sick-clv", gateway, "\x02sAN mTCgateon 1\x03\x02WB1\x03", "0 sMN mTCgateon 250 sMN mTCgateon", "WB1"},
        {"a text of the site's own", "hikrobot", {{"trigger_on", "start"}}, "WB1\r\n", "0 start 250 start", "WB1"},
        {"damaged data: something was seen, so it is a no-read", "keyence-sr", gateway, "W\x01\r", "0 LON 250 LON",
         "-"},
    }));
    INFO(row.why);
    Stage stage;
    Commanded device(stage);
    stage.script.say(row.answer, 50).silence();
    ScannerDriver driver(reader(row.protocol, row.said), device.endpoint());
    (void)driver.live(stage.context);
    CHECK(device.told() == row.told);
    CHECK(texts(stage) == row.read);
}

TEST_CASE("trigger: a look without answer is ended, and a reader that says nothing then is lost") {
    Stage stage;
    Commanded device(stage);
    stage.script.silence().silence().say("WB1\r", 10);
    ScannerDriver driver(reader("keyence-sr", {{"trigger", "gateway"}, {"look_ms", "500"}}), device.endpoint());
    const auto end = driver.live(stage.context);
    CHECK(end.code == Errc::timeout);
    CHECK_THAT(end.detail, Catch::Contains("answers no trigger"));
    CHECK(device.told() == "0 LON 500 LOFF");
    (void)driver.live(stage.context);  // the next life begins with a look of its own
    CHECK(device.told() == "0 LON 500 LOFF 1500 LON");
    CHECK(texts(stage) == "WB1");
}

TEST_CASE("trigger: half a telegram of a reader that is then lost does not join the next") {
    Stage stage;
    Commanded device(stage);
    stage.script.silence().say("WB", 10).silence();  // a look without answer, half a telegram, and then nothing
    ScannerDriver driver(reader("keyence-sr", {{"trigger", "gateway"}, {"look_ms", "100"}, {"gap_ms", "2000"}}),
                         device.endpoint());
    CHECK(driver.live(stage.context).code == Errc::timeout);
    CHECK(texts(stage) == "-");
    stage.script.say("3\r", 10).say("WB4\r", 10);
    (void)driver.live(stage.context);
    CHECK(texts(stage) == "- - WB4");
}

TEST_CASE("trigger: no command goes out before the line was silent for a gap") {
    Stage stage;
    Commanded device(stage);
    stage.script.silence().say("WB1\r\n", 10);
    ScannerDriver driver(scanner_settings({DeviceId("reader-1"),
                                           "scanner",
                                           "generic",
                                           link::TcpAddress{"x", 1},
                                           {{"trigger_on", "T"}, {"gap_ms", "300"}}}),
                         device.endpoint());
    (void)driver.live(stage.context);
    CHECK(device.told() == "300 T");
    CHECK(texts(stage) == "WB1");
}

TEST_CASE("trigger: a command that cannot be sent ends the life of the link") {
    Stage stage;
    Commanded device(stage);
    device.deaf = true;
    ScannerDriver driver(reader("keyence-sr", {{"trigger", "gateway"}}), device.endpoint());
    CHECK(driver.live(stage.context).code == Errc::unreachable);
}

TEST_CASE("acknowledge: each telegram that was handed on is answered, one that was cut is not") {
    Stage stage;
    Commanded device(stage);
    stage.script.say("\x02WB1\x03", 20).say("\x02WB", 20).silence().say("\x02WB2\x03", 20);
    ScannerDriver driver(reader("zebra-stx-etx", {{"gap_ms", "100"}}), device.endpoint());
    (void)driver.live(stage.context);
    CHECK(device.told() == "20 ACK 160 ACK");
    CHECK(texts(stage) == "WB1 - WB2");
}
