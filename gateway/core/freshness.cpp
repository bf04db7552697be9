#include "core/freshness.hpp"

namespace hefang::core {
namespace {

constexpr std::int64_t minute_ms = 60'000;

}  // namespace

Freshness freshness_of(std::optional<std::int64_t> age_ms, const Policy& policy) {
    if (!age_ms) return Freshness::not_checked;
    if (*age_ms < 0) return Freshness::stale;
    const auto fresh_until = policy.status_fresh_for_min * minute_ms;
    if (*age_ms <= fresh_until) return Freshness::fresh;
    if (*age_ms <= fresh_until + policy.degraded_release_for_min * minute_ms) return Freshness::degraded;
    return Freshness::stale;
}

std::optional<Finding> effect_on_release(Freshness freshness) {
    switch (freshness) {
        case Freshness::not_checked:
        case Freshness::fresh: return std::nullopt;
        case Freshness::degraded: return Finding{Reason::released_degraded, Verdict::release, ParcelClass::release};
        case Freshness::stale: break;
    }
    return Finding{Reason::stale_data, Verdict::hold, ParcelClass::hold};
}

}  // namespace hefang::core
