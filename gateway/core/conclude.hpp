#pragma once
#include <vector>

#include "core/fact.hpp"
#include "core/verdict.hpp"

namespace hefang::core {

struct Conclusion {
    Verdict verdict = Verdict::hold;
    ParcelClass parcel_class = ParcelClass::hold;
    std::vector<Reason> reasons;  ///< headline first; it alone gives the class
    friend bool operator==(const Conclusion&, const Conclusion&) = default;
};

/// The worst finding decides. Order of reasons: detention before all; then the stricter verdict; then by what customs'
/// status weighs, then locks, then checks of this passage. Reasons to release are told only when nothing is against it;
/// degraded data mark a release, stale data hold it. No findings at all: hold, the gateway's own fault.
[[nodiscard]] Conclusion conclude(std::vector<Finding> findings, Freshness freshness);

}  // namespace hefang::core
