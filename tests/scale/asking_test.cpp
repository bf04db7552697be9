#include "scale/asking.hpp"

#include <catch2/catch.hpp>

using hefang::BootTime;
using hefang::driver::Asking;

namespace {

constexpr BootTime zero{1'000'000};
constexpr hefang::driver::AskRule rule{100, 300};

/// Quiet since `zero`, asked at zero + 300.
Asking asked_once() {
    Asking a(rule);
    a.begin(zero);
    a.asked(zero + 300);
    return a;
}

}  // namespace

TEST_CASE("asking: a conversation begins with a quiet line") {
    Asking a(rule);
    a.begin(zero);
    CHECK_FALSE(a.due(zero + 299));
    CHECK(a.due(zero + 300));
    CHECK(a.next() == zero + 300);
    CHECK_FALSE(a.in_flight());
}

TEST_CASE("asking: the next question waits for the answer, and for its time") {
    auto a = asked_once();
    CHECK(a.in_flight());
    CHECK_FALSE(a.due(zero + 10'000));
    a.answered(zero + 350);
    CHECK_FALSE(a.in_flight());
    CHECK_FALSE(a.due(zero + 399));
    CHECK(a.due(zero + 400));
    a.asked(zero + 400);
    a.answered(zero + 650);  // slower than the period
    CHECK(a.due(zero + 650));
}

TEST_CASE("asking: an answer that does not come in time is given up once, and the line must be quiet then") {
    auto a = asked_once();
    CHECK_FALSE(a.given_up(zero + 599));
    CHECK(a.given_up(zero + 600));
    CHECK_FALSE(a.given_up(zero + 600));
    CHECK_FALSE(a.in_flight());
    CHECK_FALSE(a.due(zero + 899));
    CHECK(a.due(zero + 900));
}

TEST_CASE("asking: what comes unasked puts the next question off") {
    auto a = asked_once();
    CHECK(a.given_up(zero + 600));
    a.disturbed(zero + 800);  // the late answer
    CHECK_FALSE(a.due(zero + 1'099));
    CHECK(a.due(zero + 1'100));
    a.asked(zero + 1'100);
    a.answered(zero + 1'150);
    a.disturbed(zero + 1'160);  // a second answer to one question
    CHECK_FALSE(a.due(zero + 1'459));
    CHECK(a.due(zero + 1'460));
}
