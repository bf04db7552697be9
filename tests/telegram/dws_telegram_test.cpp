#include "telegram/dws_telegram.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::codec;

namespace {

using enum DwsRefusal;
using Field = DwsField;

DwsFormat format(std::vector<Field> fields) {
    DwsFormat f;
    f.fields = std::move(fields);
    return f;
}

}  // namespace

TEST_CASE("dws: a line of seven fields") {
    const auto got = decode_dws("YT1234567890123,1.250,300,200,150,9000,20261123101500", {});
    REQUIRE(got);
    CHECK(got->codes.codes == std::vector<ScanCode>{{"YT1234567890123", ""}});
    CHECK(got->weight == 1250_g);
    CHECK(got->size == DwsSize{300, 200, 150});
    CHECK(got->refused.empty());
}

TEST_CASE("dws: order, separator, units and decimals are settings") {
    auto f = format({Field::ignored, Field::length, Field::width, Field::height, Field::weight, Field::barcode});
    f.separator = ";";
    f.decimal = ',';
    f.mass = DwsMass::gram;
    f.length = DwsLength::centimetre;
    const auto got = decode_dws("7;30,5;20;15;1250;WB1", f);
    REQUIRE(got);
    CHECK(got->weight == 1250_g);
    CHECK(got->size == DwsSize{305, 200, 150});
    CHECK(got->codes.codes.front().text == "WB1");
}

