#pragma once
#include "base/clock.hpp"
#include "core/clearance.hpp"
#include "core/fact.hpp"
#include "core/policy.hpp"
#include "core/verdict.hpp"

#include <vector>

namespace hefang::core {

/// What the documents say of one waybill at one moment.
struct Assessment {
    std::vector<Finding> findings;  ///< at least one; status first, then what else holds; no weight, no lane checks
    Ground ground;
    std::optional<Grams> declared;  ///< gross weight of the version in force; none when missing or 0
};

/// Folds each stream (transition table, ranks, times), then takes the one live declaration, or says why there is none.
/// Pure: same sets, same policy, same `now` → same answer, whatever the order of the vectors or repetitions in them.
[[nodiscard]] Assessment assess(const Clearance& clearance, const Policy& policy, const Now& now);

/// A receipt's code as facts write it.
[[nodiscard]] std::string text_of_status(std::int32_t status);

}  // namespace hefang::core
