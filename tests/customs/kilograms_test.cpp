#include "customs/kilograms.hpp"

#include <catch2/catch.hpp>

using hefang::customs::grams_of_kilograms;

TEST_CASE("kilograms become grams exactly, rounded half up") {
    struct Row {
        const char* text;
        std::int64_t grams;
        const char* why;
    };
    const auto row = GENERATE(values<Row>({
        {"4000", 4'000'000, "whole kilograms, as in the official sample"},
        {"0", 0, "zero is a number"},
        {"0.001", 1, "one gram"},
        {"0.0004", 0, "below half a gram"},
        {"0.0005", 1, "half a gram goes up"},
        {"0.00049", 0, "the fifth digit does not round twice"},
        {"0.99949", 999, "below the half"},
        {"0.9995", 1000, "the carry reaches the kilogram"},
        {"1.005", 1005, "no binary fraction: 1.005 is not 1.00499…"},
        {"2.675", 2675, "the same"},
        {"8.2", 8200, "one decimal"},
        {".5", 500, "xs:decimal allows no digit before the point"},
        {"5.", 5000, "nor after it"},
        {"+1.5", 1500, "and a sign of plus"},
        {"0001.5", 1500, "leading zeros mean nothing"},
        {"0000000000000000000001", 1000, "however many"},
        {"1000000000", 1'000'000'000'000, "exactly the most"},
        {"1000000000.00000", 1'000'000'000'000, "the same with zeros"},
        {"999999999.9999", 1'000'000'000'000, "just below it, rounded"},
    }));
    INFO(row.text << ": " << row.why);
    const auto grams = grams_of_kilograms(row.text);
    REQUIRE(grams);
    CHECK(grams->count == row.grams);
}

TEST_CASE("what is no weight is refused and says why") {
    struct Row {
        const char* text;
        const char* detail;
    };
    const auto row = GENERATE(values<Row>({
        {"-1", "is negative"},
        {"-0.001", "is negative"},
        {"", "is no decimal number"},
        {".", "is no decimal number"},
        {"+", "is no decimal number"},
        {"1e3", "is no decimal number"},
        {"1,5", "is no decimal number"},
        {"1 5", "is no decimal number"},
        {"1.5kg", "is no decimal number"},
        {"0x10", "is no decimal number"},
        {"1.2.3", "is no decimal number"},
        {"+-1", "is no decimal number"},
        {"NaN", "is no decimal number"},
        {"１", "is no decimal number"},
        {"1000000000.00001", "is more than 1000000000 kg"},
        {"1000000001", "is more than 1000000000 kg"},
        {"99999999999999999999999", "is more than 1000000000 kg"},
    }));
    INFO(row.text);
    const auto grams = grams_of_kilograms(row.text);
    REQUIRE_FALSE(grams);
    CHECK(grams.error().detail == row.detail);
}
