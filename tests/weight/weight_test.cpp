#include "bytes/feed.hpp"
#include "bytes/hex.hpp"
#include "weight/toledo.hpp"
#include "weight/yaohua.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::codec;

TEST_CASE("units become whole grams by integers alone") {
    struct Row {
        const char* why;
        std::int64_t digits;
        int exponent;
        MassUnit unit;
        std::optional<Grams> want;
    };
    const auto row = GENERATE(values<Row>({
        {"kilograms", 1560, 0, MassUnit::kilogram, Grams{1'560'000}},
        {"grams of a kilogram", 12345, -3, MassUnit::kilogram, Grams{12345}},
        {"half a gram goes up", 123455, -4, MassUnit::kilogram, Grams{12346}},
        {"below half goes down", 123454, -4, MassUnit::kilogram, Grams{12345}},
        {"half a gram below zero goes away from zero", -123455, -4, MassUnit::kilogram, Grams{-12346}},
        {"grams with a decimal", 1005, -1, MassUnit::gram, Grams{101}},
        {"tonnes", 12345, -2, MassUnit::tonne, Grams{123'450'000}},
        {"the largest", 999'999, 0, MassUnit::tonne, Grams{999'999'000'000}},
        {"one more digit", 999'999, 1, MassUnit::tonne, std::nullopt},
        {"an exponent beyond any scale", 1, 10, MassUnit::gram, std::nullopt},
    }));
    INFO(row.why);
    CHECK(to_grams(row.digits, row.exponent, row.unit) == row.want);
}

