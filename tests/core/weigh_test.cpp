#include "core/weigh.hpp"

#include <limits>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::core;
using reading::WeightQuality;

namespace {

constexpr auto stable = WeightQuality::stable;

/// A stable weighing of `m` against `d` on a scale whose interval is not configured.
Weighing weighing(Grams m, std::optional<Grams> d) {
    Weighing w;
    w.lane_has_scale = true;
    w.measured = m;
    w.quality = stable;
    w.declared = d;
    return w;
}

struct Seen {
    std::optional<Reason> reason;
    std::optional<ParcelClass> first, second;
};

Seen seen(Weighing w, const Policy& policy = {}) {
    w.second = false;
    const auto first = weigh(w, policy).finding;
    w.second = true;
    const auto second = weigh(w, policy).finding;
    REQUIRE(first.has_value() == second.has_value());
    if (!first) return {};
    REQUIRE(first->verdict == Verdict::inspect);
    REQUIRE(second->verdict == Verdict::inspect);
    REQUIRE(first->reason == second->reason);
    return {first->reason, first->parcel_class, second->parcel_class};
}

constexpr auto inspect = ParcelClass::inspect;
constexpr auto reweigh = ParcelClass::reweigh;

}  // namespace

TEST_CASE("what the scale said before any comparison") {
    struct Row {
        const char* why;
        bool scale;
        std::optional<WeightQuality> quality;
        std::optional<Grams> measured, declared;
        std::optional<Reason> reason;
        ParcelClass first;
    };
    const auto row = GENERATE(values<Row>({
        {"no scale: no check", false, std::nullopt, std::nullopt, 1000_g, std::nullopt, inspect},
        {"no scale, nothing declared", false, std::nullopt, std::nullopt, std::nullopt, std::nullopt, inspect},
        {"no weight in the window", true, std::nullopt, std::nullopt, 1000_g, Reason::weight_missing, reweigh},
        {"stable, but no value", true, stable, std::nullopt, 1000_g, Reason::weight_missing, reweigh},
        {"motion", true, WeightQuality::unstable, 1000_g, 1000_g, Reason::weight_unstable, reweigh},
        {"two parcels share it", true, WeightQuality::unstable, std::nullopt, 1000_g, Reason::weight_unstable, reweigh},
        {"overload", true, WeightQuality::overload, std::nullopt, 1000_g, Reason::weight_unstable, reweigh},
        {"nothing declared", true, stable, 1000_g, std::nullopt, Reason::declared_weight_missing, inspect},
        {"0 declared", true, stable, 1000_g, 0_g, Reason::declared_weight_missing, inspect},
        {"missing goes before undeclared", true, std::nullopt, std::nullopt, std::nullopt, Reason::weight_missing,
         reweigh},
    }));
    INFO(row.why);
    Weighing w;
    w.lane_has_scale = row.scale;
    w.quality = row.quality;
    w.measured = row.measured;
    w.declared = row.declared;
    const auto got = seen(w);
    CHECK(got.reason == row.reason);
    if (row.reason) CHECK(got.first == row.first);
    if (row.reason) CHECK(got.second == inspect);
    CHECK_FALSE(weigh(w, {}).allowed);
}

