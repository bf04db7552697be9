#include "print/label_job.hpp"

#include <catch2/catch.hpp>

using namespace hefang::codec::print;

namespace {

const Paper zebra{.dots_per_mm = 8, .font = "0"};
const Paper tsc{.dots_per_mm = 8, .font = "3"};

std::string zpl(Element element) { return encode({1000, 500, {std::move(element)}}, zebra, Language::zpl).value(); }
std::string tspl(Element element) { return encode({1000, 500, {std::move(element)}}, tsc, Language::tspl).value(); }
bool has(const std::string& all, std::string_view part) { return all.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a whole label in ZPL") {
    const Label label{
        1000, 500, {Code128{50, 50, 120, "SF1234567890"}, Text{50, 250, 40, "待查验"}, Qr{600, 50, 5, "a"}}};
    CHECK(encode(label, zebra, Language::zpl).value() ==
          "^XA^CI28^PW800^LL400\n"
          "^FO40,40^BY2^BCN,96,Y,N,N^FH^FDSF1234567890^FS\n"
          "^FO40,200^A0N,32,32^FH^FD待查验^FS\n"
          "^FO480,40^BQN,2,4^FH^FDMA,a^FS\n"
          "^PQ1^XZ\n");
}

TEST_CASE("a whole label in TSPL") {
    const Label label{
        1000, 505, {Code128{50, 50, 120, "SF1234567890"}, Text{50, 250, 40, "hold"}, Qr{600, 50, 5, "a"}}};
    CHECK(encode(label, tsc, Language::tspl).value() ==
          "SIZE 100.0 mm,50.5 mm\r\nGAP 3.0 mm,0 mm\r\nCODEPAGE UTF-8\r\nCLS\r\n"
          "BARCODE 40,40,\"128\",96,1,0,2,2,\"SF1234567890\"\r\n"
          "TEXT 40,200,\"3\",0,1,1,\"hold\"\r\n"
          "QRCODE 480,40,M,4,A,0,\"a\"\r\n"
          "PRINT 1,1\r\n");
}

TEST_CASE("what has a meaning of its own is escaped") {
    CHECK(has(zpl(Text{10, 10, 30, "a^XZ~HS_b"}), "^FDa_5EXZ_7EHS_5Fb^FS"));
    CHECK(has(zpl(Code128{10, 10, 30, "A>B^"}), "^FDA>0B_5E^FS"));
    CHECK(has(zpl(Qr{10, 10, 3, "~"}), "^FDMA,_7E^FS"));
    CHECK(has(tspl(Text{10, 10, 30, "say \"x\""}), "\"say \\[\"]x\\[\"]\"\r\n"));
    CHECK(has(tspl(Text{10, 10, 30, "a\\b^~"}), "\"a\\b^~\"\r\n"));
}

TEST_CASE("300 dpi has more dots, and a font by its file is named as the printer wants it") {
    const Paper fine{.dots_per_mm = 12, .font = "E:SIMSUN.TTF"};
    CHECK(has(encode({1000, 500, {Text{50, 250, 40, "待"}}}, fine, Language::zpl).value(),
              "^FO60,300^A@N,48,48,E:SIMSUN.TTF^FH^FD待^FS"));
    const Paper outlines{.dots_per_mm = 12, .font = "SIMSUN.TTF"};
    CHECK(has(encode({1000, 500, {Text{50, 250, 40, "待"}}}, outlines, Language::tspl).value(),
              "TEXT 60,300,\"SIMSUN.TTF\",0,11,11,\"待\"\r\n"));
}

TEST_CASE("what cannot be printed is refused, with the element") {
    struct Row {
        Element element;
        Language language;
        const char* says;  // nothing: good
    };
    const auto row = GENERATE(values<Row>({
        {Text{0, 0, 1, std::string(256, 'a')}, Language::zpl, ""},
        {Text{0, 0, 1, std::string(257, 'a')}, Language::zpl, "over 256 bytes"},
        {Text{0, 0, 1, ""}, Language::zpl, "no text"},
        {Text{0, 0, 1, "a\rPRINT 9"}, Language::tspl, "control characters"},
        {Text{0, 0, 1, std::string("a\0b", 3)}, Language::zpl, "control characters"},
        {Text{0, 0, 1, "\xff"}, Language::zpl, "not clean UTF-8"},
        {Text{0, 0, 1, "a\\[R]"}, Language::tspl, "\\["},
        {Text{0, 0, 1, "a\\[R]"}, Language::zpl, ""},
        {Text{999, 499, 1, "a"}, Language::zpl, ""},
        {Text{1000, 0, 1, "a"}, Language::zpl, "does not stand on the label"},
        {Text{0, 500, 1, "a"}, Language::zpl, "does not stand on the label"},
        {Text{-1, 0, 1, "a"}, Language::zpl, "does not stand on the label"},
        {Text{0, 0, 0, "a"}, Language::zpl, "does not stand on the label"},
        {Code128{0, 0, 1, std::string(48, '1')}, Language::zpl, ""},
        {Code128{0, 0, 1, std::string(49, '1')}, Language::zpl, "over 48 bytes"},
        {Code128{0, 0, 1, "待"}, Language::zpl, "printable ASCII"},
        {Code128{0, 0, 1, "a\x7f"}, Language::tspl, "printable ASCII"},
        {Qr{0, 0, 1, std::string(512, 'a')}, Language::tspl, ""},
        {Qr{0, 0, 1, std::string(513, 'a')}, Language::tspl, "over 512 bytes"},
    }));
    CAPTURE(row.says, row.element.index());
    const auto done = encode({1000, 500, {row.element}}, zebra, row.language);
    CHECK(done.has_value() == std::string(row.says).empty());
    if (!done) {
        CHECK(has(done.error().detail, row.says));
        CHECK(has(done.error().detail, "element 1"));
    }
}

TEST_CASE("a label has a size and something on it") {
    CHECK_FALSE(encode({1000, 500, {}}, zebra, Language::zpl));
    CHECK_FALSE(encode({0, 500, {Text{0, 0, 1, "a"}}}, zebra, Language::zpl));
    CHECK_FALSE(encode({largest_side + 1, 500, {Text{0, 0, 1, "a"}}}, zebra, Language::zpl));
    CHECK(encode({largest_side, 500, std::vector<Element>(most_elements, Text{0, 0, 1, "a"})}, zebra, Language::zpl));
    CHECK_FALSE(encode({100, 500, std::vector<Element>(most_elements + 1, Text{0, 0, 1, "a"})}, zebra, Language::zpl));
}
