#include "weight/weight_line.hpp"

#include "bytes/feed.hpp"
#include "bytes/hex.hpp"
#include "weight/yaohua.hpp"

#include <algorithm>
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
const Indication load{Grams{1240}, Grams{1}, Rest::stable, false};

bool says_motion(const LineLayout& row) {
    const auto moves = [](const RestWord& word) { return word.rest == Rest::motion; };
    return row.no_unit_is_motion || row.form.find('M') != std::string_view::npos ||
           std::any_of(row.rest.begin(), row.rest.end(), moves);
}
bool has_point(const LineLayout& row) { return row.name.find("whole") == std::string_view::npos; }

}  // namespace

TEST_CASE("lines as makers print them and as they were captured") {
    struct Row {
        const char* why;
        const char* layout;
        std::string line;
        Indication want;
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
        {"grams, captured",
         "and-indicator",
         "ST,GS,   245.6 g\r\n",
         {Grams{246}, Grams{1}, Rest::stable, false, MassUnit::gram}},
        {"in motion, captured", "and-indicator", "US,GS,+  0.860kg\r\n", {Grams{860}, Grams{1}, Rest::motion, false}},
        {"overload, printed", "and-indicator", "OL,GS,+         \r\n", {Grams{0}, Grams{1}, Rest::over, false}},
        {"overload with its point", "and-indicator", "OL,GS,+   .   kg\r\n", {Grams{0}, Grams{1}, Rest::over, false}},
        {"too far below zero", "and-indicator", "LO,NT,-         \r\n", {Grams{0}, Grams{1}, Rest::under, true}},
        {"AD-4403's words", "and-indicator", "ST,N ,-0012.34kg\r\n", {Grams{-12'340}, Grams{10}, Rest::stable, true}},
        {"AD-4403's words", "and-indicator", "ST,G ,+0012.34kg\r\n", {Grams{12'340}, Grams{10}, Rest::stable, false}},
        {"tonnes",
         "and-indicator",
         "ST,GS,+0012.34 t\r\n",
         {Grams{12'340'000}, Grams{10'000}, Rest::stable, false, MassUnit::tonne}},
        {"no point", "and-indicator", "ST,GS,+0001560kg\r\n", {Grams{1'560'000}, Grams{1000}, Rest::stable, false}},
        {"a balance, printed",
         "and-balance",
         "ST,+00123.45  g\r\n",
         {Grams{123}, Grams{1}, Rest::stable, false, MassUnit::gram}},
        {"a balance in motion",
         "and-balance",
         "US,-00123.65  g\r\n",
         {Grams{-124}, Grams{1}, Rest::motion, false, MassUnit::gram}},
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
        {"Dini, grams",
         "dini-continuous",
         "ST,NT,   -12.0,g \r\n",
         {Grams{-12}, Grams{1}, Rest::stable, true, MassUnit::gram}},
        {"Dini in motion", "dini-continuous", "US,GS,   1.240,kg\r\n", {Grams{1240}, Grams{1}, Rest::motion, false}},
        {"Dini, overload", "dini-continuous", "OL,GS,        ,kg\r\n", {Grams{0}, Grams{1}, Rest::over, false}},
        {"Dini, below zero", "dini-continuous", "UL,GS,        ,kg\r\n", {Grams{0}, Grams{1}, Rest::under, false}},
        {"Rice Lake, gross", "rice-lake", "\x02    1560KG \r\n", {Grams{1'560'000}, Grams{1000}, Rest::stable, false}},
        {"Rice Lake, net in motion, CR alone",
         "rice-lake",
         "\x02-   12.5KNM\r",
         {Grams{-12'500}, Grams{100}, Rest::motion, true}},
        {"Rice Lake, centre of zero", "rice-lake", "\x02     0.0KGZ\r\n", {Grams{0}, Grams{100}, Rest::stable, false}},
        {"Rice Lake, invalid is never stable",
         "rice-lake",
         "\x02    12.5KGI\r\n",
         {Grams{12'500}, Grams{100}, Rest::motion, false}},
        {"Rice Lake, out of range", "rice-lake", "\x02    1560KGO\r\n", {Grams{0}, Grams{1}, Rest::over, false}},
        {"Rice Lake, grams",
         "rice-lake",
         "\x02    1560GG \r\n",
         {Grams{1560}, Grams{1}, Rest::stable, false, MassUnit::gram}},
        {"Tracer AV", "rice-lake-av", "\x02   12.50KGG \r\n", {Grams{12'500}, Grams{10}, Rest::stable, false}},
        {"Tracer AV, over", "rice-lake-av", "\x02 ^^^^^^^KGG \r\n", {Grams{0}, Grams{1}, Rest::over, false}},
        {"Tracer AV, under", "rice-lake-av", "\x02-]]]]]]]KGG \r\n", {Grams{0}, Grams{1}, Rest::under, false}},
        {"Cardinal", "cardinal", "\r 0012.40  kg g  \x03", {Grams{12'400}, Grams{10}, Rest::stable, false}},
        {"Cardinal, a point behind, in motion, net",
         "cardinal",
         "\r-000124.m kg n  \x03",
         {Grams{-124'000}, Grams{1000}, Rest::motion, true}},
        {"Cardinal, over", "cardinal", "\r+999999.o kg g  \x03", {Grams{0}, Grams{1}, Rest::over, false}},
        {"Cardinal without decimals",
         "cardinal-whole",
         "\r 001560  kg g  \x03",
         {Grams{1'560'000}, Grams{1000}, Rest::stable, false}},
        {"Cardinal's scoreboard", "cardinal-sb400", "   12.40kgG  \r", {Grams{12'400}, Grams{10}, Rest::stable, false}},
        {"Cardinal's scoreboard, below zero",
         "cardinal-sb400",
         "-  12.40kgGBZ\r",
         {Grams{0}, Grams{1}, Rest::under, false}},
        {"Cardinal's scoreboard, over", "cardinal-sb400", " 9999.99kgGOC\r", {Grams{0}, Grams{1}, Rest::over, false}},
        {"Cardinal's scoreboard, in motion",
         "cardinal-sb400-whole",
         "   1560kgNMO\r",
         {Grams{1'560'000}, Grams{1000}, Rest::motion, true}},
        {"Sartorius, printed",
         "sartorius",
         "+   123.56 g  \r\n",
         {Grams{124}, Grams{1}, Rest::stable, false, MassUnit::gram}},
        {"Sartorius, no unit: not at rest",
         "sartorius",
         "+   123.56    \r\n",
         {Grams{123'560}, Grams{10}, Rest::motion, false}},
        {"Sartorius, the last digit not verified, printed",
         "sartorius",
         "+  123.5[6]g  \r\n",
         {Grams{124}, Grams{1}, Rest::stable, false, MassUnit::gram}},
        {"Sartorius, a point behind the digits",
         "sartorius",
         "+    1255. kg \r\n",
         {Grams{1'255'000}, Grams{1000}, Rest::stable, false}},
        {"Sartorius, overload", "sartorius", "      H       \r\n", {Grams{0}, Grams{1}, Rest::over, false}},
        {"Sartorius, underload", "sartorius", "      L       \r\n", {Grams{0}, Grams{1}, Rest::under, false}},
        {"Sartorius of 22, gross",
         "sartorius-22",
         "G#    +   1255.7 kg \r\n",
         {Grams{1'255'700}, Grams{100}, Rest::stable, false}},
        {"Sartorius of 22, net",
         "sartorius-22",
         "N     -   123.56 g  \r\n",
         {Grams{-124}, Grams{1}, Rest::stable, true, MassUnit::gram}},
        {"Sartorius of 22, overload",
         "sartorius-22",
         "Stat        H       \r\n",
         {Grams{0}, Grams{1}, Rest::over, false}},
        {"Radwag", "radwag", "S I   +   12.340 kg \r\n", {Grams{12'340}, Grams{1}, Rest::stable, false}},
        {"Radwag, echo of SI, in motion, below zero",
         "radwag",
         "SI  ? -   123.40 g  \r\n",
         {Grams{-123}, Grams{1}, Rest::motion, false, MassUnit::gram}},
        {"Radwag, over", "radwag", "S I ^            kg \r\n", {Grams{0}, Grams{1}, Rest::over, false}},
        {"Radwag, under", "radwag", "S I v            kg \r\n", {Grams{0}, Grams{1}, Rest::under, false}},
        {"A12, printed in the manual",
         "xk3190-a12",
         bytes("57 47 30 30 34 2E 31 33 39 6B 67 33 44 0D 0A"),
         {Grams{4139}, Grams{1}, Rest::stable, false}},
        {"A12, overload, printed", "xk3190-a12", "         OL23\r\n", {Grams{0}, Grams{1}, Rest::over, false}},
        {"A12, underload, printed", "xk3190-a12", "         LO23\r\n", {Grams{0}, Grams{1}, Rest::under, false}},
        {"A12, no point: a blank behind the digits",
         "xk3190-a12",
         "WN001560 kg" + xor_text("WN001560 kg") + "\r\n",
         {Grams{1'560'000}, Grams{1000}, Rest::stable, true}},
        {"A12, below zero",
         "xk3190-a12",
         "WG-04.139kg" + xor_text("WG-04.139kg") + "\r\n",
         {Grams{-4139}, Grams{1}, Rest::stable, false}},
        {"older A12, gross, printed", "xk3190-a12-old", "ww000.000kg\r\n", {Grams{0}, Grams{1}, Rest::stable, false}},
        {"older A12, net", "xk3190-a12-old", "wn012.340kg\r\n", {Grams{12'340}, Grams{1}, Rest::stable, true}},
        {"SMA", "sma", "\n  G      12.340kg \r", {Grams{12'340}, Grams{1}, Rest::stable, false}},
        {"SMA, centre of zero", "sma", "\nZ1G       0.000kg \r", {Grams{0}, Grams{1}, Rest::stable, false}},
        {"SMA, net in motion", "sma", "\n  NM    -12.340kg \r", {Grams{-12'340}, Grams{1}, Rest::motion, true}},
        {"SMA, ten times the resolution",
         "sma",
         "\n  g     12.3400 kg\r",
         {Grams{12'340}, Grams{1}, Rest::stable, false}},
        {"SMA, over", "sma", "\nO G     999.999kg \r", {Grams{0}, Grams{1}, Rest::over, false}},
        {"SMA, under", "sma", "\nU G      -9.999kg \r", {Grams{0}, Grams{1}, Rest::under, false}},
        {"SMA, not yet zeroed", "sma", "\nI G      12.340kg \r", {Grams{0}, Grams{1}, Rest::not_zeroed, false}},
        {"CR alone", "and-indicator", "ST,GS,+  1.240kg\r", load},
        {"LF alone", "and-indicator", "ST,GS,+  1.240kg\n", load},
        {"the sign and then blanks",
         "and-indicator",
         "ST,GS,-  1.240kg\n",
         {Grams{-1240}, Grams{1}, Rest::stable, false}},
    }));
    INFO(row.why);
    auto parser = line_parser(layout(row.layout));
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
        WeightRefusal refused;
    };
    using enum WeightRefusal;
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
        {"Rice Lake: tons, of which nobody knows", "rice-lake", "\x02    1560TG \r\n", other_unit},
        {"Rice Lake, without its STX", "rice-lake", "    1560KG \r\n", bad_layout},
        {"Rice Lake, another status", "rice-lake", "\x02    1560KGx\r\n", other_status},
        {"Tracer AV, pounds", "rice-lake-av", "\x02   12.50LBG \r\n", other_unit},
        {"Cardinal, nothing is displayed", "cardinal", "\r 0012.40e kg g  \x03", other_status},
        {"Cardinal, a digit lost", "cardinal", "\r 001.240 kg g  \x03", bad_layout},
        {"Cardinal, a point where there is none", "cardinal-whole", "\r 001.56  lb g  \x03", other_unit},
        {"Cardinal's scoreboard, nothing is displayed", "cardinal-sb400", "   12.40kgGee\r", other_status},
        {"Sartorius, adjusting", "sartorius", "      C       \r\n", other_status},
        {"Sartorius, an error", "sartorius", "   Err  54    \r\n", other_status},
        {"Sartorius, a final readout", "sartorius", "      --      \r\n", no_digits},
        {"Sartorius, a bracket left open", "sartorius", "+  123.5[6 g  \r\n", bad_number},
        {"Sartorius, a number of pieces", "sartorius-22", "Qnt   +      235 pcs\r\n", other_kind},
        {"Sartorius of 22, a tare", "sartorius-22", "T     +   123.56 g  \r\n", other_kind},
        {"Radwag, cannot now", "radwag", "SI I\r\n", busy},
        {"Radwag, did not settle in its time", "radwag", "S E\r\n", busy},
        {"Radwag, does not know the command", "radwag", "ES\r\n", not_understood},
        {"Radwag, another marker", "radwag", "S I x +   12.340 kg \r\n", other_status},
        {"A12, a wrong checksum", "xk3190-a12", "WG004.139kg3E\r\n", bad_checksum},
        {"A12, a digit changed", "xk3190-a12", "WG004.149kg3D\r\n", bad_checksum},
        {"older A12, a tare", "xk3190-a12-old", "wt000.500kg\r\n", other_kind},
        {"older A12, pounds", "xk3190-a12-old", "ww000.500lb\r\n", other_unit},
        {"SMA, a tare error", "sma", "\nT G      12.340kg \r", other_status},
        {"SMA, a tare", "sma", "\n  T      12.340kg \r", other_kind},
        {"SMA, does not know the command", "sma", "\n?\r", not_understood},
        {"SMA, pounds", "sma", "\n  G      12.340lb \r", other_unit},
        {"Dini, extra letters", "dini-continuous", "ERR01\r\n", not_understood},
        {"Dini, not now", "dini-continuous", "ERR03\r\n", busy},
        {"a hundred million tonnes", "and-indicator", "ST,GS,99999999 t\r\n", too_large},
        {"one byte more than a line may have", "and-indicator", std::string(65, '0') + "\r\n", too_long},
        {"the most bytes that a line may have", "and-indicator", std::string(64, '0') + "\r\n", bad_layout},
        {"without end", "and-indicator", std::string(1000, '0'), too_long},
    }));
    INFO(row.why);
    auto parser = line_parser(layout(row.layout));
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
    auto parser = line_parser(layout("dini-continuous"), row.address);
    const auto out = parser.feed(row.line);
    CHECK(out.weights.size() == (row.taken ? 1U : 0U));
    CHECK(out.refused == (row.taken ? std::vector<WeightRefusal>{} : std::vector{WeightRefusal::other_address}));
}

TEST_CASE("two lines in one read, and CR LF in two") {
    auto parser = line_parser(layout("and-indicator"));
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
                if (rest == Rest::motion && !says_motion(row)) continue;
                const int decimals = has_point(row) ? 3 : 0;
                const Indication w{Grams{decimals == 0 ? g * 1000 : g}, Grams{decimals == 0 ? 1000 : 1}, rest,
                                   !row.kind.empty() && g < 0};
                auto parser = line_parser(row);
                CHECK(parser.feed(encode_line(w, row, decimals)).weights == std::vector{w});
            }
        }
        const auto sent = encode_line(load, row, 3);
        CHECK(sent.size() == row.lead.size() + row.form.size() + row.tail.size());
        const auto line = sent.substr(row.lead.size());
        for (std::size_t n = 1; n + row.tail.size() < line.size(); ++n) {
            CAPTURE(n);
            auto head = line_parser(row);
            CHECK(head.feed(line.substr(0, n)).weights.empty());
            CHECK(head.feed(line).weights.empty());  // the one that it runs into
            CHECK(head.feed(line).weights.size() == 1);
            auto ended = line_parser(row);
            CHECK(ended.feed(line.substr(0, n) + std::string(row.tail)).weights.empty());
            auto tail = line_parser(row);
            CHECK(tail.feed(line.substr(n) + line).weights.size() == 1);
            auto split = line_parser(row);
            CHECK(split.feed(line.substr(0, n)).weights.size() + split.feed(line.substr(n)).weights.size() == 1);
            auto lost = line_parser(row);
            CHECK(lost.feed(std::string(line).erase(n, 1)).weights.empty());
            auto anew = line_parser(row);
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
        CHECK(row.rest.empty() == (row.form.find('H') == std::string_view::npos));
        CHECK(row.kind.empty() == (row.form.find('K') == std::string_view::npos));
        const auto width = [&](char letter) { return std::count(row.form.begin(), row.form.end(), letter); };
        for (const auto& word : row.rest) CHECK(static_cast<long>(word.text.size()) == width('H'));
        for (const auto& word : row.kind) CHECK(static_cast<long>(word.text.size()) <= width('K'));
        CHECK(static_cast<long>(row.kilogram.size()) == width('U'));
        CHECK_FALSE(row.source.empty());
        CHECK_FALSE(row.unconfirmed.empty());
    }
    CHECK(line_layout("cas") == nullptr);
}

TEST_CASE("a megabyte of noise is no weight, takes no room, and a line after it is read") {
    for (const auto& row : line_layouts()) {
        CAPTURE(row.name);
        auto parser = line_parser(row);
        CHECK(parser.feed(noise(1 << 20, 7)).weights.empty());
        CHECK(parser.held() <= LineParser::longest_line);
        CHECK(parser.feed(std::string(row.tail) + encode_line(load, row, 3)).weights.size() == 1);
        const auto endless = parser.feed(std::string(1 << 20, '0'));
        CHECK(endless.refused == std::vector{WeightRefusal::too_long});
        CHECK(parser.held() == 0);
        CHECK(parser.feed(std::string(row.tail) + encode_line(load, row, 3)).weights.size() == 1);
    }
}
