#pragma once
#include "base/units.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace hefang::core {

/// The site's own figures ([policy] of the configuration). No national number is published for the weights.
struct Policy {
    std::string version;  ///< as written, or "sha256:" and 16 hex digits of the canonical policy
    std::int32_t weight_tolerance_permille = 30;  ///< of the declared weight, rounded down to whole grams
    Grams weight_tolerance{50};
    std::int64_t status_fresh_for_min = 30;
    std::int64_t degraded_release_for_min = 240;  ///< 0 = hold at once
    std::int64_t inbox_quiet_for_min = 0;         ///< 0 = not checked
    std::int64_t inspect_min_s = 5;               ///< an 800 frees a 500 only when later by at least this; 0–3600
    std::int64_t future_limit_s = 300;  ///< a release dated further ahead of a synced clock does not count yet
};

}  // namespace hefang::core
