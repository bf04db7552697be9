#include "telegram/scan_telegram.hpp"

#include <random>

#include <catch2/catch.hpp>

using namespace hefang::codec;

namespace {

using Refusals = std::vector<ScanRefusal>;
using enum ScanRefusal;

struct Cut {
    std::vector<std::string> telegrams;
    Refusals refused;
    friend bool operator==(const Cut&, const Cut&) = default;
};

void add(Cut& cut, const std::vector<ScanFrame>& frames) {
    for (const auto& f : frames) {
        if (f) {
            cut.telegrams.push_back(*f);
        } else {
            cut.refused.push_back(f.error());
        }
    }
}

Cut by_byte(const ScanFraming& framing, std::string_view stream) {
    ScanFramer framer(framing);
    Cut cut;
    for (const char c : stream) add(cut, framer.feed(std::string_view(&c, 1)));
    return cut;
}

const ScanFraming lines{};
const ScanFraming stx_etx{"", "", true, 4096};

ScanTelegram codes(std::initializer_list<const char*> texts) {
    ScanTelegram t;
    for (const auto* text : texts) t.codes.push_back({text, ""});
    return t;
}

}  // namespace

TEST_CASE("telegrams are cut the same however the stream is split") {
    struct Row {
        const char* why;
        ScanFraming framing;
        std::string stream;
        Cut want;
    };
    const auto row = GENERATE(values<Row>({
        {"CR LF", lines, "AAA\r\nBBB\r\n", {{"AAA", "BBB"}, {}}},
        {"CR alone, LF alone", lines, "AAA\rBBB\n", {{"AAA", "BBB"}, {}}},
        {"empty lines are no telegrams", lines, "\r\n\r\nAAA\r\n\n\r", {{"AAA"}, {}}},
        {"no end yet", lines, "AAA", {{}, {}}},
        {"ETX ends",
         {"", "\x03", false, 4096},
         "AAA\x03"
         "BBB\x03",
         {{"AAA", "BBB"}, {}}},
        {"TAB ends", {"", "\t", false, 4096}, "AAA\tBBB\t", {{"AAA", "BBB"}, {}}},
        {"prefix taken off", {"#1:", "\r\n", false, 4096}, "#1:AAA\r\n", {{"AAA"}, {}}},
        {"prefix missing: the tail of a telegram after connecting",
         {"#1:", "\r\n", false, 4096},
         "AA\r\n#1:B\r\n",
         {{"B"}, {no_prefix}}},
        {"prefix alone", {"#1:", "\r\n", false, 4096}, "#1:\r\n", {{""}, {}}},
        {"STX ETX",
         stx_etx,
         "\x02"
         "AAA\x03\x02"
         "BBB\x03",
         {{"AAA", "BBB"}, {}}},
        {"empty between STX and ETX is a telegram", stx_etx, "\x02\x03", {{""}, {}}},
        {"line ends around frames are nothing",
         stx_etx,
         "\x02"
         "AAA\x03\r\n\x02"
         "BBB\x03\r\n",
         {{"AAA", "BBB"}, {}}},
        {"leading half frame",
         stx_etx,
         "AA\x03\x02"
         "BBB\x03",
         {{"BBB"}, {outside_frame, no_begin}}},
        {"an end alone",
         stx_etx,
         "\x03\x02"
         "B\x03",
         {{"B"}, {no_begin}}},
        {"each run outside counts once",
         stx_etx,
         "xx\x02"
         "A\x03yy\x02"
         "B\x03",
         {{"A", "B"}, {outside_frame, outside_frame}}},
        {"a new STX cuts the frame before",
         stx_etx,
         "\x02"
         "AA\x02"
         "BBB\x03",
         {{"BBB"}, {cut_short}}},
        {"NUL and FF are content here",
         lines,
         std::string("A\0\xFF"
                     "B\r",
                     5),
         {{std::string("A\0\xFF"
                       "B",
                       4)},
          {}}},
        {"longest", {"", "\r", false, 4}, "AAAA\rB\r", {{"AAAA", "B"}, {}}},
        {"one more than the longest", {"", "\r", false, 4}, "AAAAA\rB\r", {{"B"}, {too_long, no_begin}}},
        {"much more than the longest is refused once",
         {"", "\r", false, 4},
         std::string(99, 'A') + "\rB\r",
         {{"B"}, {too_long, no_begin}}},
        {"too long between STX and ETX",
         {"", "", true, 4},
         "\x02"
         "AAAAAA\x03\x02"
         "B\x03",
         {{"B"}, {too_long, no_begin}}},
        {"too long, then a new STX",
         {"", "", true, 4},
         "\x02"
         "AAAAAA\x02"
         "B\x03",
         {{"B"}, {too_long, cut_short}}},
    }));
    INFO(row.why);
    CHECK(by_byte(row.framing, row.stream) == row.want);
    for (std::size_t n = 0; n <= row.stream.size(); ++n) {
        CAPTURE(n);
        ScanFramer framer(row.framing);
        Cut cut;
        add(cut, framer.feed(std::string_view(row.stream).substr(0, n)));
        add(cut, framer.feed(std::string_view(row.stream).substr(n)));
        CHECK(cut == row.want);
    }
}

