#include "number/identify.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <string>

#include <catch2/catch.hpp>

using namespace hefang::number;

namespace {

using enum Kind;

/// "UPU S10 number", with "!" behind a wrong check digit and "?" behind what only digits say; best first.
std::string told(std::string_view text, std::string_view aim = {}) {
    std::string out;
    for (const auto& i : identify(text, aim))
        out += (out.empty() ? "" : ", ") + std::string(row_of(i.kind).name) + (i.check == Check::wrong ? "!" : "") +
               (i.sure ? "" : "?");
    return out;
}

bool may_be(Kind kind, std::string_view text, std::string_view aim = {}) {
    const auto all = identify(text, aim);
    return std::any_of(all.begin(), all.end(), [&](const Identity& i) { return i.kind == kind; });
}

constexpr std::string_view receptacle = "GBLALACNBJSAAUN60123001000025";

}  // namespace

TEST_CASE("what a number is") {
    struct Row {
        const char* why;
        std::string text;
        std::string want;
    };
    const auto row = GENERATE(values<Row>({
        {"postal item", "RR473124829GB", "UPU S10 number"},
        {"its check digit is wrong: said, not refused", "RR473124828GB", "UPU S10 number!"},
        {"a reserved service indicator", "JA473124829GB", "UPU S10 number"},
        {"postal bag", std::string(receptacle), "UPU S9 receptacle label"},
        {"container", "CSQU3054383", "container number"},
        {"wrong check digit", "CSQU3054384", "container number!"},
        {"no container: the category is none of U J Z", "CSQA3054383", ""},
        {"logistic unit as a bare GS1 string", "00095287654321012346", "SSCC?"},
        {"18 digits", "095287654321012346", "SSCC?, unified social credit code (统一社会信用代码)!?"},
        {"EAN of goods, or a carrier's 13 digits", "6901234567892", "GTIN-13?"},
        {"a carrier's 13 digits", "7312345678901", "GTIN-13!?"},
        {"import inventory", "29242020I439440284", "customs inventory number (清单编号)"},
        {"pre-entry", "B20201119439440284",
         "pre-entry number (预录入编号), "
         "unified social credit code (统一社会信用代码)!?"},
        {"declaration", "292420201439440284",
         "declaration number (报关单号)?, SSCC!?, "
         "unified social credit code (统一社会信用代码)!?"},
        {"bonded list", "QD292420I123456789", "bonded list number (核注清单号)"},
        {"release sheet", "Z2924I200624012345678901", "release sheet number (核放单号)"},
        {"air waybill", "020-81140743", "air waybill number"},
        {"air waybill, wrong", "020-81140744", "air waybill number!"},
        {"bare air waybill", "02081140743", "air waybill number?"},
        {"enterprise", "91350100M000100Y43", "unified social credit code (统一社会信用代码)?"},
        {"plate", "赣A12345", "Chinese licence plate"},
        {"trailer", "赣A1234挂", "Chinese licence plate"},
        {"new energy, small", "赣AD12345", "Chinese licence plate"},
        {"new energy, large", "赣A12345F", "Chinese licence plate"},
        {"a carrier's", "SF1000000000017", "carrier's waybill number"},
        {"a web address", "https://example.com/p?id=6901234567892", "web address"},
        {"fields", "MMM={'k1':'755W'}", "text that is no number"},
        {"words", "易碎", "text that is no number"},
        {"a route code", "755W-010-22", ""},
        {"a number of nobody's", "ZZ9", ""},
        {"nothing", "", ""},
    }));
    INFO(row.why);
    CHECK(told(row.text) == row.want);
}

TEST_CASE("a shape ends on both sides") {
    struct Row {
        Kind kind;
        std::string good;
    };
    const auto row = GENERATE(values<Row>({
        {s10, "RR473124829GB"},
        {s9, std::string(receptacle)},
        {container, "CSQU3054383"},
        {sscc, "095287654321012346"},
        {gtin8, "96385074"},
        {gtin12, "036000291452"},
        {gtin13, "6901234567892"},
        {gtin14, "09521234543213"},
        {inventory, "29242020I439440284"},
        {pre_entry, "B20201119439440284"},
        {entry, "292420201439440284"},
        {bonded_list, "QD292420I123456789"},
        {release_sheet, "Z2924I200624012345678901"},
        {release_sheet, "Z2924E200624T12345678901"},
        {awb, "020-81140743"},
        {awb, "02081140743"},
        {uscc, "91350100M000100Y43"},
        {plate, "赣A12345"},
        {carrier_waybill, "SF1000000000017"},
        {carrier_waybill, "JD0010000000012"},
        {carrier_waybill, "YT1000000000017"},
    }));
    CAPTURE(row.good);
    CHECK(may_be(row.kind, row.good));
    for (std::size_t n = 0; n < row.good.size(); ++n) CHECK_FALSE(may_be(row.kind, row.good.substr(0, n)));
    CHECK_FALSE(may_be(row.kind, row.good + "A"));
    CHECK_FALSE(may_be(row.kind, row.good + " "));
    CHECK_FALSE(may_be(row.kind, " " + row.good));
    if (row.kind != plate) CHECK_FALSE(may_be(row.kind, row.good + "0"));  // a plate has 7 or 8
}

