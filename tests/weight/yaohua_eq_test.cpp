#include "weight/yaohua_eq.hpp"

#include "bytes/feed.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::codec;

TEST_CASE("XK3190 = frames, as printed in manuals") {
    struct Row {
        const char* why;
        EqOrder order;
        const char* frame;
        EqWeight want;
    };
    const auto row = GENERATE(values<Row>({
        {"reversed, 3.000", EqOrder::reversed, "=000.3000", {Grams{3000}, Grams{1}}},
        {"reversed, -1.00", EqOrder::reversed, "=00.1000-", {Grams{-1000}, Grams{10}}},
        {"forward, 3.000", EqOrder::forward, "=0003.000", {Grams{3000}, Grams{1}}},
        {"forward, -1.00", EqOrder::forward, "=-0001.00", {Grams{-1000}, Grams{10}}},
        {"no point", EqOrder::forward, "=00001560", {Grams{1'560'000}, Grams{1000}}},
        {"no point, reversed", EqOrder::reversed, "=06510000", {Grams{1'560'000}, Grams{1000}}},
        {"zero", EqOrder::reversed, "=00.00000", {Grams{0}, Grams{10}}},
    }));
    INFO(row.why);
    EqParser parser(row.order, MassUnit::kilogram);
    const auto out = feed_by_byte(parser, std::string(row.frame) + "=");
    CHECK(out.refused.empty());
    CHECK(out.weights == std::vector{row.want});
}

TEST_CASE("XK3190 = refusals, each with its reason") {
    struct Row {
        const char* why;
        EqOrder order;
        std::string stream;
        std::vector<EqRefusal> refused;
    };
    using enum EqRefusal;
    const auto row = GENERATE(values<Row>({
        {"noise alone: one refusal a run", EqOrder::forward, "0003.000", {noise}},
        {"a byte lost", EqOrder::forward, "=000.000=", {bad_layout}},
        {"a byte too many", EqOrder::forward, "=00030.000=", {bad_layout}},
        {"CR LF behind it", EqOrder::forward, "=0003.000\r\n=", {bad_layout}},
        {"the sign at the other end: it is the other order", EqOrder::forward, "=00.1000-=", {bad_number}},
        {"the sign at the other end: it is the other order", EqOrder::reversed, "=-0001.00=", {bad_number}},
        {"no sign", EqOrder::forward, "=1003.000=", {bad_layout}},
        {"no sign, reversed", EqOrder::reversed, "=000.30001=", {bad_layout}},
        {"another sign", EqOrder::forward, "=+003.000=", {bad_layout}},
        {"two points", EqOrder::forward, "=000.3.00=", {bad_number}},
        {"a letter", EqOrder::forward, "=0003.0O0=", {bad_number}},
        {"a blank", EqOrder::forward, "=0  3.000=", {bad_number}},
        {"a NUL for a digit of wrong parity", EqOrder::forward, std::string("=0003.0") + '\0' + "0=", {bad_number}},
        {"a point before all digits", EqOrder::forward, "=0.000300=", {bad_number}},
        {"ten million tonnes", EqOrder::forward, "=09999999=", {too_large}},
    }));
    INFO(row.why);
    EqParser parser(row.order, MassUnit::tonne);
    const auto out = feed_by_byte(parser, row.stream);
    CHECK(out.weights.empty());
    CHECK(out.refused == row.refused);
    for (const auto reason : out.refused) CHECK(name(reason) != "unknown");
}

TEST_CASE("XK3190 = frames: read back, cut anywhere, one byte lost or doubled anywhere") {
    for (const auto order : {EqOrder::reversed, EqOrder::forward}) {
        CAPTURE(order == EqOrder::forward);
        for (const std::int64_t g : {0, 5, 995, 1240, -1240, 999'995}) {
            CAPTURE(g);
            EqParser parser(order, MassUnit::kilogram);
            CHECK(parser.feed(encode_eq(Grams{g}, 3, order) + "=").weights ==
                  std::vector{EqWeight{Grams{g}, Grams{1}}});
        }
        CHECK(EqParser(order, MassUnit::kilogram).feed(encode_eq(Grams{2000}, 0, order) + "=").weights.at(0).grams ==
              Grams{2000});
        CHECK(EqParser(order, MassUnit::kilogram).feed(encode_eq(Grams{2000}, 4, order) + "=").weights.at(0).grams ==
              Grams{2000});
        const auto frame = encode_eq(Grams{1240}, 3, order);
        REQUIRE(frame.size() == 9);
        for (std::size_t n = 1; n < frame.size(); ++n) {
            CAPTURE(n);
            EqParser head(order, MassUnit::kilogram);
            CHECK(head.feed(frame.substr(0, n)).weights.empty());
            CHECK(head.feed(frame + frame + "=").weights.size() == 2);
            EqParser tail(order, MassUnit::kilogram);
            CHECK(tail.feed(frame.substr(n) + frame + "=").weights.size() == 1);
            EqParser split(order, MassUnit::kilogram);
            CHECK(split.feed(frame.substr(0, n)).weights.empty());
            CHECK(split.feed(frame.substr(n) + "=").weights.size() == 1);
            EqParser lost(order, MassUnit::kilogram);
            CHECK(lost.feed(std::string(frame).erase(n, 1) + "=").weights.empty());
            EqParser doubled(order, MassUnit::kilogram);
            CHECK(doubled.feed(std::string(frame).insert(n, 1, frame[n]) + "=").weights.empty());
            EqParser anew(order, MassUnit::kilogram);
            CHECK(anew.feed(frame).weights.empty());
            anew.drop();
            CHECK(anew.feed(frame + "=").weights.size() == 1);
        }
    }
}

TEST_CASE("XK3190 = frames: a megabyte of noise is no weight, takes no room, and a frame after it is read") {
    EqParser parser(EqOrder::forward, MassUnit::kilogram);
    CHECK(parser.feed(noise(1 << 20, 7)).weights.empty());
    CHECK(parser.held() <= 9);
    CHECK(parser.feed("x=0003.000=").weights.size() == 1);
}