TEST_CASE("what follows on a begin that was dropped is never a telegram") {
    struct Row {
        const char* why;
        ScanFraming framing;
        std::string begin;
        bool dropped;
        std::string rest;
        Cut want;
    };
    const ScanFraming hash{"#", "\r\n", false, 4096};
    const ScanFraming brief{"", "\r", false, 4};
    const auto row = GENERATE_COPY(values<Row>({
        {"nothing begun: nothing dropped", lines, "", false, "WB1\r\n", {{"WB1"}, {}}},
        {"the tail would be a number of its own", lines, "SF123", true, "4567\r\nWB2\r\n", {{"WB2"}, {no_begin}}},
        {"the second of two waybills", lines, "WB1,", true, "WB2\r\n", {{}, {no_begin}}},
        {"the end came: whole", lines, "WB1\r", false, "\nWB2\r\n", {{"WB1", "WB2"}, {}}},
        {"only the end is missing: it is the dropped one's own", lines, "WB1", true, "\r\nWB2\r\n", {{"WB2"}, {}}},
        {"one byte more may be another's", lines, "WB1", true, "2\r\nWB3\r\n", {{"WB3"}, {no_begin}}},
        {"the rest never comes: the next one pays", lines, "WB", true, "WB2\rWB3\r", {{"WB3"}, {no_begin}}},
        {"a tail that begins like a prefix", hash, "#1", true, "#2\r#3\r", {{"3"}, {no_begin}}},
        {"a tail longer than the longest", brief, "A", true, "BBBBBBBB\rC\r", {{"C"}, {no_begin}}},
        {"after an overlong one", brief, "AAAAA", true, "B\rC\r", {{"C"}, {too_long, no_begin}}},
        {"an overlong one's end", brief, "AAAAA", true, "\rC\r", {{"C"}, {too_long}}},
        {"STX ETX",
         stx_etx,
         "\x02"
         "12",
         true,
         "34\x03\x02"
         "B\x03",
         {{"B"}, {outside_frame, no_begin}}},
        {"STX ETX: an ETX alone may be of another whose STX is lost",
         stx_etx,
         "\x02"
         "12",
         true,
         "\x03",
         {{}, {no_begin}}},
        {"STX ETX, overlong",
         {"", "", true, 4},
         "\x02"
         "AAAAA",
         true,
         "\x02"
         "B\x03",
         {{"B"}, {too_long}}},
        {"STX ETX, the rest never comes",
         stx_etx,
         "\x02",
         true,
         "\x02"
         "B\x03",
         {{"B"}, {}}},
    }));
    INFO(row.why);
    ScanFramer framer(row.framing);
    Cut cut;
    add(cut, framer.feed(row.begin));
    CHECK(framer.halfway() == row.dropped);
    CHECK(framer.drop() == row.dropped);
    CHECK_FALSE(framer.halfway());
    CHECK_FALSE(framer.drop());  // silence for ever is one drop
    add(cut, framer.feed(row.rest));
    CHECK(cut == row.want);
}

TEST_CASE("whatever is heard before a silence and has no end is dropped once more") {
    ScanFramer framer(lines);
    for (const auto* piece : {"WB1", "WB2", "WB3"}) {
        INFO(piece);
        CHECK(framer.feed(piece).empty());
        CHECK(framer.halfway());
        CHECK(framer.drop());
        CHECK_FALSE(framer.halfway());
    }
    CHECK(framer.feed("\r\nWB4\r\n") == std::vector<ScanFrame>{"WB4"});
    CHECK_FALSE(framer.drop());

    framer.join_midway();
    CHECK(framer.feed("567").empty());
    CHECK(framer.drop());
}

