#include "driver/scanner.hpp"

#include "played.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::driver;
using hefang::test::Stage;
using reading::CodesRead;

namespace {

ScannerSettings settings(std::map<std::string, std::string> said = {}) {
    return scanner_settings({DeviceId("reader-1"), "scanner", "", link::SerialAddress{"/dev/x"}, std::move(said)});
}

}  // namespace

TEST_CASE("scanner: a telegram is a reading, stamped when its last byte was there") {
    Stage stage;
    stage.script.say("SF1", 50).say("2\r", 20).say("\n", 20).say("AB\r\nCD\r\n", 1000);
    ScannerDriver driver(settings(), stage.endpoint());
    const auto end = driver.live(stage.context);
    CHECK(end.code == Errc::closed);
    CHECK(stage.script.finished());
    const auto read = stage.posted.all<CodesRead>();
    REQUIRE(read.size() == 3);
    CHECK(read[0] == CodesRead{DeviceId("reader-1"), {1'000'070}, {}, {{"SF12", ""}}});
    CHECK(read[1] == CodesRead{DeviceId("reader-1"), {1'001'090}, {}, {{"AB", ""}}});
    CHECK(read[2].at == BootTime{1'001'090});
    CHECK(stage.counters.value("telegrams") == 3);
    CHECK(stage.counters.value("bytes") == 14);
    CHECK(stage.alive == 5);  // the opening and four reads
}

TEST_CASE("scanner: what becomes a reading and what only a counter") {
    struct Row {
        const char* why;
        const char* bytes;
        std::size_t readings;
        std::size_t codes;
        const char* counter;
    };
    const auto row = GENERATE(values<Row>({
        {"a code", "7;A\r\n", 1, 1, "codes"},
        {"two codes", "7;A,B\r\n", 1, 2, "codes"},
        {"a no-read is a reading without codes", "7;NoRead\r\n", 1, 0, "no-reads"},
        {"a code that is no UTF-8: a parcel passed, so it is a no-read", "7;\xD4\xCB\r\n", 1, 0, "unreadable"},
        {"and counted by its reason", "7;\xD4\xCB\r\n", 1, 0, "refused-not-utf8"},
        {"no sequence number: a parcel passed all the same", "A\r\n", 1, 0, "refused-bad-sequence"},
        {"a heartbeat is nothing", "ALIVE\r\n", 0, 0, "ignored"},
        {"empty lines are nothing", "\r\n\r\n", 0, 0, "bytes"},
    }));
    INFO(row.why);
    Stage stage;
    stage.script.say(row.bytes);
    ScannerDriver driver(settings({{"separator", ","}, {"sequence", ";"}, {"ignore", "ALIVE"}}), stage.endpoint());
    (void)driver.live(stage.context);
    const auto read = stage.posted.all<CodesRead>();
    REQUIRE(read.size() == row.readings);
    if (!read.empty()) CHECK(read[0].codes.size() == row.codes);
    if (row.codes > 0) CHECK(read[0].sequence == 7);
    CHECK(stage.counters.value(row.counter) > 0);
}

TEST_CASE("scanner: silence within a telegram drops its begin") {
    Stage stage;
    stage.script.say("123").say("456\r", 101).say("78").say("9\r", 99);
    ScannerDriver driver(settings(), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(stage.script.finished());
    const auto read = stage.posted.all<CodesRead>();
    REQUIRE(read.size() == 2);
    CHECK(read[0].codes[0].text == "456");
    CHECK(read[1].codes[0].text == "789");
    CHECK(stage.counters.value("refused-cut-short") == 1);
}

TEST_CASE("scanner: half a telegram before a break of the link does not join the next") {
    Stage stage;
    stage.script.say("123");
    ScannerDriver driver(settings(), stage.endpoint());
    (void)driver.live(stage.context);
    stage.script.say("456\r");
    (void)driver.live(stage.context);
    const auto read = stage.posted.all<CodesRead>();
    REQUIRE(read.size() == 1);
    CHECK(read[0].codes[0].text == "456");
    CHECK(stage.counters.value("refused-cut-short") == 1);
}

TEST_CASE("scanner: silence is no fault unless the site says so") {
    Stage stage;
    stage.script.silence().silence().say("A\r");
    ScannerDriver patient(settings(), stage.endpoint());
    CHECK(patient.live(stage.context).code == Errc::closed);
    CHECK(stage.posted.all<CodesRead>().size() == 1);

    Stage watched;
    watched.script.silence();
    ScannerDriver strict(settings({{"silence_s", "30"}}), watched.endpoint());
    const auto end = strict.live(watched.context);
    CHECK(end.code == Errc::timeout);
    CHECK_THAT(end.detail, Catch::Contains("30 s"));
    CHECK(watched.clock.boot == BootTime{1'030'000});
}

TEST_CASE("scanner: AIM and STX/ETX as configured") {
    Stage stage;
    stage.script.say("\x02]C1ABC\x03\x02\x03");
    ScannerDriver driver(settings({{"aim", "true"}, {"suffix", "stx-etx"}}), stage.endpoint());
    (void)driver.live(stage.context);
    const auto read = stage.posted.all<CodesRead>();
    REQUIRE(read.size() == 2);
    CHECK(read[0].codes == std::vector<reading::Code>{{"ABC", "]C1"}});
    CHECK(read[1].codes.empty());
}
