#include "number/check_digit.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace hefang::number;

namespace {

using CheckDigit = bool (*)(std::string_view);
constexpr std::string_view digits = "0123456789";

/// Every text that differs from `good` in one of the places from `first` up to `last`, by a character of `alphabet`.
template <class Take>
void each_single_error(const std::string& good, std::size_t first, std::size_t last, std::string_view alphabet,
                       Take take) {
    for (std::size_t at = first; at < last; ++at)
        for (const char c : alphabet) {
            if (c == good[at]) continue;
            auto wrong = good;
            wrong[at] = c;
            CAPTURE(good, wrong);
            take(wrong, at, c);
        }
}

}  // namespace

TEST_CASE("published numbers have the check digit that their scheme demands") {
    struct Row {
        const char* why;
        CheckDigit check;
        std::string number;
    };
    const auto row = GENERATE(values<Row>({
        {"S10", s10_check, "RR473124829GB"},
        {"S10, the last remainder", s10_check, "EE471108151FR"},
        {"container", iso6346_check, "CSQU3054383"},
        {"container", iso6346_check, "CBHU3202732"},
        {"container", iso6346_check, "MWCU6059784"},
        {"container, remainder 0", iso6346_check, "TGHU7599330"},
        {"container, remainder 10 is written 0", iso6346_check, "TGHU0000040"},
        {"SSCC", gs1_check, "095287654321012346"},
        {"SSCC", gs1_check, "006141411234567890"},
        {"GTIN-14", gs1_check, "09521234543213"},
        {"GTIN-13", gs1_check, "6901234567892"},
        {"GTIN-13", gs1_check, "4006381333931"},
        {"GTIN-12", gs1_check, "036000291452"},
        {"GTIN-8", gs1_check, "96385074"},
        {"air waybill", awb_check, "020-81140743"},
        {"air waybill without hyphen", awb_check, "17612345675"},
        {"social credit code", uscc_check, "91350100M000100Y43"},
    }));
    INFO(row.why);
    CAPTURE(row.number);
    CHECK(row.check(row.number));
}

TEST_CASE("S10: the remainders 10 and 11 are written 0 and 5") {
    CHECK(s10_check("RR020000000GB"));  // 2·6 = 12, which leaves 1: 11 − 1
    CHECK(s10_check("RR100010005GB"));  // 8 + 3 = 11, which leaves 0: 11 − 0
}

TEST_CASE("every single wrong digit shows, where the scheme can show it") {
    struct Row {
        const char* why;
        CheckDigit check;
        std::string good;
        std::size_t first, last;
        std::string_view alphabet;
    };
    // S10 and ISO 6346: numbers whose remainder shares its digit with no other.
    const auto row = GENERATE(values<Row>({
        {"S10", s10_check, "RR473124829GB", 2, 11, digits},
        {"S10", s10_check, "EE471108151FR", 2, 11, digits},
        {"container", iso6346_check, "CSQU3054383", 4, 11, digits},
        {"container", iso6346_check, "MWCU6059784", 4, 11, digits},
        {"SSCC", gs1_check, "095287654321012346", 0, 18, digits},
        {"GTIN-14", gs1_check, "09521234543213", 0, 14, digits},
        {"GTIN-13", gs1_check, "6901234567892", 0, 13, digits},
        {"GTIN-12", gs1_check, "036000291452", 0, 12, digits},
        {"GTIN-8", gs1_check, "96385074", 0, 8, digits},
        {"social credit code", uscc_check, "91350100M000100Y43", 0, 18, uscc_alphabet},
    }));
    INFO(row.why);
    each_single_error(row.good, row.first, row.last, row.alphabet,
                      [&](const std::string& wrong, std::size_t, char) { CHECK_FALSE(row.check(wrong)); });
}

TEST_CASE("an air waybill shows every wrong digit but one that is off by 7; of the airline it shows nothing") {
    const std::string good = "02081140743";
    each_single_error(good, 3, 11, digits, [&](const std::string& wrong, std::size_t at, char c) {
        const bool unseen = at < 10 && (c - good[at] == 7 || good[at] - c == 7);
        CHECK(awb_check(wrong) == unseen);
    });
    each_single_error(good, 0, 3, digits, [](const std::string& wrong, std::size_t, char) { CHECK(awb_check(wrong)); });
}

TEST_CASE("remainders that share a digit hide an error: this is the scheme, not us") {
    CHECK(iso6346_check("TGHU7599330"));
    std::size_t unseen = 0;
    each_single_error("TGHU7599330", 4, 11, digits,
                      [&](const std::string& wrong, std::size_t, char) { unseen += iso6346_check(wrong) ? 1U : 0U; });
    CHECK(unseen == 5);  // those that turn the remainder 0 into 10
}

TEST_CASE("a text of another length or with other characters has no right check digit") {
    struct Row {
        const char* why;
        CheckDigit check;
        std::string text;
    };
    const auto row = GENERATE(values<Row>({
        {"nothing", gs1_check, ""},
        {"a check digit alone", gs1_check, "0"},
        {"a letter", gs1_check, "690123456789Z"},
        {"S10 cut", s10_check, "RR473124829G"},
        {"S10 longer", s10_check, "RR473124829GBB"},
        {"S10 with a letter among the digits", s10_check, "RR47312482OGB"},
        {"S10 in small letters", s10_check, "rr473124829gb"},
        {"container cut", iso6346_check, "CSQU305438"},
        {"container longer", iso6346_check, "CSQU30543833"},
        {"container with a digit among the letters", iso6346_check, "CS1U3054383"},
        {"air waybill cut", awb_check, "0208114074"},
        {"air waybill longer", awb_check, "020811407433"},
        {"air waybill with its hyphen elsewhere", awb_check, "0208-1140743"},
        {"air waybill, hyphen and one digit less", awb_check, "020-8114074"},
        {"social credit code cut", uscc_check, "91350100M000100Y4"},
        {"social credit code longer", uscc_check, "91350100M000100Y433"},
        {"social credit code with an I", uscc_check, "91350100I000100Y43"},
    }));
    INFO(row.why);
    CHECK_FALSE(row.check(row.text));
}
