#include "print/printer_status.hpp"

#include <catch2/catch.hpp>

using namespace hefang::codec::print;

namespace {

/// The three lines of ~HS: paper out, paused, formats that wait, head open, ribbon out, labels that wait.
std::string hs(const char* paper = "0", const char* pause = "0", const char* formats = "000", const char* head = "0",
               const char* ribbon = "0", const char* labels = "00000000") {
    const std::string one = "030," + std::string(paper) + "," + pause + ",0406," + formats + ",0,0,0,000,0,0,0";
    const std::string two = "000,0," + std::string(head) + "," + ribbon + ",0,2,4,0," + labels + ",1,000";
    return "\x02" + one + "\x03\r\n\x02" + two + "\x03\r\n\x02" + "1234,0\x03\r\n";
}

Status of(const std::string& bytes, Language language = Language::zpl) {
    return StatusParser(language).feed(bytes).status.value();
}

}  // namespace

TEST_CASE("what ~HS says") {
    CHECK(of(hs()).idle());
    CHECK(of(hs("1")).paper_out);
    CHECK(of(hs("0", "1")).paused);
    CHECK(of(hs("0", "0", "002")) == Status{.waiting = 2});
    CHECK_FALSE(of(hs("0", "0", "002")).idle());
    CHECK(of(hs("0", "0", "000", "1")).head_open);
    CHECK(of(hs("0", "0", "000", "0", "1")).ribbon_out);
    CHECK(of(hs("0", "0", "000", "0", "0", "00000003")).waiting == 3);
    CHECK(in_words(of(hs("1", "0", "000", "1"))) == "paper out, head open");
    CHECK(in_words(of(hs())).empty());
}

TEST_CASE("what ESC ! ? says") {
    struct Row {
        unsigned char code;
        const char* words;
        bool idle;
    };
    const auto row = GENERATE(values<Row>({
        {0x00, "", true},
        {0x01, "head open", false},
        {0x02, "printer fault", false},
        {0x04, "paper out", false},
        {0x05, "paper out, head open", false},
        {0x08, "ribbon out", false},
        {0x10, "paused", false},
        {0x20, "", false},
        {0x80, "printer fault", false},
    }));
    CAPTURE(int(row.code));
    const auto status = of(std::string(1, static_cast<char>(row.code)), Language::tspl);
    CHECK(in_words(status) == row.words);
    CHECK(status.idle() == row.idle);
}

TEST_CASE("byte by byte, with noise before and between, and two answers in one read") {
    StatusParser parser(Language::zpl);
    std::optional<Status> last;
    for (const char c : "xx\r\n" + hs("1")) {
        if (const auto fed = parser.feed({&c, 1}); fed.status) last = fed.status;
    }
    REQUIRE(last);
    CHECK(last->paper_out);
    CHECK(parser.feed(hs("1") + hs()).status->idle());  // the newest
}

TEST_CASE("no beginning of an answer is an answer") {
    const auto whole = hs();
    for (std::size_t n = 0; n + 3 < whole.size(); ++n)
        CHECK_FALSE(StatusParser(Language::zpl).feed(std::string_view(whole).substr(0, n)).status);
}

TEST_CASE("an answer that breaks the rules is refused, and the next one is read") {
    struct Row {
        std::string bytes;
        StatusRefusal reason;
        const char* why;
    };
    const std::string good = hs();
    const auto row = GENERATE_COPY(values<Row>({
        {"\x02" + std::string(257, '0') + "\x03", StatusRefusal::too_long, "no line is so long"},
        {"\x02"
         "030,0\x03\x02"
         "1\x03\x02"
         "2\x03",
         StatusRefusal::bad_line, "too few fields"},
        {hs("2"), StatusRefusal::bad_line, "a flag is 0 or 1"},
        {hs("0", "0", "x"), StatusRefusal::bad_line, "no number"},
        {"\x02"
         "030,\x02",
         StatusRefusal::bad_line, "a line within a line"},
    }));
    CAPTURE(row.why);
    StatusParser parser(Language::zpl);
    const auto fed = parser.feed(row.bytes);
    CHECK(fed.refused == row.reason);
    CHECK_FALSE(fed.status);
    parser.drop();
    CHECK(parser.feed(good).status);
    CHECK(StatusParser(Language::tspl).feed("A").refused == StatusRefusal::bad_code);
}

TEST_CASE("a megabyte of noise is held in bounds") {
    StatusParser parser(Language::zpl);
    std::string noise(1U << 20U, 'x');
    for (std::size_t i = 0; i < noise.size(); i += 1000) noise[i] = '\x02';
    CHECK_FALSE(parser.feed(noise).status);
    parser.drop();
    CHECK(parser.feed(hs()).status);
}
