#include "weight/yaohua_eq.hpp"

#include "bytes/feed.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::codec;

TEST_CASE("XK3190 = frames, as printed in manuals") {
    struct Row {
        const char* why;
        const char* form;
        const char* frame;
        Indication want;
    };
    const auto row = GENERATE(values<Row>({
        {"reversed, 3.000", "xk3190-eq-reversed", "=000.3000", {Grams{3000}, Grams{1}}},
        {"reversed, -1.00", "xk3190-eq-reversed", "=00.1000-", {Grams{-1000}, Grams{10}}},
        {"forward, 3.000", "xk3190-eq-forward", "=0003.000", {Grams{3000}, Grams{1}}},
        {"forward, -1.00", "xk3190-eq-forward", "=-0001.00", {Grams{-1000}, Grams{10}}},
        {"no point", "xk3190-eq-forward", "=00001560", {Grams{1'560'000}, Grams{1000}}},
        {"no point, reversed", "xk3190-eq-reversed", "=06510000", {Grams{1'560'000}, Grams{1000}}},
        {"zero", "xk3190-eq-reversed", "=00.00000", {Grams{0}, Grams{10}}},
        {"eight bytes, low digit first", "xk315-eq", "=042.100", {Grams{1240}, Grams{1}}},
        {"eight bytes, below zero", "xk315-eq", "=04.210-", {Grams{-12'400}, Grams{10}}},
        {"blanks for zeros", "xk3190-c602", "G   1.240", {Grams{1240}, Grams{1}}},
        {"net, sign before the digits",
         "xk3190-c602",
         "N  -12.40",
         {.grams = Grams{-12'400}, .digit = Grams{10}, .net = true}},
        {"net, sign first", "xk3190-c602", "N-  12.40", {.grams = Grams{-12'400}, .digit = Grams{10}, .net = true}},
        {"no point", "xk3190-c602", "G    1560", {Grams{1'560'000}, Grams{1000}}},
    }));
    INFO(row.why);
    EqParser parser(*eq_form(row.form), MassUnit::kilogram);
    const auto out = feed_by_byte(parser, std::string(row.frame) + eq_form(row.form)->begins.front());
    CHECK(out.refused.empty());
    CHECK(out.weights == std::vector{row.want});
    CHECK(out.raw == std::vector<std::string>{row.frame});
}

TEST_CASE("XK3190 = refusals, each with its reason") {
    struct Row {
        const char* why;
        const char* form;
        std::string stream;
        std::vector<WeightRefusal> refused;
    };
    using enum WeightRefusal;
    const auto row = GENERATE(values<Row>({
        {"noise alone: one refusal a run", "xk3190-eq-forward", "0003.000", {noise}},
        {"a byte lost", "xk3190-eq-forward", "=000.000=", {bad_layout}},
        {"a byte too many", "xk3190-eq-forward", "=00030.000=", {bad_layout}},
        {"CR LF behind it", "xk3190-eq-forward", "=0003.000\r\n=", {bad_layout}},
        {"the sign at the other end: it is the other order", "xk3190-eq-forward", "=00.1000-=", {bad_number}},
        {"the sign at the other end: it is the other order", "xk3190-eq-reversed", "=-0001.00=", {bad_number}},
        {"no sign", "xk3190-eq-forward", "=1003.000=", {bad_layout}},
        {"no sign, reversed", "xk3190-eq-reversed", "=000.30001=", {bad_layout}},
        {"another sign", "xk3190-eq-forward", "=+003.000=", {bad_layout}},
        {"two points", "xk3190-eq-forward", "=000.3.00=", {bad_number}},
        {"a letter", "xk3190-eq-forward", "=0003.0O0=", {bad_number}},
        {"a blank", "xk3190-eq-forward", "=0  3.000=", {bad_number}},
        {"a NUL for a digit of wrong parity", "xk3190-eq-forward", std::string("=0003.0") + '\0' + "0=", {bad_number}},
        {"a point before all digits", "xk3190-eq-forward", "=0.000300=", {bad_number}},
        {"a byte lost of eight", "xk315-eq", "=42.100=", {bad_layout}},
        {"no sign behind", "xk315-eq", "=042.10 =", {bad_layout}},
        {"blanks alone", "xk3190-c602", "G        G", {bad_number}},
        {"a blank among the digits", "xk3190-c602", "G  1 2.40N", {bad_number}},
        {"two signs", "xk3190-c602", "G --1.240G", {bad_number}},
        {"cut short by the next", "xk3190-c602", "G  1.24G", {bad_layout}},
        {"ten million tonnes", "xk3190-eq-forward", "=09999999=", {too_large}},
    }));
    INFO(row.why);
    EqParser parser(*eq_form(row.form), MassUnit::tonne);
    const auto out = feed_by_byte(parser, row.stream);
    CHECK(out.weights.empty());
    CHECK(out.refused == row.refused);
    for (const auto reason : out.refused) CHECK(name(reason) != "unknown");
}

TEST_CASE("XK3190 = frames: read back, cut anywhere, one byte lost or doubled anywhere") {
    for (const auto& order : eq_forms()) {
        CAPTURE(order.name);
        const std::string next(1, order.begins.front());
        for (const std::int64_t g : {0, 5, 995, 1240, -1240, 99'995}) {
            CAPTURE(g);
            EqParser parser(order, MassUnit::kilogram);
            CHECK(parser.feed(encode_eq(Grams{g}, 3, order) + next).weights ==
                  std::vector{Indication{Grams{g}, Grams{1}}});
        }
        CHECK(EqParser(order, MassUnit::kilogram).feed(encode_eq(Grams{2000}, 0, order) + next).weights.at(0).grams ==
              Grams{2000});
        CHECK(EqParser(order, MassUnit::kilogram).feed(encode_eq(Grams{2000}, 4, order) + next).weights.at(0).grams ==
              Grams{2000});
        const auto frame = encode_eq(Grams{1240}, 3, order);
        REQUIRE(frame.size() == order.length());
        for (std::size_t n = 1; n < frame.size(); ++n) {
            CAPTURE(n);
            EqParser head(order, MassUnit::kilogram);
            CHECK(head.feed(frame.substr(0, n)).weights.empty());
            CHECK(head.feed(frame + frame + next).weights.size() == 2);
            EqParser tail(order, MassUnit::kilogram);
            CHECK(tail.feed(frame.substr(n) + frame + next).weights.size() == 1);
            EqParser split(order, MassUnit::kilogram);
            CHECK(split.feed(frame.substr(0, n)).weights.empty());
            CHECK(split.feed(frame.substr(n) + next).weights.size() == 1);
            EqParser lost(order, MassUnit::kilogram);
            CHECK(lost.feed(std::string(frame).erase(n, 1) + next).weights.empty());
            EqParser doubled(order, MassUnit::kilogram);
            CHECK(doubled.feed(std::string(frame).insert(n, 1, frame[n]) + next).weights.empty());
            EqParser anew(order, MassUnit::kilogram);
            CHECK(anew.feed(frame).weights.empty());
            anew.drop();
            CHECK(anew.feed(frame + next).weights.size() == 1);
        }
    }
}

TEST_CASE("XK3190 = frames: a megabyte of noise is no weight, takes no room, and a frame after it is read") {
    EqParser parser(*eq_form("xk3190-eq-forward"), MassUnit::kilogram);
    CHECK(parser.feed(noise(1 << 20, 7)).weights.empty());
    CHECK(parser.held() <= 9);
    CHECK(parser.feed("x=0003.000=").weights.size() == 1);
}
