#include "bytes/feed.hpp"
#include "bytes/hex.hpp"
#include "weight/dini.hpp"
#include "weight/mt_sics.hpp"
#include "weight/nci.hpp"
#include "weight/weight_line.hpp"
#include "weight/yaohua_command.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::codec;

namespace {

/// A parser of the dialect's answers.
std::unique_ptr<WeightParser> parser_of(const std::string& dialect) {
    if (dialect == "mt-sics")
        return std::make_unique<LineParser>([](auto line) { return read_mt_sics(line, MassUnit::kilogram); });
    if (dialect == "nci") return std::make_unique<LineParser>(read_nci, std::string(nci_ends));
    if (dialect == "dini-extended")
        return std::make_unique<LineParser>([](auto line) { return read_dini_extended(line); });
    if (dialect == "dini-at-7")
        return std::make_unique<LineParser>([](auto line) { return read_dini_extended(line, 7); });
    if (dialect == "dini-record") return std::make_unique<LineParser>([](auto line) { return read_dini_record(line); });
    return std::make_unique<YaohuaAnswerParser>('A', dialect == "net" ? YaohuaCommand::net : YaohuaCommand::gross,
                                                MassUnit::kilogram);
}

const std::vector<std::string> dialects{"mt-sics", "nci", "dini-extended", "dini-record", "gross"};

std::string encoded(const std::string& dialect, Indication weight) {
    if (dialect == "mt-sics") return encode_mt_sics(weight, 3);
    if (dialect == "nci") return encode_nci(weight, 3);
    if (dialect == "dini-extended") return encode_dini_extended(weight, 3);
    if (dialect == "dini-record") {
        weight.alibi = "00000-000158";
        return encode_dini_record(weight, 3);
    }
    return encode_yaohua_answer('A', YaohuaCommand::gross, weight.grams, 3);
}

constexpr auto kg = MassUnit::kilogram;

}  // namespace

