#include "core/freshness.hpp"

#include <limits>

#include <catch2/catch.hpp>

using namespace hefang::core;

TEST_CASE("freshness by the age of the worst source, both ends inclusive") {
    struct Row {
        const char* why;
        std::optional<std::int64_t> age_ms;
        std::int64_t fresh_min, degraded_min;
        Freshness want;
    };
    constexpr std::int64_t minute = 60'000;
    const auto row = GENERATE(values<Row>({
        {"no source is configured", std::nullopt, 30, 240, Freshness::not_checked},
        {"just heard", 0, 30, 240, Freshness::fresh},
        {"the last fresh millisecond", 30 * minute, 30, 240, Freshness::fresh},
        {"the first degraded one", 30 * minute + 1, 30, 240, Freshness::degraded},
        {"the last degraded one", 270 * minute, 30, 240, Freshness::degraded},
        {"the first stale one", 270 * minute + 1, 30, 240, Freshness::stale},
        {"hold at once: the last fresh one", 30 * minute, 30, 0, Freshness::fresh},
        {"hold at once: the next is stale", 30 * minute + 1, 30, 0, Freshness::stale},
        {"nothing is ever fresh but now", 1, 0, 1, Freshness::degraded},
        {"never heard", std::numeric_limits<std::int64_t>::max(), 30, 240, Freshness::stale},
        {"heard after now: unusable", -1, 30, 240, Freshness::stale},
    }));
    INFO(row.why);
    Policy policy;
    policy.status_fresh_for_min = row.fresh_min;
    policy.degraded_release_for_min = row.degraded_min;
    CHECK(freshness_of(row.age_ms, policy) == row.want);
}

TEST_CASE("what freshness does to a release") {
    CHECK_FALSE(effect_on_release(Freshness::not_checked));
    CHECK_FALSE(effect_on_release(Freshness::fresh));
    CHECK(effect_on_release(Freshness::degraded) ==
          Finding{Reason::released_degraded, Verdict::release, ParcelClass::release});
    CHECK(effect_on_release(Freshness::stale) == Finding{Reason::stale_data, Verdict::hold, ParcelClass::hold});
}