TEST_CASE("dws: weights") {
    struct Row {
        const char* why;
        DwsMass mass;
        const char* text;
        std::optional<Grams> want;
        bool refused;
    };
    const auto row = GENERATE(values<Row>({
        {"kilograms", DwsMass::kilogram, "1.250", 1250_g, false},
        {"without decimals", DwsMass::kilogram, "2", 2000_g, false},
        {"one gram", DwsMass::kilogram, "0.001", 1_g, false},
        {"half a gram is rounded up", DwsMass::kilogram, "0.0015", 2_g, false},
        {"less is rounded down", DwsMass::kilogram, "0.0014", 1_g, false},
        {"less than half a gram is none", DwsMass::kilogram, "0.0004", {}, false},
        {"grams", DwsMass::gram, "1250", 1250_g, false},
        {"pounds", DwsMass::pound, "2.205", 1000_g, false},
        {"ten pounds", DwsMass::pound, "10", 4536_g, false},
        {"blanks and zeros before", DwsMass::kilogram, "  001.250 ", 1250_g, false},
        {"its unit behind it", DwsMass::kilogram, "1.250kg", 1250_g, false},
        {"its unit after a blank", DwsMass::kilogram, "1.250 kg", 1250_g, false},
        {"blank: not weighed", DwsMass::kilogram, "", {}, false},
        {"zero: not weighed, for no parcel weighs nothing", DwsMass::kilogram, "0.000", {}, false},
        {"another unit", DwsMass::kilogram, "1250g", {}, true},
        {"grams with the letter of kilograms", DwsMass::gram, "1.250kg", {}, true},
        {"below zero", DwsMass::kilogram, "-0.005", {}, true},
        {"two points", DwsMass::kilogram, "1.2.5", {}, true},
        {"a point alone at the end", DwsMass::kilogram, "1.", {}, true},
        {"no digit before the point", DwsMass::kilogram, ".5", {}, true},
        {"the other decimal sign", DwsMass::kilogram, "1;250", {}, true},
        {"a word", DwsMass::kilogram, "ERR", {}, true},
        {"a sign of overload", DwsMass::kilogram, "------", {}, true},
        {"the largest", DwsMass::kilogram, "1000000", Grams{1'000'000'000}, false},
        {"one gram more", DwsMass::kilogram, "1000000.001", {}, true},
        {"eleven digits of pounds stay exact", DwsMass::pound, "2000000.0000", Grams{907'184'740}, false},
        {"twelve digits", DwsMass::kilogram, "000000001.250", {}, true},
    }));
    INFO(row.why);
    auto f = format({Field::barcode, Field::weight});
    f.mass = row.mass;
    const auto got = decode_dws(std::string("WB1,") + row.text, f);
    REQUIRE(got);
    CHECK(got->weight == row.want);
    CHECK(got->refused == (row.refused ? std::vector{bad_weight} : std::vector<DwsRefusal>{}));
    CHECK(got->codes.codes.size() == 1);  // the code stands whatever the scale said
}

TEST_CASE("dws: sizes") {
    struct Row {
        const char* why;
        DwsLength unit;
        const char* text;
        std::optional<DwsSize> want;
        std::size_t refused;
    };
    const auto row = GENERATE(values<Row>({
        {"millimetres", DwsLength::millimetre, "300,200,150", DwsSize{300, 200, 150}, 0},
        {"centimetres", DwsLength::centimetre, "30.5,20,15", DwsSize{305, 200, 150}, 0},
        {"metres", DwsLength::metre, "0.3,0.2,0.15", DwsSize{300, 200, 150}, 0},
        {"inches", DwsLength::inch, "10,5,1", DwsSize{254, 127, 25}, 0},
        {"one side was not measured: there is no size", DwsLength::millimetre, "300,0,150", {}, 0},
        {"none was", DwsLength::millimetre, ",,", {}, 0},
        {"the largest", DwsLength::millimetre, "100000,1,1", DwsSize{100'000, 1, 1}, 0},
        {"one more", DwsLength::millimetre, "100001,1,1", {}, 1},
        {"no number", DwsLength::millimetre, "x,y,1", {}, 2},
    }));
    INFO(row.why);
    auto f = format({Field::barcode, Field::length, Field::width, Field::height});
    f.length = row.unit;
    const auto got = decode_dws(std::string("WB1,") + row.text, f);
    REQUIRE(got);
    CHECK(got->size == row.want);
    CHECK(got->refused == std::vector<DwsRefusal>(row.refused, bad_size));
}

TEST_CASE("dws: a wrong number of fields says nothing, for nobody knows which is which") {
    struct Row {
        const char* why;
        const char* text;
        std::size_t optional;
        bool good;
    };
    const auto row = GENERATE(values<Row>({
        {"all", "WB1,1,x", 0, true},
        {"one short", "WB1,1", 0, false},
        {"one short, which may be missing", "WB1,1", 1, true},
        {"two short", "WB1", 1, false},
        {"one more: a code with a separator in it", "WB,1,1,x", 1, false},
        {"nothing", "", 0, false},
        {"a thousand", ",,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,,", 0, false},
    }));
    INFO(row.why);
    auto f = format({Field::barcode, Field::weight, Field::image});
    f.optional = row.optional;
    const auto got = decode_dws(row.text, f);
    CHECK(got.has_value() == row.good);
    if (!got) CHECK(got.error() == field_count);
}

TEST_CASE("dws: no-read, several codes, refused codes and the induction's number") {
    auto f = format({Field::sequence, Field::barcode, Field::weight});
    f.codes.separator = ";";
    const auto read = [&](const char* text) { return *decode_dws(text, f); };
    CHECK(read("7,noread,1.5").codes == ScanTelegram{7, {}, {}});
    CHECK(read("7,noread,1.5").weight == 1500_g);
    CHECK(read("7,,1.5").codes.codes.empty());
    CHECK(read("7,A;B,1.5").codes.codes.size() == 2);
    CHECK(read("7,\x01,1.5").codes.refused == std::vector{ScanRefusal::control_byte});
    CHECK(read("65535,A,1").codes.sequence == 65'535);
    for (const char* bad : {"0,A,1", "65536,A,1", "x,A,1", ",A,1"}) {
        CAPTURE(bad);
        CHECK(read(bad).refused == std::vector{bad_sequence});
        CHECK_FALSE(read(bad).codes.sequence);
    }
}

TEST_CASE("dws: every truncation of a line is refused, or a line with what is left") {
    const std::string line = "WB1,1.250,300,200,150,9000,2026";
    for (std::size_t n = 0; n < line.size(); ++n) {
        const auto got = decode_dws(line.substr(0, n), {});
        if (got) CHECK(got->weight == 1250_g);
    }
}

TEST_CASE("dws: what a station sends is read again") {
    DwsTelegram said;
    said.codes.codes = {{"WB1", ""}};
    said.weight = 1250_g;
    said.size = DwsSize{305, 200, 150};
    for (const auto mass : {DwsMass::kilogram, DwsMass::gram, DwsMass::pound}) {
        for (const auto unit : {DwsLength::millimetre, DwsLength::centimetre, DwsLength::metre, DwsLength::inch}) {
            DwsFormat f;
            f.mass = mass;
            f.length = unit;
            CHECK(decode_dws(encode_dws(said, f), f) == said);
        }
    }
}
