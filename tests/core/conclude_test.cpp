#include "core/conclude.hpp"

#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

using namespace hefang::core;

namespace {

Finding plain(Reason reason) {
    const auto& row = text_of(reason);
    return {reason, row.verdict, row.parcel_class};
}

std::vector<Finding> findings(const std::vector<Reason>& reasons) {
    std::vector<Finding> out;
    for (const auto reason : reasons) out.push_back(plain(reason));
    return out;
}

}  // namespace

TEST_CASE("the strictest verdict, the headline and its class") {
    using R = Reason;
    using V = Verdict;
    using C = ParcelClass;
    using F = Freshness;
    struct Row {
        const char* why;
        std::vector<Reason> found;
        F freshness;
        Conclusion want;
    };
    const auto row = GENERATE(values<Row>({
        {"released", {R::customs_released}, F::fresh, {V::release, C::release, {R::customs_released}}},
        {"nothing checks freshness",
         {R::customs_closed},
         F::not_checked,
         {V::release, C::release, {R::customs_closed}}},
        {"degraded is marked",
         {R::customs_released},
         F::degraded,
         {V::release, C::release, {R::released_degraded, R::customs_released}}},
        {"stale holds", {R::customs_released}, F::stale, {V::hold, C::hold, {R::stale_data}}},
        {"a hold stays the hold it is when stale",
         {R::awaiting_release},
         F::stale,
         {V::hold, C::wait, {R::awaiting_release}}},
        {"an inspection stays an inspection when stale",
         {R::customs_released, R::weight_far_off},
         F::stale,
         {V::inspect, C::inspect, {R::weight_far_off}}},
        {"an inspection is not marked degraded",
         {R::customs_released, R::tracking_lost},
         F::degraded,
         {V::inspect, C::inspect, {R::tracking_lost}}},
        {"release reasons go beside a lock",
         {R::customs_released, R::two_declarations},
         F::fresh,
         {V::hold, C::hold, {R::two_declarations}}},
        {"weight never turns a hold into anything",
         {R::weight_off, R::awaiting_release},
         F::fresh,
         {V::hold, C::wait, {R::awaiting_release, R::weight_off}}},
        {"nor an inspection into a weighing",
         {R::weight_off, R::inspect_ordered},
         F::fresh,
         {V::inspect, C::inspect, {R::inspect_ordered, R::weight_off}}},
        {"a further doubt opens the parcel",
         {R::weight_missing, R::random_sample},
         F::fresh,
         {V::inspect, C::inspect, {R::random_sample, R::weight_missing}}},
        {"released and off: weighed again",
         {R::customs_released, R::weight_off},
         F::fresh,
         {V::inspect, C::reweigh, {R::weight_off}}},
        {"detained before all",
         {R::two_declarations, R::return_ordered, R::no_read, R::detained},
         F::fresh,
         {V::hold, C::detain, {R::detained, R::return_ordered, R::two_declarations, R::no_read}}},
        {"an officer hands it over, even beside a stricter lock",
         {R::duplicate_waybill, R::released_after_detention},
         F::fresh,
         {V::hold, C::detain, {R::released_after_detention, R::duplicate_waybill}}},
        {"people step back, whatever the documents say",
         {R::awaiting_release, R::radiation_alarm},
         F::fresh,
         {V::hold, C::security, {R::radiation_alarm, R::awaiting_release}}},
        {"documents, then locks, then checks",
         {R::device_fault, R::operator_hold, R::refused},
         F::fresh,
         {V::hold, C::reject, {R::refused, R::operator_hold, R::device_fault}}},
        {"the headline explains the verdict",
         {R::inspect_ordered, R::two_waybills},
         F::fresh,
         {V::hold, C::hold, {R::two_waybills, R::inspect_ordered}}},
        {"a later rank goes first",
         {R::manual_review, R::suspended, R::unknown_status, R::return_ordered},
         F::fresh,
         {V::hold, C::return_, {R::return_ordered, R::suspended, R::unknown_status, R::manual_review}}},
        {"said twice, shown once", {R::refused, R::refused}, F::fresh, {V::hold, C::reject, {R::refused}}},
        {"nothing was found out at all", {}, F::fresh, {V::hold, C::nodata, {R::no_inventory}}},
    }));
    INFO(row.why);
    auto found = findings(row.found);
    CHECK(conclude(found, row.freshness) == row.want);
    std::reverse(found.begin(), found.end());
    CHECK(conclude(found, row.freshness) == row.want);
}

TEST_CASE("one reason with two severities counts with the stricter") {
    const Finding first{Reason::receipt_time_missing, Verdict::inspect, ParcelClass::inspect};
    const Finding second{Reason::receipt_time_missing, Verdict::hold, ParcelClass::wait};
    const Conclusion want{Verdict::hold, ParcelClass::wait, {Reason::receipt_time_missing}};
    CHECK(conclude({first, second}, Freshness::fresh) == want);
    CHECK(conclude({second, first}, Freshness::fresh) == want);
}

TEST_CASE("any findings: never milder than the strictest, never a release beside a doubt, any order the same") {
    std::mt19937 random(8);
    const auto below = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
    for (int i = 0; i < 20'000; ++i) {
        std::vector<Finding> found;
        for (int n = 1 + below(5); n > 0; --n) found.push_back(plain(static_cast<Reason>(1 + below(reason_count))));
        const auto freshness = static_cast<Freshness>(below(4));
        const auto got = conclude(found, freshness);
        auto strictest = Verdict::release;
        for (const auto& f : found) strictest = std::max(strictest, f.verdict);
        const bool stale = freshness == Freshness::stale && strictest == Verdict::release;
        REQUIRE(got.verdict == (stale ? Verdict::hold : strictest));
        REQUIRE((got.parcel_class == ParcelClass::release) == (got.verdict == Verdict::release));
        REQUIRE_FALSE(got.reasons.empty());
        std::shuffle(found.begin(), found.end(), random);
        REQUIRE(conclude(found, freshness) == got);
    }
}