TEST_CASE("a stream that is joined in the middle of a telegram begins with the next one") {
    ScanFramer framer(lines);
    framer.join_midway();
    Cut cut;
    add(cut, framer.feed("4567\r\nWB2\r\n"));
    CHECK(cut == Cut{{"WB2"}, {no_begin}});

    ScanFramer at_its_end(lines);
    at_its_end.join_midway();
    Cut end;
    add(end, at_its_end.feed("\r\nWB2\r\n"));
    CHECK(end == Cut{{"WB2"}, {no_begin}});  // of it nobody has told

    ScanFramer framed(stx_etx);
    framed.join_midway();
    Cut between;
    add(between, framed.feed("4567\x03\x02"
                             "B\x03"));
    CHECK(between == Cut{{"B"}, {outside_frame, no_begin}});

    ScanFramer overlong({"", "", true, 4});
    Cut after;
    add(after, overlong.feed("\x02"
                             "AAAAA"));
    overlong.join_midway();
    add(after, overlong.feed("B\x03"));
    CHECK(after == Cut{{}, {too_long, no_begin}});
}

TEST_CASE("a refusal says whether a telegram ended") {
    for (const auto reason : {cut_short, no_begin, no_prefix, bad_sequence}) CHECK(ended(reason));
    for (const auto reason : {too_long, outside_frame, not_utf8, control_byte, code_too_long, too_many_codes}) {
        CHECK_FALSE(ended(reason));
    }
}

TEST_CASE("a megabyte without an end is one refusal and the next telegram is read") {
    std::string junk(1 << 20, 'x');
    ScanFramer framer(lines);
    const auto frames = framer.feed(junk);
    REQUIRE(frames.size() == 1);
    CHECK(frames[0].error() == too_long);
    const auto after = framer.feed("\r\nAAA\r\n");
    REQUIRE(after.size() == 2);
    CHECK(after[0].error() == no_begin);
    CHECK(after[1].value() == "AAA");

    std::mt19937 random(3);
    for (auto& c : junk) c = static_cast<char>(random());
    for (const auto& framing : {lines, stx_etx}) {
        ScanFramer noisy(framing);
        for (const auto& f : noisy.feed(junk)) {
            if (f) (void)decode_scan(*f, {});
        }
    }
}