TEST_CASE("a decimal number is read as it stands, or not at all") {
    struct Row {
        const char* why;
        const char* text;
        std::optional<Decimal> want;
    };
    const auto row = GENERATE(values<Row>({
        {"leading zeros", "0012.34", Decimal{1234, 2}},
        {"no point", "0001560", Decimal{1560, 0}},
        {"zero", "0.0", Decimal{0, 1}},
        {"trailing zeros are places", "1.200", Decimal{1200, 3}},
        {"the most places", "999999999999", Decimal{999'999'999'999, 0}},
        {"the most places and a point", "999999.999999", Decimal{999'999'999'999, 6}},
        {"one place more", "1000000000000", std::nullopt},
        {"one place more and a point", "1000000.000000", std::nullopt},
        {"nothing", "", std::nullopt},
        {"a point alone", ".", std::nullopt},
        {"nothing before the point", ".5", std::nullopt},
        {"nothing behind the point", "5.", std::nullopt},
        {"two points", "1.2.3", std::nullopt},
        {"a comma", "1,2", std::nullopt},
        {"a sign", "-1", std::nullopt},
        {"a blank", "1 2", std::nullopt},
        {"hexadecimal", "0x12", std::nullopt},
        {"an exponent", "1e3", std::nullopt},
    }));
    INFO(row.why);
    CHECK(decimal(row.text) == row.want);
}

TEST_CASE("XK3190 tF=0 frames, as printed in manuals and captured") {
    struct Row {
        const char* why;
        const char* hex;
        Grams grams;
        Grams digit;
    };
    const auto row = GENERATE(values<Row>({
        {"zero, one decimal", "02 2B 30 30 30 30 30 30 30 31 42 03", Grams{0}, Grams{1000}},
        {"a truck", "02 2B 30 30 31 35 36 30 30 31 39 03", Grams{1'560'000}, Grams{1000}},
        {"two decimals", "02 2B 30 30 32 30 30 30 32 31 42 03", Grams{20'000}, Grams{10}},
        {"negative", "02 2D 30 30 30 31 30 30 32 31 45 03", Grams{-1000}, Grams{10}},
        {"three decimals", "02 2B 31 32 33 34 35 36 33 31 46 03", Grams{123'456}, Grams{1}},
        {"negative without decimals", "02 2D 30 30 30 30 32 30 30 31 46 03", Grams{-20'000}, Grams{1000}},
        {"decimals as a raw byte", "02 2B 30 30 32 30 30 30 02 32 42 03", Grams{20'000}, Grams{10}},
    }));
    INFO(row.why);
    YaohuaParser parser(Checksum::required, MassUnit::kilogram);
    const auto out = feed_by_byte(parser, bytes(row.hex));
    CHECK(out.refused.empty());
    REQUIRE(out.weights.size() == 1);
    CHECK(out.weights[0] == Indication{row.grams, row.digit});
}

TEST_CASE("XK3190 refusals, each with its reason") {
    struct Row {
        const char* why;
        std::string stream;
        Checksum checksum;
        std::size_t weights;
        std::vector<WeightRefusal> refused;
    };
    using enum WeightRefusal;
    const auto row = GENERATE(values<Row>({
        {"wrong checksum", bytes("02 2B 30 30 31 30 30 30 30 30 42 03"), Checksum::required, 0, {bad_checksum, noise}},
        {"wrong checksum, only counted",
         bytes("02 2B 30 30 31 30 30 30 30 30 42 03"),
         Checksum::log_only,
         1,
         {bad_checksum}},
        {"no sign", bytes("02 30 30 30 31 35 36 30 30 31 39 03"), Checksum::required, 0, {bad_layout, noise}},
        {"a letter among the digits",
         bytes("02 2B 30 30 31 41 36 30 30 31 39 03"),
         Checksum::required,
         0,
         {bad_layout, noise}},
        {"five decimals", bytes("02 2B 30 30 31 35 36 30 35 31 39 03"), Checksum::required, 0, {bad_layout, noise}},
        {"no ETX", bytes("02 2B 30 30 31 35 36 30 30 31 39 04"), Checksum::required, 0, {bad_layout, noise}},
        {"garbage, then a frame cut by the next",
         bytes("42 03 02 2B 30 30 02 2B 30 30 31 35 36 30 30 31 39 03"),
         Checksum::required,
         1,
         {noise, bad_layout, noise}},
    }));
    INFO(row.why);
    YaohuaParser parser(row.checksum, MassUnit::kilogram);
    const auto out = feed_by_byte(parser, row.stream);
    CHECK(out.weights.size() == row.weights);
    CHECK(out.refused == row.refused);
    for (const auto reason : out.refused) CHECK(name(reason) != "unknown");
}

TEST_CASE("XK3190 in other units") {
    YaohuaParser grams(Checksum::required, MassUnit::gram);
    CHECK(grams.feed(encode_yaohua(Grams{1'560'000}, 0)).weights.at(0).grams == Grams{1560});
    YaohuaParser tonnes(Checksum::required, MassUnit::tonne);
    CHECK(tonnes.feed(encode_yaohua(Grams{12'340}, 3)).weights.at(0).grams == Grams{12'340'000});
}

TEST_CASE("Toledo continuous frames") {
    struct Row {
        const char* why;
        const char* hex;
        Checksum checksum;
        Indication want;
    };
    const auto row = GENERATE(values<Row>({
        {"17 bytes, captured",
         "02 2A 30 20 30 30 30 36 31 30 30 30 30 30 30 30 0D",
         Checksum::absent,
         {Grams{610'000}, Grams{1000}, Rest::stable, false, MassUnit::kilogram, Grams{0}}},
        {"its checksum would be 30",
         "02 2A 30 20 30 30 30 36 31 30 30 30 30 30 30 30 0D 30",
         Checksum::required,
         {Grams{610'000}, Grams{1000}, Rest::stable, false, MassUnit::kilogram, Grams{0}}},
        {"blanks for leading zeros",
         "02 2A 30 20 20 20 31 35 36 30 20 20 20 20 20 30 0D 1B",
         Checksum::required,
         {Grams{1'560'000}, Grams{1000}, Rest::stable, false, MassUnit::kilogram, Grams{0}}},
        {"out of range, no digits",
         "02 2A 34 20 20 20 20 20 20 20 20 20 20 20 20 30 0D 63",
         Checksum::required,
         {Grams{0}, Grams{1000}, Rest::over, false, MassUnit::kilogram, Grams{0}}},
        {"two decimals, print key",
         "02 2C 30 28 20 20 31 35 36 30 20 20 20 20 20 30 0D 11",
         Checksum::required,
         {Grams{15'600}, Grams{10}, Rest::stable, false, MassUnit::kilogram, Grams{0}}},
        {"negative net in motion",
         "02 2C 3B 20 20 20 31 35 36 30 20 20 20 20 35 30 0D 0D",
         Checksum::log_only,
         {Grams{-15'600}, Grams{10}, Rest::motion, true, MassUnit::kilogram, Grams{500}}},
        {"too far below zero, no digits",
         "02 2A 36 20 20 20 20 20 20 20 20 20 20 20 20 30 0D 61",
         Checksum::required,
         {Grams{0}, Grams{1000}, Rest::under, false, MassUnit::kilogram, Grams{0}}},
        {"not zeroed since power-up",
         "02 2A 70 20 20 20 20 20 20 30 20 20 20 20 20 30 0D",
         Checksum::absent,
         {Grams{0}, Grams{1000}, Rest::not_zeroed, false, MassUnit::kilogram, Grams{0}}},
        {"grams by status C",
         "02 2A 30 21 20 20 31 35 36 30 20 20 20 20 20 30 0D",
         Checksum::absent,
         {Grams{1560}, Grams{1}, Rest::stable, false, MassUnit::gram, Grams{0}}},
        {"tonnes by status C, steps of 2",
         "02 34 30 22 20 20 31 35 36 30 20 20 20 20 20 30 0D",
         Checksum::absent,
         {Grams{15'600'000}, Grams{20'000}, Rest::stable, false, MassUnit::tonne, Grams{0}}},
        {"steps of 5 g",
         "02 3D 30 20 20 20 31 35 36 35 20 20 20 20 20 30 0D",
         Checksum::absent,
         {Grams{1565}, Grams{5}, Rest::stable, false, MassUnit::kilogram, Grams{0}}},
    }));
    INFO(row.why);
    ToledoParser parser(row.checksum);
    const auto out = feed_by_byte(parser, bytes(row.hex));
    REQUIRE(out.weights.size() == 1);
    CHECK(out.weights[0] == row.want);
    CHECK(out.refused.size() == (row.checksum == Checksum::log_only ? 1U : 0U));
}

TEST_CASE("Toledo frames without tare") {
    struct Row {
        const char* why;
        const char* hex;
        Checksum checksum;
        Indication want;
    };
    const auto row = GENERATE(values<Row>({
        {"11 bytes", "02 2C 30 20 20 20 31 35 36 30 0D", Checksum::absent, {Grams{15'600}, Grams{10}}},
        {"12 bytes",
         "02 2C 38 20 20 20 31 35 36 30 0D 61",
         Checksum::required,
         {Grams{15'600}, Grams{10}, Rest::motion}},
        {"net", "02 2C 31 20 20 20 31 35 36 30 0D", Checksum::absent, {Grams{15'600}, Grams{10}, Rest::stable, true}},
    }));
    INFO(row.why);
    ToledoParser parser(row.checksum, ToledoForm::short_form);
    const auto out = feed_by_byte(parser, bytes(row.hex));
    CHECK(out.weights == std::vector{row.want});
    CHECK(out.refused.empty());
    CHECK(out.raw == std::vector{bytes(row.hex)});
    ToledoParser full(row.checksum);
    CHECK(full.feed(bytes(row.hex) + bytes(row.hex)).weights.empty());
}

TEST_CASE("Toledo frames without tare: read back, cut anywhere") {
    for (const auto checksum : {Checksum::required, Checksum::absent}) {
        const auto frame = encode_toledo({Grams{12'345}, Grams{5}}, 3, checksum, ToledoForm::short_form);
        for (std::size_t n = 0; n < frame.size(); ++n) {
            CAPTURE(n);
            ToledoParser cut(checksum, ToledoForm::short_form);
            CHECK(cut.feed(frame.substr(0, n)).weights.empty());
            CHECK(cut.feed(frame).weights.size() == 1);
        }
    }
}

TEST_CASE("Yaohua: a wrong checksum passes with log_only, but not where the decimals came as a raw byte") {
    struct Row {
        const char* why;
        bool raw;
        std::size_t weights;
    };
    const auto row = GENERATE(values<Row>({
        {"decimals as a digit: a clone with a fixed checksum", false, 1},
        {"as a raw byte: it may be a NUL in place of a byte of wrong parity", true, 0},
    }));
    INFO(row.why);
    auto frame = encode_yaohua(Grams{1500}, 2, row.raw);
    frame[10] = frame[10] == '0' ? '1' : '0';
    YaohuaParser parser(Checksum::log_only, MassUnit::kilogram);
    const auto out = parser.feed(frame);
    CHECK(out.weights.size() == row.weights);
    REQUIRE_FALSE(out.refused.empty());
    CHECK(out.refused.front() == WeightRefusal::bad_checksum);
}

TEST_CASE("Toledo refusals, each with its reason") {
    struct Row {
        const char* why;
        const char* hex;
        std::vector<WeightRefusal> refused;
    };
    using enum WeightRefusal;
    const auto row = GENERATE(values<Row>({
        {"wrong checksum", "02 2A 30 20 20 20 31 35 36 30 20 20 20 20 20 30 0D 1C", {bad_checksum, noise}},
        {"no CR", "02 2A 30 20 20 20 31 35 36 30 20 20 20 20 20 30 0A 1E", {bad_layout, noise}},
        {"status A without bit 5", "02 0A 30 20 20 20 31 35 36 30 20 20 20 20 20 30 0D 3B", {bad_layout, noise}},
        {"status C without bit 5", "02 2A 30 00 20 20 31 35 36 30 20 20 20 20 20 30 0D 3B", {bad_layout, noise}},
        {"a point among the digits", "02 2A 30 20 20 31 2E 35 36 30 20 20 20 20 20 30 0D 0D", {bad_layout, noise}},
        {"a blank behind a digit", "02 2A 30 20 20 20 31 20 36 30 20 20 20 20 20 30 0D 30", {bad_layout, noise}},
        {"no digits, yet in range", "02 2A 30 20 20 20 20 20 20 20 20 20 20 20 20 30 0D 67", {no_digits}},
        {"pounds", "02 2A 20 20 20 20 31 35 36 30 20 20 20 20 20 30 0D 2B", {other_unit}},
        {"ounces", "02 2A 30 23 20 20 31 35 36 30 20 20 20 20 20 30 0D 18", {other_unit}},
        {"hundreds of tonnes without end", "02 28 30 22 39 39 39 39 39 39 20 20 20 20 20 30 0D 51", {too_large}},
    }));
    INFO(row.why);
    ToledoParser parser(Checksum::required);
    const auto out = feed_by_byte(parser, bytes(row.hex));
    CHECK(out.weights.empty());
    CHECK(out.refused == row.refused);
    for (const auto reason : out.refused) CHECK(name(reason) != "unknown");
}

TEST_CASE("a checksum byte that looks like STX or CR does not lose the stream") {
    ToledoParser parser(Checksum::required);
    std::string stream;
    std::size_t frames = 0;
    for (int g = 0; g < 100'000; g += 10, ++frames)
        stream += encode_toledo({Grams{g}, Grams{10}}, 2, Checksum::required);
    const auto out = parser.feed(stream);
    CHECK(out.weights.size() == frames);
    CHECK(out.refused.empty());
}

TEST_CASE("a frame cut at every place: never a weight, and the next whole one is found") {
    const auto toledo =
        encode_toledo({.grams = Grams{15'600}, .digit = Grams{10}, .tare = Grams{20}}, 2, Checksum::required);
    const auto yaohua = encode_yaohua(Grams{15'600}, 2);
    for (std::size_t n = 0; n < toledo.size(); ++n) {
        CAPTURE(n);
        ToledoParser t;
        CHECK(t.feed(toledo.substr(0, n)).weights.empty());
        CHECK(t.feed(toledo).weights.size() == 1);
        ToledoParser tail;
        CHECK(tail.feed(toledo.substr(n) + toledo).weights.size() == (n == 0 ? 2U : 1U));
    }
    for (std::size_t n = 0; n < yaohua.size(); ++n) {
        CAPTURE(n);
        YaohuaParser y(Checksum::required, MassUnit::kilogram);
        CHECK(y.feed(yaohua.substr(0, n)).weights.empty());
        CHECK(y.feed(yaohua).weights.size() == 1);
        YaohuaParser split(Checksum::required, MassUnit::kilogram);
        CHECK(split.feed(yaohua.substr(0, n)).weights.size() + split.feed(yaohua.substr(n)).weights.size() == 1);
    }
}

TEST_CASE("a megabyte of noise gives no weight where a checksum is required, and a frame after it is read") {
    const auto junk = noise(1 << 20, 7);
    ToledoParser t;
    CHECK(t.feed(junk).weights.empty());
    CHECK(t.feed(std::string(18, '\0') + encode_toledo({Grams{10}, Grams{10}}, 2, Checksum::required)).weights.size() ==
          1);
    YaohuaParser y(Checksum::required, MassUnit::kilogram);
    CHECK(y.feed(junk).weights.empty());
    CHECK(y.feed(std::string(12, '\0') + encode_yaohua(Grams{10}, 2)).weights.size() == 1);
}

TEST_CASE("what a scale encodes is read back") {
    for (const std::int64_t g : {0, 5, 10, 995, 12'340, -12'340, 9'999'990}) {
        CAPTURE(g);
        const Indication w{.grams = Grams{g},
                           .digit = Grams{10},
                           .rest = g == 995 ? Rest::motion : Rest::stable,
                           .net = g < 0,
                           .tare = Grams{20},
                           .preset = g == 10};
        ToledoParser t;
        const auto back = t.feed(encode_toledo(w, 3, Checksum::required)).weights;
        if (g != 9'999'990) {  // seven digits do not fit
            REQUIRE(back.size() == 1);
            CHECK(back[0].grams == w.grams);
            CHECK(back[0].rest == w.rest);
            CHECK(back[0].net == w.net);
            CHECK(back[0].tare == w.tare);
            CHECK(back[0].preset == w.preset);
        }
        YaohuaParser y(Checksum::required, MassUnit::kilogram);
        const auto raw = y.feed(encode_yaohua(Grams{g / 10 * 10}, 2, true)).weights;
        REQUIRE(raw.size() == 1);
        CHECK(raw[0].grams == Grams{g / 10 * 10});
    }
}
