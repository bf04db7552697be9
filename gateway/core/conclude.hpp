#pragma once
#include "core/fact.hpp"
#include "core/verdict.hpp"

#include <vector>

namespace hefang::core {

struct Conclusion {
    Verdict verdict = Verdict::hold;
    ParcelClass parcel_class = ParcelClass::hold;
    std::vector<Reason> reasons;  ///< headline first, each once; never empty
    friend bool operator==(const Conclusion&, const Conclusion&) = default;
};

/// The strictest verdict of all findings wins. Reasons stand in this order: what nobody but an officer may touch
/// (detention, alarms for people); then the stricter verdict; within one verdict the documents by the rank of their
/// receipts, then locks, then checks. The class is the headline's. Reasons of a release are dropped beside anything
/// stricter. Only a release depends on how fresh the customs status is. No findings at all are a hold.
[[nodiscard]] Conclusion conclude(std::vector<Finding> findings, Freshness freshness);

}  // namespace hefang::core