TEST_CASE("what a telegram says") {
    struct Row {
        const char* why;
        ScanFormat format;
        std::string telegram;
        ScanTelegram want;
    };
    ScanFormat aim;
    aim.aim = true;
    ScanFormat multi;
    multi.separator = ",";
    ScanFormat numbered = multi;
    numbered.sequence = ";";
    ScanFormat aim_multi = multi;
    aim_multi.aim = true;
    const auto row = GENERATE_COPY(values<Row>({
        {"one code", {}, "SF1234567890123", codes({"SF1234567890123"})},
        {"blanks around it go", {}, "  SF12  ", codes({"SF12"})},
        {"blanks within it stay", {}, "A B", codes({"A B"})},
        {"no separator configured: a comma is content", {}, "A,B", codes({"A,B"})},
        {"Chinese text", {}, "运单1", codes({"运单1"})},
        {"AIM taken off", aim, "]C0SF12", {{}, {{"SF12", "]C0"}}, {}}},
        {"AIM with a letter as modifier", aim, "]zCAB", {{}, {{"AB", "]zC"}}, {}}},
        {"AIM off: a code may begin with ]", {}, "]C0SF12", codes({"]C0SF12"})},
        {"AIM on, none sent", aim, "SF12", codes({"SF12"})},
        {"AIM on, ] but no identifier", aim, "]9XSF", codes({"]9XSF"})},
        {"AIM on, ] and too short", aim, "]C", codes({"]C"})},
        {"AIM and no data", aim, "]C0", {}},
        {"GS between GS1 elements",
         aim,
         "]C10100614141123452"
         "10ABC\x1D"
         "21XYZ",
         {{}, {{"010061414112345210ABC␝21XYZ", "]C1"}}, {}}},
        {"two codes in order", multi, "A,B", codes({"A", "B"})},
        {"the same twice counts once", multi, "A,B,A", codes({"A", "B"})},
        {"empty places are nothing", multi, ",A,,B,", codes({"A", "B"})},
        {"the same text under two symbologies stays two",
         aim_multi,
         "]C0A,]Q1A",
         {{}, {{"A", "]C0"}, {"A", "]Q1"}}, {}}},
        {"one place could not be read", multi, "A,NoRead", codes({"A"})},
        {"NoRead", {}, "NoRead", {}},
        {"any case", {}, "nOrEaD", {}},
        {"with a blank", {}, "NO READ", {}},
        {"ERROR", {}, "error", {}},
        {"?", {}, "?", {}},
        {"CAN", {}, "\x18", {}},
        {"nothing", {}, "", {}},
        {"blanks", {}, "   ", {}},
        {"only near a no-read text", {}, "NoReads", codes({"NoReads"})},
        {"sequence 1", numbered, "1;A,B", {1, {{"A", ""}, {"B", ""}}, {}}},
        {"sequence with zeros, the largest", numbered, "0065535;A", {65535, {{"A", ""}}, {}}},
        {"sequence and no-read", numbered, "7;NoRead", {7, {}, {}}},
        {"sequence and nothing", numbered, "7;", {7, {}, {}}},
        {"128 bytes", {}, std::string(128, 'A'), {{}, {{std::string(128, 'A'), ""}}, {}}},
        {"129 bytes", {}, std::string(129, 'A'), {{}, {}, {code_too_long}}},
        {"a bad code leaves the good one", multi, "A," + std::string(129, 'B'), {{}, {{"A", ""}}, {code_too_long}}},
        {"GBK", {}, "\xD4\xCB\xB5\xA5", {{}, {}, {not_utf8}}},
        {"an overlong form", {}, "\xC0\xAF", {{}, {}, {not_utf8}}},
        {"a C1 control", {}, "A\xC2\x85", {{}, {}, {not_utf8}}},
        {"NUL", {}, std::string("A\0B", 3), {{}, {}, {control_byte}}},
        {"ESC", {}, "A\x1B", {{}, {}, {control_byte}}},
        {"DEL", {}, "A\x7F", {{}, {}, {control_byte}}},
    }));
    INFO(row.why);
    const auto got = decode_scan(row.telegram, row.format);
    REQUIRE(got);
    CHECK(got->sequence == row.want.sequence);
    CHECK(got->codes == row.want.codes);
    CHECK(got->refused == row.want.refused);
}

TEST_CASE("a telegram without its sequence number is refused") {
    ScanFormat numbered;
    numbered.sequence = ";";
    for (const auto* telegram : {"A", "0;A", "65536;A", ";A", "x1;A", "1x;A", "-1;A", "", "NoRead"}) {
        CAPTURE(telegram);
        const auto got = decode_scan(telegram, numbered);
        REQUIRE_FALSE(got);
        CHECK(got.error() == bad_sequence);
    }
}

TEST_CASE("at most 64 different codes come out of a telegram") {
    ScanFormat multi;
    multi.separator = ",";
    std::string telegram;
    for (int i = 0; i < 64; ++i) telegram += "C" + std::to_string(i) + ",";
    CHECK(decode_scan(telegram, multi)->refused.empty());
    const auto got = decode_scan(telegram + "X,Y", multi);
    CHECK(got->codes.size() == 64);
    CHECK(got->refused == Refusals{too_many_codes, too_many_codes});
}

TEST_CASE("no-read texts of the site's own") {
    ScanFormat own;
    own.no_read = {"###"};
    CHECK(decode_scan("###", own)->codes.empty());
    CHECK(decode_scan("NoRead", own)->codes.size() == 1);
}

TEST_CASE("what is encoded is read back") {
    ScanFormat format;
    format.aim = true;
    format.separator = ",";
    format.sequence = ";";
    for (const auto& framing : {lines, stx_etx, ScanFraming{"#", "\x03", false, 4096}}) {
        for (const auto& want : {ScanTelegram{9, {{"A␝B", "]C1"}, {"C", "]A0"}}, {}}, ScanTelegram{10, {}, {}}}) {
            ScanFramer framer(framing);
            const auto frames = framer.feed(encode_scan(want, format, framing));
            REQUIRE(frames.size() == 1);
            CHECK(decode_scan(frames[0].value(), format).value() == want);
        }
    }
}

TEST_CASE("each refusal has a name of its own") {
    std::vector<std::string_view> names;
    for (int i = 0; i <= static_cast<int>(too_many_codes); ++i) {
        const auto n = name(static_cast<ScanRefusal>(i));
        CHECK(n != "unknown");
        CHECK(std::find(names.begin(), names.end(), n) == names.end());
        names.push_back(n);
    }
}

