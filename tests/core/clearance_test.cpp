#include "core/clearance.hpp"

#include <catch2/catch.hpp>

using namespace hefang::core;

TEST_CASE("customs times: 14 or 17 digits, real days, China time") {
    struct Row {
        const char* why;
        std::string raw;
        std::optional<std::int64_t> second;
    };
    const auto none = std::nullopt;
    const auto row = GENERATE_COPY(values<Row>({
        {"the epoch is eight in the morning", "19700101080000", 0},
        {"and the second before", "19700101075959", -1},
        {"milliseconds are no part of it", "19700101080000999", 0},
        {"a day of this year", "20261123091455", 1'795'396'495},
        {"the same with milliseconds", "20261123091455012", 1'795'396'495},
        {"a summer without daylight saving", "20260701000000", 1'782'835'200},
        {"29 February of a leap year", "20240229000000", 1'709'136'000},
        {"the last second of a day", "20261231235959", 1'798'732'799},
        {"29 February of no leap year", "20260229000000", none},
        {"29 February of 1900", "19000229000000", none},
        {"31 April", "20260431000000", none},
        {"month 0", "20260001000000", none},
        {"month 13", "20261301000000", none},
        {"day 0", "20260100000000", none},
        {"hour 24", "20260101240000", none},
        {"minute 60", "20260101006000", none},
        {"second 60", "20260101000060", none},
        {"zeros", "00000000000000", none},
        {"missing", "", none},
        {"a letter", "2026112309145x", none},
        {"a sign", "-2026112309145", none},
        {"a blank", "2026112309145 ", none},
        {"ISO form", "2026-11-23T09:14:55", none},
        {"a letter in the milliseconds", "20261123091455x12", none},
    }));
    INFO(row.why);
    const auto time = customs_time(row.raw);
    CHECK(time.second == row.second);
    CHECK(time.raw == row.raw);
}

TEST_CASE("a customs time of any other length is unreadable") {
    const std::string digits = "2026112309145501234";
    for (std::size_t n = 0; n <= digits.size(); ++n) {
        CAPTURE(n);
        CHECK(customs_time(digits.substr(0, n)).second.has_value() == (n == 14 || n == 17));
    }
}

TEST_CASE("a receipt belongs to a declaration when every key that both carry agrees, and one at least") {
    struct Row {
        const char* why;
        StreamKeys receipt, declaration;
        bool belongs;
    };
    const auto row = GENERATE(values<Row>({
        {"nothing in common", {}, {}, false},
        {"agent and copNo", {"A", "c", "", ""}, {"A", "c", "", ""}, true},
        {"another agent with the same copNo", {"A", "c", "", ""}, {"B", "c", "", ""}, false},
        {"another copNo", {"A", "c", "", ""}, {"A", "d", "", ""}, false},
        {"copNo without agent is no key", {"", "c", "", ""}, {"A", "c", "", ""}, false},
        {"agent without copNo is no key", {"A", "", "", ""}, {"A", "", "", ""}, false},
        {"preNo alone", {"", "", "p", ""}, {"A", "c", "p", ""}, true},
        {"invtNo alone", {"", "", "", "i"}, {"A", "c", "", "i"}, true},
        {"preNo of one, invtNo of the other", {"", "", "p", ""}, {"", "", "", "p"}, false},
        {"stream agrees, preNo differs", {"A", "c", "p", ""}, {"A", "c", "q", ""}, false},
        {"stream agrees, invtNo differs", {"A", "c", "", "i"}, {"A", "c", "", "k"}, false},
        {"preNo agrees, stream differs", {"A", "c", "p", ""}, {"A", "d", "p", ""}, false},
        {"preNo agrees, the receipt lacks its agent", {"", "c", "p", ""}, {"A", "d", "p", ""}, true},
        {"all agree", {"A", "c", "p", "i"}, {"A", "c", "p", "i"}, true},
        {"a number that only the receipt has", {"A", "c", "p", "i"}, {"A", "c", "", ""}, true},
    }));
    INFO(row.why);
    CHECK(belongs(row.receipt, row.declaration) == row.belongs);
    CHECK(belongs(row.declaration, row.receipt) == row.belongs);
}