TEST_CASE("an export inventory has 18 to 20 characters, an import inventory 18") {
    const auto [flag, size, is] = GENERATE(table<char, std::size_t, bool>({
        {'I', 17, false},
        {'I', 18, true},
        {'I', 19, false},
        {'E', 17, false},
        {'E', 18, true},
        {'E', 19, true},
        {'E', 20, true},
        {'E', 21, false},
    }));
    std::string text = "29242020" + std::string(1, flag);
    text.resize(size, '7');
    CAPTURE(text);
    CHECK(may_be(inventory, text) == is);
}

TEST_CASE("what the reader's symbology adds") {
    struct Row {
        const char* why;
        std::string text, aim, want;
    };
    const auto row = GENERATE(values<Row>({
        {"an EAN symbol holds a GTIN", "6901234567892", "]E0", "GTIN-13"},
        {"even a misread one", "6901234567893", "]E0", "GTIN-13!"},
        {"EAN-8", "96385074", "]E4", "GTIN-8"},
        {"an EAN with its add-on", "690123456789212", "]E3", "GTIN-13"},
        {"Code 128 holds no GTIN alone", "6901234567892", "]C0", ""},
        {"QR neither", "6901234567892", "]Q1", ""},
        {"an outer case's ITF", "09521234543213", "]I1", "GTIN-14?"},
        {"an unknown symbology: as without", "6901234567892", "]X0", "GTIN-13?"},
        {"what is no AIM identifier: as without", "6901234567892", "E0", "GTIN-13?"},
        {"GS1-128 of a logistic unit", "00095287654321012346", "]C1", "SSCC"},
        {"its check digit is wrong", "00095287654321012347", "]C1", "SSCC!"},
        {"GS1 of goods",
         "0100614141123452"
         "10ABC\u241D21XYZ",
         "]d2", "GTIN-14"},
        {"the same without identifier, but with a separator",
         "0100614141123452"
         "10ABC\u241D21XYZ",
         "", "GTIN-14"},
        {"goods within a case",
         "020952123454321337"
         "24",
         "]C1", "GTIN-14"},
        {"goods and unit: the unit first",
         "0100614141123452"
         "00095287654321012346",
         "]Q3", "SSCC, GTIN-14"},
        {"GS1 of neither", "403GZ-01", "]C1", "GS1 element string"},
        {"said to be GS1 and is not", "RR473124829GB", "]C1", "UPU S10 number"},
    }));
    INFO(row.why);
    CHECK(told(row.text, row.aim) == row.want);
}

TEST_CASE("the number is told without what stands in front of it") {
    CHECK(identify("00095287654321012346").front().number == "095287654321012346");
    CHECK(identify("00095287654321012346", "]C1").front().number == "095287654321012346");
    CHECK(identify("RR473124829GB").front().number == "RR473124829GB");
    CHECK(identify("690123456789212", "]E3").front().number == "6901234567892");
}

TEST_CASE("a wrong check digit is told in words where the shape is sure") {
    CHECK(doubt_of("RR473124828GB") == "it looks like a UPU S10 number, but its check digit is wrong");
    CHECK(doubt_of("CSQU3054384") == "it looks like a container number, but its check digit is wrong");
    CHECK(doubt_of("020-81140744") == "it looks like an air waybill number, but its check digit is wrong");
    for (const auto* none : {"RR473124829GB", "7312345678901", "ZZ9", "", "29242020I439440284"})
        CHECK(doubt_of(none).empty());
}

TEST_CASE("the page of kinds has the rows of the table") {
    std::ifstream file(HEFANG_SOURCE_DIR "/docs/numbers.md");
    const std::string page{std::istreambuf_iterator<char>(file), {}};
    for (std::size_t i = 0; i < kind_count; ++i) {
        const auto& row = row_of(static_cast<Kind>(i));
        const auto line = "| " + std::string(row.name) + " | " + std::string(row.source) + " | " +
                          std::string(name(row.confidence)) + " |";
        CAPTURE(line);
        CHECK(page.find(line) != std::string::npos);
    }
}
