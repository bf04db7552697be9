#include "weight/weight_line.hpp"

#include "bytes/feed.hpp"
#include "bytes/hex.hpp"

#include <set>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::codec;

namespace {

const LineLayout& layout(std::string_view name) {
    const auto* row = line_layout(name);
    REQUIRE(row != nullptr);
    return *row;
}

constexpr std::string_view crlf = "\r\n";

/// CAS: the line with `lamps` in its place.
std::string cas(std::string_view status, std::string_view kind, char lamps, std::string_view data,
                std::string_view unit) {
    return std::string(status) + "," + std::string(kind) + ",1" + lamps + "," + std::string(data) + " " +
           std::string(unit) + "\r\n";
}

constexpr char steady = '\xC4';  // always one, stable, gross
constexpr char moving = '\x84';  // always one, gross
constexpr char held = '\xD4';    // as steady, and hold
constexpr char seven = '\x44';   // as steady, on a line of seven bits
const LineWeight load{Grams{1240}, Grams{1}, Rest::stable, false};

}  // namespace

TEST_CASE("lines as makers print them and as they were captured") {
    struct Row {
        const char* why;
        const char* layout;
        std::string line;
        LineWeight want;
    };
    const auto row = GENERATE(values<Row>({
        {"A&D, net, printed in the manual",
         "and-indicator",
         bytes("53 54 2C 4E 54 2C 2B 30 30 31 32 2E 33 34 6B 67 0D 0A"),
         {Grams{12'340}, Grams{10}, Rest::stable, true}},
        {"A&D, gross, printed in another maker's manual",
         "and-indicator",
         bytes("53 54 2C 47 53 2C 2B 30 31 31 2E 31 32 30 6B 67 0D 0A"),
         {Grams{11'120}, Grams{1}, Rest::stable, false}},
        {"blanks for zeros, captured", "and-indicator", "ST,GS,+  1.240kg\r\n", load},
        {"grams, captured", "and-indicator", "ST,GS,   245.6 g\r\n", {Grams{246}, Grams{1}, Rest::stable, false}},
        {"in motion, captured", "and-indicator", "US,GS,+  0.860kg\r\n", {Grams{860}, Grams{1}, Rest::motion, false}},
        {"overload, printed", "and-indicator", "OL,GS,+         \r\n", {Grams{0}, Grams{1}, Rest::over, false}},
        {"overload with its point", "and-indicator", "OL,GS,+   .   kg\r\n", {Grams{0}, Grams{1}, Rest::over, false}},
        {"too far below zero", "and-indicator", "LO,NT,-         \r\n", {Grams{0}, Grams{1}, Rest::under, true}},
        {"AD-4403's words", "and-indicator", "ST,N ,-0012.34kg\r\n", {Grams{-12'340}, Grams{10}, Rest::stable, true}},
        {"AD-4403's words", "and-indicator", "ST,G ,+0012.34kg\r\n", {Grams{12'340}, Grams{10}, Rest::stable, false}},
        {"tonnes", "and-indicator", "ST,GS,+0012.34 t\r\n", {Grams{12'340'000}, Grams{10'000}, Rest::stable, false}},
        {"no point", "and-indicator", "ST,GS,+0001560kg\r\n", {Grams{1'560'000}, Grams{1000}, Rest::stable, false}},
        {"a balance, printed", "and-balance", "ST,+00123.45  g\r\n", {Grams{123}, Grams{1}, Rest::stable, false}},
        {"a balance in motion", "and-balance", "US,-00123.65  g\r\n", {Grams{-124}, Grams{1}, Rest::motion, false}},
        {"a balance, overload", "and-balance", "OL,+9999999E+19\r\n", {Grams{0}, Grams{1}, Rest::over, false}},
        {"CAS", "cas-continuous", cas("ST", "GS", steady, "   1.240", "kg"), load},
        {"CAS, zeros and sign first",
         "cas-continuous",
         cas("ST", "NT", steady, "-0012.34", "kg"),
         {Grams{-12'340}, Grams{10}, Rest::stable, true}},
        {"CAS, sign before the digits",
         "cas-continuous",
         cas("ST", "GS", steady, "  -12.34", "kg"),
         {Grams{-12'340}, Grams{10}, Rest::stable, false}},
        {"CAS in motion",
         "cas-continuous",
         cas("US", "GS", moving, "   1.240", "kg"),
         {Grams{1240}, Grams{1}, Rest::motion, false}},
        {"CAS, the lamp says motion, the word not: motion",
         "cas-continuous",
         cas("ST", "GS", moving, "   1.240", "kg"),
         {Grams{1240}, Grams{1}, Rest::motion, false}},
        {"CAS, the word says motion, the lamp not: motion",
         "cas-continuous",
         cas("US", "GS", steady, "   1.240", "kg"),
         {Grams{1240}, Grams{1}, Rest::motion, false}},
        {"CAS, a held display is not what lies there now",
         "cas-continuous",
         cas("ST", "GS", held, "   1.240", "kg"),
         {Grams{1240}, Grams{1}, Rest::motion, false}},
        {"CAS, overload",
         "cas-continuous",
         cas("OL", "GS", moving, "        ", "kg"),
         {Grams{0}, Grams{1}, Rest::over, false}},
        {"Dini", "dini-continuous", "ST,GS,     0.0,kg\r\n", {Grams{0}, Grams{100}, Rest::stable, false}},
        {"Dini, grams", "dini-continuous", "ST,NT,   -12.0,g \r\n", {Grams{-12}, Grams{1}, Rest::stable, true}},
        {"Dini in motion", "dini-continuous", "US,GS,   1.240,kg\r\n", {Grams{1240}, Grams{1}, Rest::motion, false}},
        {"Dini, overload", "dini-continuous", "OL,GS,        ,kg\r\n", {Grams{0}, Grams{1}, Rest::over, false}},
        {"Dini, below zero", "dini-continuous", "UL,GS,        ,kg\r\n", {Grams{0}, Grams{1}, Rest::under, false}},
        {"CR alone", "and-indicator", "ST,GS,+  1.240kg\r", load},
        {"LF alone", "and-indicator", "ST,GS,+  1.240kg\n", load},
        {"the sign and then blanks",
         "and-indicator",
         "ST,GS,-  1.240kg\n",
         {Grams{-1240}, Grams{1}, Rest::stable, false}},
    }));
    INFO(row.why);
    LineParser parser(layout(row.layout));
    const auto out = feed_by_byte(parser, row.line);
    CHECK(out.refused.empty());
    REQUIRE(out.weights.size() == 1);
    CHECK(out.weights[0] == row.want);
}

TEST_CASE("lines that are refused, each with its reason") {
    struct Row {
        const char* why;
        const char* layout;
        std::string line;
        LineRefusal refused;
    };
    using enum LineRefusal;
    const auto row = GENERATE(values<Row>({
        {"a byte lost among the digits", "and-indicator", "ST,GS,+ 1.240kg\r\n", bad_layout},
        {"a byte too many", "and-indicator", "ST,GS,+  11.240kg\r\n", bad_layout},
        {"noise before", "and-indicator", "\x81ST,GS,+  1.240kg\r\n", bad_layout},
        {"noise behind", "and-indicator", "ST,GS,+  1.240kg\x81\r\n", bad_layout},
        {"no comma between word and weight", "and-indicator", "ST,GS    20.70kg\r\n", bad_layout},
        {"CAS on a line of seven bits", "cas-continuous", cas("ST", "GS", seven, "   1.240", "kg"), bad_layout},
        {"CAS, a NUL for a lamp byte of wrong parity", "cas-continuous", cas("ST", "GS", '\0', "   1.240", "kg"),
         bad_layout},
        {"CAS, a NUL for its number", "cas-continuous", std::string("ST,GS,") + '\0' + steady + ",   1.240 kg\r\n",
         bad_layout},
        {"CAS, no blank before the unit", "cas-continuous", "ST,GS,1\xC4,   1.2400kg\r\n", bad_layout},
        {"another layout's line", "dini-continuous", "ST,GS,+  1.240kg\r\n", bad_layout},
        {"an address where none is configured", "dini-continuous", "01ST,GS,     0.0,kg\r\n", other_address},
        {"a number of pieces", "and-balance", "QT,+00000123 PC\r\n", other_status},
        {"no word of rest", "and-indicator", "  ,GS,+  1.240kg\r\n", other_status},
        {"small letters", "and-indicator", "st,GS,+  1.240kg\r\n", other_status},
        {"a word of another maker", "cas-continuous", cas("UL", "GS", steady, "   1.240", "kg"), other_status},
        {"a tare", "and-indicator", "ST,TR,+  1.240kg\r\n", other_kind},
        {"an accumulated weight", "and-indicator", "ST,TW,+  1.240kg\r\n", other_kind},
        {"a preset tare", "and-indicator", "ST,PT,+  1.240kg\r\n", other_kind},
        {"an overload of a tare", "and-indicator", "OL,TR,+         \r\n", other_kind},
        {"microvolts", "dini-continuous", "ST,VL,   1.240,kg\r\n", other_kind},
        {"raw points", "dini-continuous", "ST,RZ,   1.240,kg\r\n", other_kind},
        {"blanks, yet stable", "and-indicator", "ST,GS,+         \r\n", no_digits},
        {"blanks and a point, yet in motion", "and-indicator", "US,GS,+   .   kg\r\n", no_digits},
        {"a letter among the digits", "and-indicator", "ST,GS,+  1.2O0kg\r\n", bad_number},
        {"a NUL for a digit of wrong parity", "and-indicator", std::string("ST,GS,+  1.2") + '\0' + "0kg\r\n",
         bad_number},
        {"a blank among the digits", "and-indicator", "ST,GS,+  1 240kg\r\n", bad_number},
        {"a blank behind the digits", "and-indicator", "ST,GS,+ 1.240 kg\r\n", bad_number},
        {"two points", "and-indicator", "ST,GS,+ 1.2.40kg\r\n", bad_number},
        {"two signs", "and-indicator", "ST,GS,+- 1.240kg\r\n", bad_number},
        {"a sign behind", "and-indicator", "ST,GS,  1.240-kg\r\n", bad_number},
        {"pounds", "and-indicator", "ST,GS,+  1.240lb\r\n", other_unit},
        {"ounces", "and-balance", "ST,+00123.45 oz\r\n", other_unit},
        {"no unit", "and-indicator", "ST,GS,+  1.240  \r\n", other_unit},
        {"kilograms in capitals", "and-indicator", "ST,GS,+  1.240KG\r\n", other_unit},
        {"a hundred million tonnes", "and-indicator", "ST,GS,99999999 t\r\n", too_large},
        {"one byte more than a line may have", "and-indicator", std::string(65, '0') + "\r\n", too_long},
        {"the most bytes that a line may have", "and-indicator", std::string(64, '0') + "\r\n", bad_layout},
        {"without end", "and-indicator", std::string(1000, '0'), too_long},
    }));
    INFO(row.why);
    LineParser parser(layout(row.layout));
    const auto out = feed_by_byte(parser, row.line);
    CHECK(out.weights.empty());
    CHECK(out.refused == std::vector{row.refused});
    for (const auto reason : out.refused) CHECK(name(reason) != "unknown");
}

TEST_CASE("an indicator with an address is heard by it, and no other on the same line") {
    struct Row {
        const char* why;
        std::optional<int> address;
        const char* line;
        bool taken;
    };
    const auto row = GENERATE(values<Row>({
        {"ours, printed in the manual", 1, "01ST,GS,     0.0,kg\r\n", true},
        {"another's", 2, "01ST,GS,     0.0,kg\r\n", false},
        {"the largest", 99, "99ST,GS,     0.0,kg\r\n", true},
        {"the smallest", 0, "00ST,GS,     0.0,kg\r\n", true},
        {"none, where one is due", 1, "ST,GS,     0.0,kg\r\n", false},
        {"none, where none is due", std::nullopt, "ST,GS,     0.0,kg\r\n", true},
    }));
    INFO(row.why);
    LineParser parser(layout("dini-continuous"), row.address);
    const auto out = parser.feed(row.line);
    CHECK(out.weights.size() == (row.taken ? 1U : 0U));
    CHECK(out.refused == (row.taken ? std::vector<LineRefusal>{} : std::vector{LineRefusal::other_address}));
}

TEST_CASE("two lines in one read, and CR LF in two") {
    LineParser parser(layout("and-indicator"));
    CHECK(parser.feed("ST,GS,+  1.240kg\r\nST,GS,+  1.245kg\r").weights.size() == 2);
    const auto rest = parser.feed("\nST,GS,+  1.250kg\r\n");
    CHECK(rest.weights.size() == 1);
    CHECK(rest.refused.empty());
}

TEST_CASE("every row of the table: what is sent is read back, a line cut anywhere is no weight and costs no other") {
    for (const auto& row : line_layouts()) {
        CAPTURE(row.name);
        for (const std::int64_t g : {0, 5, 995, 1240, -1240, 99'995}) {
            CAPTURE(g);
            for (const auto rest : {Rest::stable, Rest::motion}) {
                const LineWeight w{Grams{g}, Grams{1}, rest, !row.kind.empty() && g < 0};
                LineParser parser(row);
                CHECK(parser.feed(encode_line(w, row, 3)).weights == std::vector{w});
            }
        }
        const auto line = encode_line(load, row, 3);
        CHECK(line.size() == row.form.size() + crlf.size());
        for (std::size_t n = 1; n + crlf.size() < line.size(); ++n) {
            CAPTURE(n);
            LineParser head(row);
            CHECK(head.feed(line.substr(0, n)).weights.empty());
            CHECK(head.feed(line).weights.empty());  // the one that it runs into
            CHECK(head.feed(line).weights.size() == 1);
            LineParser ended(row);
            CHECK(ended.feed(line.substr(0, n) + "\r\n").weights.empty());
            LineParser tail(row);
            CHECK(tail.feed(line.substr(n) + line).weights.size() == 1);
            LineParser split(row);
            CHECK(split.feed(line.substr(0, n)).weights.size() + split.feed(line.substr(n)).weights.size() == 1);
            LineParser lost(row);
            CHECK(lost.feed(std::string(line).erase(n, 1)).weights.empty());
            LineParser anew(row);
            CHECK(anew.feed(line.substr(0, n)).weights.empty());
            anew.drop();
            CHECK(anew.feed(line).weights.size() == 1);
        }
    }
}

TEST_CASE("every row of the table is whole: its name is its own, its line fits, its source is named") {
    std::set<std::string_view> names;
    for (const auto& row : line_layouts()) {
        CAPTURE(row.name);
        CHECK(names.insert(row.name).second);
        CHECK(line_layout(row.name) == &row);
        CHECK(row.form.size() + 2 <= LineParser::longest_line);
        CHECK_FALSE(row.rest.empty());
        CHECK(row.kind.empty() == (row.form.find('K') == std::string_view::npos));
        for (const auto& word : row.rest) CHECK(word.text.size() == 2);
        for (const auto& word : row.kind) CHECK(word.text.size() == 2);
        CHECK_FALSE(row.source.empty());
        CHECK_FALSE(row.unconfirmed.empty());
    }
    CHECK(line_layout("cas") == nullptr);
}

TEST_CASE("a megabyte of noise is no weight, takes no room, and a line after it is read") {
    for (const auto& row : line_layouts()) {
        CAPTURE(row.name);
        LineParser parser(row);
        CHECK(parser.feed(noise(1 << 20, 7)).weights.empty());
        CHECK(parser.held() <= LineParser::longest_line);
        CHECK(parser.feed("\r\n" + encode_line(load, row, 3)).weights.size() == 1);
        const auto endless = parser.feed(std::string(1 << 20, '0'));
        CHECK(endless.refused == std::vector{LineRefusal::too_long});
        CHECK(parser.held() == 0);
        CHECK(parser.feed("\r\n" + encode_line(load, row, 3)).weights.size() == 1);
    }
}