TEST_CASE("answers as makers print them and as they were captured") {
    struct Row {
        const char* why;
        const char* dialect;
        std::string answer;
        Indication want;
    };
    const auto row = GENERATE(values<Row>({
        {"MT-SICS, stable, printed",
         "mt-sics",
         bytes("53 20 53 20 20 20 20 20 31 30 30 2E 30 30 20 67 0D 0A"),
         {Grams{100}, Grams{1}, Rest::stable, false, MassUnit::gram}},
        {"MT-SICS, dynamic, captured",
         "mt-sics",
         "S D    -0.6800 g\r\n",
         {Grams{-1}, Grams{1}, Rest::motion, false, MassUnit::gram}},
        {"MT-SICS, overload", "mt-sics", "S +\r\n", {.rest = Rest::over}},
        {"MT-SICS, underload", "mt-sics", "S -\r\n", {.rest = Rest::under}},
        {"MT-SICS, the unit is missing", "mt-sics", "S S      12.50\r\n", {Grams{12'500}, Grams{10}}},
        {"MT-SICS, a longer run of blanks",
         "mt-sics",
         "S S               12.50    kg \r\n",
         {Grams{12'500}, Grams{10}}},
        {"NCI, as a 6702 sends it", "nci", "\n01.240KG\n\rS00\r\x03", {Grams{1240}, Grams{1}}},
        {"NCI, CR before its LF", "nci", "\n01.240kg\r\n\rS00\r\x03", {Grams{1240}, Grams{1}}},
        {"NCI, in motion", "nci", "\n01.240KG\n\rS10\r\x03", {Grams{1240}, Grams{1}, Rest::motion}},
        {"NCI, over capacity, status alone", "nci", "\rS02\r\x03", {.rest = Rest::over}},
        {"NCI, below zero, status alone", "nci", "\rS01\r\x03", {.rest = Rest::under}},
        {"NCI, not yet zeroed", "nci", "\rS08\r\x03", {.rest = Rest::not_zeroed}},
        {"NCI, a third digit of status", "nci", "\n01.240KG\n\rS000\r\x03", {Grams{1240}, Grams{1}}},
        {"Dini extended, no tare",
         "dini-extended",
         "1ST,   1.240,     0.000,         0,kg\r\n",
         {Grams{1240}, Grams{1}, Rest::stable, false, kg, Grams{0}}},
        {"Dini extended, a keyed tare, date and time behind",
         "dini-extended",
         "1ST,   1.240,PT   0.200,         0,kg,25/11/26 10:15:02\r\n",
         {Grams{1240}, Grams{1}, Rest::stable, true, kg, Grams{200}, true}},
        {"Dini extended, another width, a weighed tare, in motion",
         "dini-extended",
         "2US,     12.40,       0.20,0,kg\r\n",
         {Grams{12'400}, Grams{10}, Rest::motion, true, kg, Grams{200}}},
        {"Dini extended, over",
         "dini-extended",
         "1OL,        ,     0.000,         0,kg\r\n",
         {.rest = Rest::over, .tare = Grams{0}}},
        {"Dini extended, its own address",
         "dini-at-7",
         "071ST,   1.240,     0.000,         0,kg\r\n",
         {Grams{1240}, Grams{1}, Rest::stable, false, kg, Grams{0}}},
        {"Dini's record, as printed but with points",
         "dini-record",
         "PIDST,1,    1500.0kg,PT       2.8kg,00000-000158\r\n",
         {Grams{1'500'000}, Grams{100}, Rest::stable, false, kg, Grams{2800}, true, "00000-000158"}},
        {"Dini's record, not kept",
         "dini-record",
         "PIDUS,1,    1500.0kg,PT       2.8kg,NO\r\n",
         {Grams{1'500'000}, Grams{100}, Rest::motion, false, kg, Grams{2800}, true, "NO"}},
        {"Dini's record, over",
         "dini-record",
         "PIDOL,1,          kg,         0.0kg,NO\r\n",
         {.rest = Rest::over, .alibi = "NO"}},
        {"command mode, gross, captured",
         "gross",
         bytes("02 41 42 2B 30 30 38 38 38 30 33 31 33 03"),
         {Grams{8880}, Grams{1}}},
        {"command mode, zero, captured",
         "gross",
         bytes("02 41 42 2B 30 30 30 30 30 30 33 31 42 03"),
         {Grams{0}, Grams{1}}},
        {"command mode, a truck",
         "gross",
         bytes("02 41 42 2B 30 30 31 35 36 30 30 31 41 03"),
         {Grams{1'560'000}, Grams{1000}}},
        {"command mode, net below zero",
         "net",
         bytes("02 41 44 2D 30 30 30 30 32 35 32 31 44 03"),
         {Grams{-250}, Grams{10}, Rest::stable, true}},
    }));
    INFO(row.why);
    const auto parser = parser_of(row.dialect);
    const auto out = feed_by_byte(*parser, row.answer);
    CHECK(out.refused.empty());
    CHECK(out.weights == std::vector{row.want});
    REQUIRE(out.raw.size() == 1);
    CHECK(row.answer.find(out.raw[0]) != std::string::npos);
}

TEST_CASE("answers that are refused, each with its reason") {
    struct Row {
        const char* why;
        const char* dialect;
        std::string answer;
        WeightRefusal refused;
    };
    using enum WeightRefusal;
    const auto row = GENERATE(values<Row>({
        {"MT-SICS, cannot now", "mt-sics", "S I\r\n", busy},
        {"MT-SICS, syntax", "mt-sics", "ES\r\n", not_understood},
        {"MT-SICS, transmission", "mt-sics", "ET\r\n", not_understood},
        {"MT-SICS, logic", "mt-sics", "EL\r\n", not_understood},
        {"MT-SICS, what it says after power-up", "mt-sics", "I4 A \"0123456789\"\r\n", bad_layout},
        {"MT-SICS, another status", "mt-sics", "S X      12.50 kg\r\n", bad_layout},
        {"MT-SICS, another status alone", "mt-sics", "S X\r\n", other_status},
        {"MT-SICS, no value", "mt-sics", "S S\r\n", no_digits},
        {"MT-SICS, a letter among the digits", "mt-sics", "S S      12.5O kg\r\n", bad_number},
        {"MT-SICS, pounds", "mt-sics", "S S      12.50 lb\r\n", other_unit},
        {"MT-SICS, a word too many", "mt-sics", "S S      12.50 kg x\r\n", other_unit},
        {"MT-SICS, a word behind the sign", "mt-sics", "S + 1\r\n", bad_layout},
        {"MT-SICS, beyond any scale", "mt-sics", "S S 9999999999 t\r\n", too_large},
        {"MT-SICS, without end", "mt-sics", std::string(65, ' '), too_long},
        {"NCI, status alone though all is well: no weight now", "nci", "\rS00\r\x03", busy},
        {"NCI, pounds", "nci", "\n01.240LB\n\rS00\r\x03", other_unit},
        {"NCI, no status", "nci", "\n01.240KG\n\x03", bad_layout},
        {"NCI, half a status", "nci", "\n01.240KG\n\rS0\r\x03", bad_layout},
        {"NCI, a letter for a status", "nci", "\n01.240KG\n\rS0A\r\x03", bad_layout},
        {"NCI, a third piece", "nci", "\n01.240KG\n\rS00\rS00\r\x03", bad_layout},
        {"NCI, dashes", "nci", "\n------KG\n\rS00\r\x03", no_digits},
        {"Dini extended, another scale's", "dini-at-7", "081ST,   1.240,     0.000,         0,kg\r\n", other_address},
        {"Dini extended, no address though one is due", "dini-at-7", "1ST,   1.240,     0.000,         0,kg\r\n",
         other_address},
        {"Dini extended, an address that is not configured", "dini-extended",
         "011ST,   1.240,     0.000,         0,kg\r\n", other_address},
        {"Dini extended, the standard line", "dini-extended", "ST,GS,   1.240,kg\r\n", bad_layout},
        {"Dini extended, another word", "dini-extended", "1XX,   1.240,     0.000,         0,kg\r\n", other_status},
        {"Dini extended, pounds", "dini-extended", "1ST,   1.240,     0.000,         0,lb\r\n", other_unit},
        {"Dini extended, no digits", "dini-extended", "1ST,        ,     0.000,         0,kg\r\n", no_digits},
        {"Dini extended, a tare of letters", "dini-extended", "1ST,   1.240,   abc,         0,kg\r\n", bad_layout},
        {"Dini extended, not now", "dini-extended", "ERR03\r\n", busy},
        {"Dini extended, unknown command", "dini-extended", "ERR04\r\n", not_understood},
        {"Dini's record, half a number", "dini-record", "PIDST,1,    1500.0kg,PT       2.8kg,00000-00015\r\n",
         bad_layout},
        {"Dini's record, no number", "dini-record", "PIDST,1,    1500.0kg,PT       2.8kg,\r\n", bad_layout},
        {"Dini's record, another word", "dini-record", "PIDXX,1,    1500.0kg,PT       2.8kg,NO\r\n", other_status},
        {"Dini's record, pounds", "dini-record", "PIDST,1,    1500.0lb,PT       2.8lb,00000-000158\r\n", other_unit},
        {"command mode, a wrong checksum", "gross", bytes("02 41 42 2B 30 30 38 38 38 30 33 31 34 03"), bad_checksum},
        {"command mode, another indicator's", "gross", encode_yaohua_answer('B', YaohuaCommand::gross, Grams{8880}, 3),
         other_address},
        {"command mode, the answer to another question", "gross",
         encode_yaohua_answer('A', YaohuaCommand::tare, Grams{8880}, 3), other_kind},
        {"command mode, a letter among the digits", "gross", bytes("02 41 42 2B 30 30 38 41 38 30 33 31 33 03"),
         bad_layout},
        {"command mode, noise", "gross", "x", noise},
    }));
    INFO(row.why);
    const auto parser = parser_of(row.dialect);
    const auto out = feed_by_byte(*parser, row.answer);
    CHECK(out.weights.empty());
    REQUIRE_FALSE(out.refused.empty());
    CHECK(out.refused.front() == row.refused);
    CHECK(name(row.refused) != "unknown");
}

TEST_CASE("questions of the command mode, as printed") {
    CHECK(yaohua_question('A', YaohuaCommand::gross) == bytes("02 41 42 30 33 03"));
    CHECK(yaohua_question('A', YaohuaCommand::tare) == bytes("02 41 43 30 32 03"));
    CHECK(yaohua_question('A', YaohuaCommand::net) == bytes("02 41 44 30 35 03"));
    CHECK(yaohua_question('B', YaohuaCommand::net) == bytes("02 42 44 30 36 03"));
}

TEST_CASE("answers: read back, cut anywhere, byte by byte, two in one read") {
    for (const auto& dialect : dialects) {
        CAPTURE(dialect);
        for (const std::int64_t g : {0, 5, 995, 1240, -1240, 99'995}) {
            CAPTURE(g);
            const auto back = parser_of(dialect)->feed(encoded(dialect, {Grams{g}, Grams{1}})).weights;
            REQUIRE(back.size() == 1);
            CHECK(back[0].grams == Grams{g});
            CHECK(back[0].rest == Rest::stable);
        }
        const auto answer = encoded(dialect, {Grams{1240}, Grams{1}});
        CHECK(parser_of(dialect)->feed(answer + answer).weights.size() == 2);
        const auto begins = answer.find_first_not_of("\r\n");
        for (std::size_t n = begins + 1; n + 1 < answer.size(); ++n) {
            CAPTURE(n);
            const auto parser = parser_of(dialect);
            const auto first = parser->feed(answer.substr(0, n)).weights.size();
            CHECK(first + parser->feed(answer.substr(n)).weights.size() == 1);
            const auto anew = parser_of(dialect);
            (void)anew->feed(answer.substr(0, n));
            anew->drop();
            CHECK(anew->feed(answer).weights.size() == 1);
        }
    }
}

TEST_CASE("answers: a megabyte of noise is no weight, takes no room, and an answer after it is read") {
    for (const auto& dialect : dialects) {
        CAPTURE(dialect);
        const auto parser = parser_of(dialect);
        CHECK(parser->feed(noise(1 << 20, 7)).weights.empty());
        CHECK(parser->held() <= LineParser::longest_line);
        CHECK(parser->feed(std::string(1 << 20, '0')).weights.empty());
        CHECK(parser->held() <= LineParser::longest_line);
        CHECK(parser->feed("\x03\r\n" + encoded(dialect, {Grams{1240}, Grams{1}})).weights.size() == 1);
    }
}