TEST_CASE("a telegram without an end is ended by silence, or by its length") {
    struct Row {
        const char* why;
        std::size_t length;
        std::vector<std::string> said;  ///< a pause after each
        Cut want;
    };
    const auto row = GENERATE(values<Row>({
        {"silence ends it", 0, {"AAA", "BBB"}, {{"AAA", "BBB"}, {}}},
        {"CR and LF are content", 0, {"AAA\r\n"}, {{"AAA\r\n"}, {}}},
        {"silence alone is nothing", 0, {"", "", "AAA", ""}, {{"AAA"}, {}}},
        {"its length ends it at once", 3, {"AAABBB"}, {{"AAA", "BBB"}, {}}},
        {"one byte short", 3, {"AA", "BBB"}, {{"BBB"}, {wrong_length}}},
        {"one byte more is another telegram's begin", 3, {"AAAB", "CCC"}, {{"AAA", "CCC"}, {wrong_length}}},
    }));
    INFO(row.why);
    ScanFraming framing;
    framing.ends = "";
    framing.length = row.length;
    for (const std::size_t piece : {std::size_t{1}, std::size_t{99}}) {
        ScanFramer framer(framing);
        Cut cut;
        for (std::string_view said : row.said) {
            for (; !said.empty(); said.remove_prefix(std::min(piece, said.size())))
                add(cut, framer.feed(said.substr(0, piece)));
            add(cut, framer.silent());
        }
        CHECK(cut == row.want);
    }
}

TEST_CASE("without an end, what follows on a begin that was dropped goes by with the next silence") {
    ScanFraming framing;
    framing.ends = "";
    framing.longest = 4;
    ScanFramer framer(framing);
    Cut cut;
    framer.join_midway();
    add(cut, framer.feed("AA"));
    add(cut, framer.silent());
    add(cut, framer.feed("BBBBB"));
    add(cut, framer.silent());
    add(cut, framer.feed("CC"));
    CHECK(framer.drop());
    add(cut, framer.feed("C"));
    add(cut, framer.silent());
    add(cut, framer.feed("DD"));
    add(cut, framer.silent());
    CHECK(cut == Cut{{"DD"}, {no_begin, too_long, no_begin, no_begin}});
}

TEST_CASE("with an end, a telegram of another length is refused") {
    ScanFraming framing;
    framing.length = 4;
    framing.prefix = "#";
    CHECK(by_byte(framing, "#AAA\r\n#BB\r\n#CCCC\r\n#DDD\r\n") == Cut{{"AAA", "DDD"}, {wrong_length, wrong_length}});
}

TEST_CASE("with an end, silence cuts what is halfway") {
    ScanFramer framer(lines);
    Cut cut;
    add(cut, framer.feed("AA"));
    add(cut, framer.silent());
    add(cut, framer.silent());
    add(cut, framer.feed("BB\rCC\r"));
    CHECK(cut == Cut{{"CC"}, {cut_short, no_begin}});
}

TEST_CASE("a code's place in the picture is cut off where one stands, and nothing else") {
    struct Row {
        const char* text;
        const char* want;
    };
    const auto row = GENERATE(values<Row>({
        {"AB!66/999", "AB"},
        {"A!B!6/9", "A!B"},
        {"AB!66/", "AB!66/"},
        {"AB!/9", "AB!/9"},
        {"AB!6x/9", "AB!6x/9"},
        {"AB!66", "AB!66"},
        {"AB", "AB"},
    }));
    ScanFormat format;
    format.position = "!";
    CHECK(decode_scan(row.text, format) == codes({row.want}));
    CHECK(decode_scan(row.text, {}) == codes({row.text}));
}

TEST_CASE("a place without a code is no code") {
    ScanFormat format;
    format.position = "!";
    CHECK(decode_scan("!19/70", format) == codes({}));
    CHECK(decode_scan(" !19/70", format) == codes({}));
}

TEST_CASE("a reader's own sign for GS becomes GS") {
    ScanFormat format;
    format.gs = "^]";
    CHECK(decode_scan("01^]21^]", format) == codes({"01\u241D21\u241D"}));
    CHECK(decode_scan("01\x1D"
                      "21",
                      format) == codes({"01\u241D21"}));
    CHECK(decode_scan("01^21]", format) == codes({"01^21]"}));
}
