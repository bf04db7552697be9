#pragma once
#include "core/fact.hpp"
#include "core/policy.hpp"
#include "core/verdict.hpp"

#include <cstdint>
#include <optional>

namespace hefang::core {

/// `age_ms` is the age of the worst configured source of customs status on the boot clock; none: no source is
/// configured. Fresh up to status_fresh_for_min, degraded up to degraded_release_for_min more, both inclusive; above:
/// stale. A negative age (a source seen "later" than now) is unusable and counts as stale.
[[nodiscard]] Freshness freshness_of(std::optional<std::int64_t> age_ms, const Policy& policy);

/// What freshness adds to a parcel that would otherwise be released: a mark when degraded, a hold when stale.
/// Anything that inspects or holds already stays as it is, whatever the age.
[[nodiscard]] std::optional<Finding> effect_on_release(Freshness freshness);

}  // namespace hefang::core
