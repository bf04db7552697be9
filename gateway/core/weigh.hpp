#pragma once
#include <optional>

#include "base/units.hpp"
#include "core/policy.hpp"
#include "core/verdict.hpp"
#include "reading/reading.hpp"

namespace hefang::core {

/// One parcel against its declared weight.
struct Weighing {
    bool lane_has_scale = false;
    std::optional<Grams> measured;                   ///< net of the carrier's tare
    std::optional<reading::WeightQuality> quality;   ///< none: the scale said nothing in time
    std::optional<Grams> declared;                   ///< none: missing or 0
    bool second = false;                             ///< it was weighed before and sent to be weighed again
    std::optional<Grams> interval;                   ///< e of the scale; without it the mpe rules do not apply
};

struct WeightJudgement {
    std::optional<Finding> finding;  ///< none: nothing against the parcel
    std::optional<Grams> allowed;    ///< T, when a comparison was possible
};

/// T = max(declared × permille, fixed grams, twice the maximum permissible error); exactly T passes.
[[nodiscard]] WeightJudgement weigh(const Weighing& weighing, const Policy& policy);

/// Twice the maximum permissible error on verification of class III at a load of `m` (OIML R 76-1 table 6: 0.5 e up to
/// 500 e, 1 e up to 2000 e, 1.5 e above): what a scale in service may be off.
[[nodiscard]] Grams in_service_error(Grams m, Grams e);

}  // namespace hefang::core
