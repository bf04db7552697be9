#include "scanner/scanner.hpp"

#include "played/played.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::driver;
using hefang::test::Stage;
using reading::CodesRead;

namespace {

ScannerSettings settings(std::map<std::string, std::string> said = {},
                         link::LinkAddress at = link::TcpListenAddress{"x", 1}) {
    said.try_emplace("gap_ms", "100");
    return scanner_settings({DeviceId("reader-1"), "scanner", "", std::move(at), std::move(said)});
}

/// The codes of each reading, "-" for a no-read.
std::string texts(const Stage& stage) {
    std::string out;
    for (const auto& read : stage.posted.all<CodesRead>()) {
        out += out.empty() ? "" : " ";
        for (const auto& code : read.codes) out += code.text;
        if (read.codes.empty()) out += "-";
    }
    return out;
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
    CHECK(stage.alive == 3);
    CHECK(stage.links == 5);  // the opening and four reads
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

TEST_CASE("scanner: a telegram cut by silence is a no-read at once, and its rest never a number") {
    struct Row {
        const char* why;
        std::int64_t pause;
        const char* begin;
        const char* rest;
        const char* read;
        std::uint64_t cut;
        std::uint64_t no_begin;
    };
    const auto row = GENERATE(values<Row>({
        {"as long as the gap is a telegram's own pause", 100, "123", "456\r", "123456 WB9", 0, 0},
        {"one millisecond longer", 101, "123", "456\r", "- - WB9", 1, 1},
        {"a minute: once cut, however long it takes", 60'000, "123", "456\r", "- - WB9", 1, 1},
        {"the second of two waybills must not stand alone", 101, "WB1,", "WB2\r", "- - WB9", 1, 1},
        {"between CR and LF nothing is cut", 101, "WB1\r", "\n", "WB1 WB9", 0, 0},
        {"the next parcel's telegram could be the rest: two parcels, two no-reads", 101, "WB1", "WB2\r", "- - WB9", 1,
         1},
        {"its end alone is the same parcel", 101, "WB1", "\r\n", "- WB9", 1, 0},
        {"no end at all, parcel after parcel", 101, "WB1", "WB2", "- - -", 2, 1},
    }));
    INFO(row.why);
    Stage stage;
    stage.script.say(row.begin).say(row.rest, row.pause).say("WB9\r", 1000);
    ScannerDriver driver(settings({{"separator", ","}}), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(stage.script.finished());
    CHECK(texts(stage) == row.read);
    CHECK(stage.counters.value("refused-cut-short") == row.cut);
    CHECK(stage.counters.value("refused-no-begin") == row.no_begin);
}

TEST_CASE("scanner: the no-read of a cut telegram is of the moment of its last byte, said once and without its end") {
    Stage stage;
    stage.script.say("WB", 50).say("1", 20).silence().silence().silence();
    ScannerDriver driver(settings(), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(stage.posted.all<CodesRead>() == std::vector<CodesRead>{{DeviceId("reader-1"), {1'000'070}, {}, {}}});
    CHECK(stage.counters.value("unreadable") == 1);
    CHECK(stage.alive == 0);
}

TEST_CASE("scanner: half a telegram before a break of the link does not join the next, nor may its rest stand alone") {
    Stage stage;
    stage.script.say("123");
    ScannerDriver driver(settings(), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(texts(stage) == "-");  // a parcel passed, whatever comes later
    stage.script.say("456\r").say("WB9\r");
    (void)driver.live(stage.context);
    CHECK(texts(stage) == "- - WB9");
    CHECK(stage.counters.value("refused-cut-short") == 1);
    CHECK(stage.counters.value("refused-no-begin") == 1);
}

TEST_CASE("scanner: a line is joined wherever it is, also behind a device server") {
    struct Row {
        const char* why;
        link::LinkAddress at;
        std::int64_t quiet;
        const char* read;
    };
    const auto row = GENERATE(values<Row>({
        {"opened in the middle of a telegram", link::SerialAddress{"/dev/x"}, 0, "- WB9"},
        {"just within the gap", link::SerialAddress{"/dev/x"}, 100, "- WB9"},
        {"silent for the gap: a telegram begins", link::SerialAddress{"/dev/x"}, 101, "WB1 WB9"},
        {"a device server, in the middle of a telegram", link::TcpAddress{"x", 1}, 0, "- WB9"},
        {"a device server, silent for the gap", link::TcpAddress{"x", 1}, 101, "WB1 WB9"},
        {"a reader that dials in begins with a telegram", link::TcpListenAddress{"x", 1}, 0, "WB1 WB9"},
    }));
    INFO(row.why);
    Stage stage;
    stage.script.say("WB1\r\n", row.quiet).say("WB9\r\n", 50);
    ScannerDriver driver(settings({}, row.at), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(texts(stage) == row.read);
}

TEST_CASE("scanner: a device server is joined anew on every connection, also after a whole telegram") {
    Stage stage;
    ScannerDriver driver(settings({{"separator", ","}}, link::TcpAddress{"x", 1}), stage.endpoint());
    stage.script.silence().say("WB1\r");
    (void)driver.live(stage.context);
    stage.script.say("WB3\r").say("WB4\r");  // of "WB2,WB3" the first went by while nobody was connected
    (void)driver.live(stage.context);
    CHECK(texts(stage) == "WB1 - WB4");
}

TEST_CASE("scanner: a telegram that cannot be used is a no-read, bytes that form none are not") {
    struct Row {
        const char* why;
        const char* suffix;
        std::string bytes;
        const char* read;
        const char* counter;
    };
    const auto row = GENERATE(values<Row>({
        {"its prefix is damaged", "crlf", "?A\r\n#B\r\n", "- B", "refused-no-prefix"},
        {"too long: said at its end", "crlf", "#" + std::string(5000, 'x') + "\r\n#B\r\n", "- B", "refused-too-long"},
        {"too long, and no end ever", "crlf", "#" + std::string(5000, 'x'), "-", "refused-too-long"},
        {"a new STX before the ETX", "stx-etx", "\x02#A\x02#B\x03", "- B", "refused-cut-short"},
        {"an ETX whose STX never came", "stx-etx", "A\x03\x02#B\x03", "- B", "refused-no-begin"},
        {"noise between frames", "stx-etx", "xx\x02#B\x03yy", "B", "refused-outside-frame"},
    }));
    INFO(row.why);
    Stage stage;
    stage.script.say(row.bytes);
    ScannerDriver driver(settings({{"prefix", "#"}, {"suffix", row.suffix}}), stage.endpoint());
    (void)driver.live(stage.context);
    CHECK(texts(stage) == row.read);
    CHECK(stage.counters.value(row.counter) > 0);
}

TEST_CASE("scanner: on trial a link counts when it has stood so long, or at the first word") {
    Stage quiet;
    quiet.context.trial = std::chrono::milliseconds(4'000);
    quiet.script.silence().silence();
    ScannerDriver a(settings(), quiet.endpoint());
    (void)a.live(quiet.context);
    CHECK(quiet.script.finished());
    CHECK(quiet.links == 1);
    CHECK(quiet.clock.boot == BootTime{1'000'000 + 4'000 + 60'000});

    Stage hangs_up;
    hangs_up.context.trial = std::chrono::milliseconds(4'000);
    ScannerDriver b(settings(), hangs_up.endpoint());
    (void)b.live(hangs_up.context);
    CHECK(hangs_up.links == 0);

    Stage speaks;
    speaks.context.trial = std::chrono::milliseconds(4'000);
    speaks.script.say("WB1\r", 3'999);
    ScannerDriver c(settings(), speaks.endpoint());
    (void)c.live(speaks.context);
    CHECK(speaks.alive == 1);
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
