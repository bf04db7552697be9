#include "number/gs1.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

using namespace hefang::number;

namespace {

/// "01=… 10=…", or the name of the refusal.
std::string told(std::string_view text) {
    const auto elements = parse_gs1(text);
    if (!elements) return std::string(name(elements.error()));
    std::string out;
    for (const auto& e : *elements) out += (out.empty() ? "" : " ") + std::string(e.ai) + "=" + std::string(e.value);
    return out;
}

const std::string sscc = "00095287654321012346";
const std::string gtin = "0100614141123452";
const std::string gs = "\x1D";

}  // namespace

TEST_CASE("element strings are cut at fixed lengths and at separators") {
    struct Row {
        const char* why;
        std::string text;
        std::string want;
    };
    const auto row = GENERATE(values<Row>({
        {"logistic unit", sscc, "00=095287654321012346"},
        {"goods, batch, serial", gtin + "10ABC" + gs + "21XYZ", "01=00614141123452 10=ABC 21=XYZ"},
        {"the separator as a code's text has it", gtin + "10ABC\u241D21XYZ", "01=00614141123452 10=ABC 21=XYZ"},
        {"a first FNC1 that the reader sends", gs + sscc, "00=095287654321012346"},
        {"fixed length without separator", gtin + "17261231" + sscc,
         "01=00614141123452 17=261231 00=095287654321012346"},
        {"fixed length with separator", gtin + gs + "17261231", "01=00614141123452 17=261231"},
        {"a separator at the end", "10ABC" + gs, "10=ABC"},
        {"contained goods and their count",
         "0209521234543213"
         "3724",
         "02=09521234543213 37=24"},
        {"variant",
         "2001"
         "10B",
         "20=01 10=B"},
        {"a measure: four digits of identifier",
         "3103001750"
         "10B",
         "3103=001750 10=B"},
        {"consignment, then routing", "401CN12345" + gs + "403GZ-01", "401=CN12345 403=GZ-01"},
        {"location",
         "4109521234567899"
         "21A",
         "410=9521234567899 21=A"},
        {"an identifier of which only the length is known", "8008261123" + gs + "21A", "8008=261123 21=A"},
        {"company's own", "91ABC", "91=ABC"},
        {"nothing", "", "empty"},
        {"a separator and nothing", gs, "empty"},
        {"two separators", "10ABC" + gs + gs + "21X", "unknown-ai"},
        {"two separators in front", gs + gs + sscc, "unknown-ai"},
        {"no identifier begins so", "38123", "unknown-ai"},
        {"nor so", "8300123", "unknown-ai"},
        {"nor with a letter", "ABC", "unknown-ai"},
        {"a letter within the identifier", "31X3001750", "unknown-ai"},
        {"a separator within fixed length", "0100614141" + gs + "123452", "too-short"},
        {"more behind fixed length is the next element", gtin + "9", "unknown-ai"},
        {"shipment: fixed, but a separator must follow",
         "40295212345678901230"
         "21A",
         "too-long"},
        {"shipment and separator", "40295212345678901230" + gs + "21A", "402=95212345678901230 21=A"},
        {"batch of 20", "10" + std::string(20, 'B'), "10=" + std::string(20, 'B')},
        {"batch of 21", "10" + std::string(21, 'B'), "too-long"},
        {"empty batch", "10" + gs + "21A", "too-short"},
        {"count of 8", "3712345678", "37=12345678"},
        {"count of 9", "37123456789", "too-long"},
        {"serial of 21", "21" + std::string(21, '1'), "too-long"},
        {"routing code of 30", "403" + std::string(30, 'R'), "403=" + std::string(30, 'R')},
        {"routing code of 31", "403" + std::string(31, 'R'), "too-long"},
        {"company's own of 90", "99" + std::string(90, 'x'), "99=" + std::string(90, 'x')},
        {"company's own of 91", "99" + std::string(91, 'x'), "too-long"},
        {"a letter in a GTIN", "010061414112345A", "bad-character"},
        {"a letter in a count", "37A", "bad-character"},
        {"a blank in a batch", "10A B", "bad-character"},
        {"a hash is no character of GS1", "10A#B", "bad-character"},
        {"all signs of GS1", "91!\"%&'()*+,-./:;<=>?_", "91=!\"%&'()*+,-./:;<=>?_"},
        {"no UTF-8 either", "10A\u4EAC", "bad-character"},
    }));
    INFO(row.why);
    CHECK(told(row.text) == row.want);
}

TEST_CASE("both sides of the number of elements") {
    std::string text;
    for (std::size_t i = 0; i < most_elements; ++i)
        text +=
            "20"
            "01";
    CHECK(parse_gs1(text).value().size() == most_elements);
    CHECK(told(text + "2001") == "too-many");
}

TEST_CASE("every truncation is refused or is the elements that are whole") {
    const std::string text = gtin +
                             "17261231"
                             "10ABC" +
                             gs + "21X";
    for (std::size_t n = 0; n <= text.size(); ++n) {
        CAPTURE(n);
        std::string want = n == 0 ? "empty" : n < 2 ? "unknown-ai" : n < 16 ? "too-short" : "01=00614141123452";
        if (n == 17) want = "unknown-ai";
        if (n >= 18 && n < 24) want = "too-short";
        if (n >= 24) want += " 17=261231";
        if (n == 25) want = "unknown-ai";
        if (n == 26) want = "too-short";
        if (n >= 27) want += " 10=" + std::string("ABC").substr(0, std::min<std::size_t>(n - 26, 3));
        if (n == 31) want = "unknown-ai";
        if (n == 32) want = "too-short";
        if (n == 33) want += " 21=X";
        CHECK(told(std::string_view(text).substr(0, n)) == want);
    }
}

TEST_CASE("every predefined length ends where it should") {
    struct Row {
        std::string ai;
        std::size_t size;
    };
    const auto row = GENERATE(values<Row>({
        {"00", 18},  {"01", 14},  {"02", 14},  {"03", 14},  {"04", 16},  {"11", 6},   {"12", 6},   {"13", 6},
        {"14", 6},   {"15", 6},   {"16", 6},   {"17", 6},   {"18", 6},   {"19", 6},   {"20", 2},   {"3100", 6},
        {"3200", 6}, {"3300", 6}, {"3400", 6}, {"3500", 6}, {"3600", 6}, {"410", 13}, {"417", 13},
    }));
    CAPTURE(row.ai);
    const std::string value(row.size, '1');
    CHECK(told(row.ai + value + "21A") == row.ai + "=" + value + " 21=A");
    CHECK(told(row.ai + value.substr(1)) == "too-short");
}

TEST_CASE("which AIM identifiers say GS1") {
    for (const auto* yes : {"]C1", "]e0", "]d2", "]Q3", "]J1", "]z1"}) CHECK(says_gs1(yes));
    for (const auto* no : {"", "]C0", "]C2", "]E0", "]d1", "]Q1", "]A0", "]C1x", "C1"}) CHECK_FALSE(says_gs1(no));
}

TEST_CASE("an element is found by its identifier") {
    const std::string text = gtin + "10ABC";  // the elements are parts of it
    const auto elements = parse_gs1(text).value();
    CHECK(find(elements, "10") == "ABC");
    CHECK_FALSE(find(elements, "1").has_value());
    CHECK_FALSE(find(elements, "00").has_value());
}