TEST_CASE("tolerance: 3 percent or 50 g, exactly T passes, T + 1 is weighed again, 3 T + 1 is opened") {
    const auto [d, t] = GENERATE(table<std::int64_t, std::int64_t>({
        {1'000, 50},  // the fixed grams
        {1'666, 50},  // 49.98 g
        {1'667, 50},  // 50.01 g, rounded down
        {1'699, 50},  // 50.97 g, rounded down
        {1'700, 51},
        {10'000, 300},
        {33'333, 999},  // 999.99 g, rounded down
    }));
    CAPTURE(d, t);
    for (const std::int64_t side : {-1, 1}) {
        const auto off = [&](std::int64_t by) { return weighing(Grams{d + side * by}, Grams{d}); };
        CHECK(weigh(off(0), {}).allowed == Grams{t});
        CHECK_FALSE(seen(off(t)).reason);
        CHECK(seen(off(t + 1)).reason == Reason::weight_off);
        CHECK(seen(off(t + 1)).first == reweigh);
        CHECK(seen(off(t + 1)).second == inspect);
        CHECK(seen(off(3 * t)).reason == Reason::weight_off);
        CHECK(seen(off(3 * t + 1)).reason == Reason::weight_far_off);
        CHECK(seen(off(3 * t + 1)).first == inspect);
        CHECK(seen(off(3 * t + 1)).second == inspect);
        CHECK(weigh(off(3 * t + 1), {}).allowed == Grams{t});
    }
}

TEST_CASE("the site's own figures are used") {
    Policy policy;
    policy.weight_tolerance_permille = 15;
    policy.weight_tolerance = 0_g;
    CHECK(weigh(weighing(10'150_g, 10'000_g), policy).allowed == 150_g);
    CHECK_FALSE(seen(weighing(10'150_g, 10'000_g), policy).reason);
    CHECK(seen(weighing(10'151_g, 10'000_g), policy).reason == Reason::weight_off);
}

TEST_CASE("declared weights that are plainly wrong") {
    struct Row {
        const char* why;
        Grams measured, declared;
        std::optional<Reason> reason;
    };
    const auto row = GENERATE(values<Row>({
        {"4000 kg for 4000 g", 4'000_g, 4'000_kg, Reason::declared_weight_implausible},
        {"1.284 kg written as 1284 kg", 1'284_g, 1'284_kg, Reason::declared_weight_implausible},
        {"a light parcel that the scale confirms is no mistake", 40_g, 40_g, std::nullopt},
        {"nor one that is off by exactly T", 80_g, 30_g, std::nullopt},
        {"a thousandth just within T: 2 g and 60 g", 62_g, 2'000_g, Reason::declared_weight_implausible},
        {"one gram beyond", 63_g, 2'000_g, Reason::weight_far_off},
        {"a thousandth is not rounded: 2.5 g and 75 g", 77_g, 2'500_g, Reason::declared_weight_implausible},
        {"77.5 g are less than 78", 78_g, 2'500_g, Reason::weight_far_off},
        {"more than 60 kg declared, less than 10 kg there", 9'999_g, 60'001_g, Reason::declared_weight_implausible},
        {"just 60 kg declared", 9'999_g, 60'000_g, Reason::weight_far_off},
        {"just 10 kg there", 10'000_g, 60'001_g, Reason::weight_far_off},
    }));
    INFO(row.why);
    const auto got = seen(weighing(row.measured, row.declared));
    CHECK(got.reason == row.reason);
    if (got.reason) CHECK(got.first == inspect);
}

TEST_CASE("permissible error of class III in service, by load in intervals") {
    const auto [load, error] = GENERATE(table<std::int64_t, std::int64_t>({
        {0, 1},
        {1, 1},
        {500, 1},
        {501, 2},
        {2'000, 2},
        {2'001, 3},
        {10'000, 3},
        {-501, 2},
    }));
    CAPTURE(load);
    CHECK(permissible_error(Grams{load}, 1_g) == Grams{error});
    CHECK(permissible_error(Grams{load * 20}, 20_g) == Grams{error * 20});
}

TEST_CASE("the scale's interval widens the tolerance, never narrows it") {
    struct Row {
        const char* why;
        Grams measured, declared;
        std::int64_t e;
        Grams allowed;
    };
    const auto row = GENERATE(values<Row>({
        {"e = 5 g: the fixed grams are wider", 1'000_g, 1'000_g, 5, 50_g},
        {"e = 50 g up to 500 e: twice 50 g", 1'000_g, 1'000_g, 50, 100_g},
        {"e = 1 g, 3 percent are wider", 3'000_g, 3'000_g, 1, 90_g},
        {"e = 100 g just at 500 e: 3 percent of 50 kg are wider", 50'000_g, 50'000_g, 100, 1'500_g},
        {"no interval: only percent and grams", 1'000_g, 1'000_g, 0, 50_g},
    }));
    INFO(row.why);
    auto w = weighing(row.measured, row.declared);
    w.interval = Grams{row.e};
    CHECK(weigh(w, {}).allowed == row.allowed);
}

TEST_CASE("bands of the permissible error count at the measured load") {
    Policy policy;
    policy.weight_tolerance_permille = 0;
    policy.weight_tolerance = 0_g;
    const auto [m, t] =
        GENERATE(table<std::int64_t, std::int64_t>({{2'500, 10}, {2'501, 20}, {10'000, 20}, {10'001, 30}}));
    CAPTURE(m, t);
    auto w = weighing(Grams{m}, Grams{m - t});
    w.interval = 5_g;
    CHECK(weigh(w, policy).allowed == Grams{t});
    CHECK_FALSE(weigh(w, policy).finding);
    w.declared = Grams{m - t - 1};
    CHECK(weigh(w, policy).finding->reason == Reason::weight_off);
}

TEST_CASE("below 20 e nothing is compared") {
    auto w = weighing(99_g, 500_g);
    w.interval = 5_g;
    CHECK_FALSE(weigh(w, {}).finding);
    CHECK_FALSE(weigh(w, {}).allowed);
    w.declared.reset();
    CHECK_FALSE(weigh(w, {}).finding);
    w.measured = 100_g;
    CHECK(weigh(w, {}).finding->reason == Reason::declared_weight_missing);
    w.declared = 500_g;
    CHECK(weigh(w, {}).finding->reason == Reason::weight_far_off);
    SECTION("without an interval the smallest load is unknown, and it is compared") {
        w.measured = 99_g;
        w.interval.reset();
        CHECK(weigh(w, {}).finding->reason == Reason::weight_far_off);
    }
}

TEST_CASE("declared weights far beyond what a message may carry do not overflow") {
    const Grams most{std::numeric_limits<std::int64_t>::max() / 2};
    CHECK(seen(weighing(1'000_g, most)).reason == Reason::declared_weight_implausible);
    CHECK(seen(weighing(Grams{-5}, most)).reason == Reason::declared_weight_implausible);
}
