#pragma once
#include "base/units.hpp"
#include "core/policy.hpp"
#include "core/verdict.hpp"
#include "reading/reading.hpp"

#include <optional>

namespace hefang::core {

/// What the scale and the documents say of one parcel's weight. Gross weights, net of any carrier's tare.
struct Weighing {
    bool lane_has_scale = false;
    std::optional<Grams> measured;                  ///< none: no value came, or the scale was overloaded
    std::optional<reading::WeightQuality> quality;  ///< none: no weight came within the window
    std::optional<Grams> declared;                  ///< none or 0: not declared
    bool second = false;                            ///< the parcel was sent back to the scale once already
    std::optional<Grams> interval;                  ///< e of the scale; none: the rules about e do not apply
};

struct WeightJudgement {
    std::optional<Finding> finding;  ///< none: nothing against the parcel; never a release
    std::optional<Grams> allowed;    ///< T, when measured and declared weight were compared
};

/// T = max(declared × permille rounded down, fixed grams, twice the permissible error); exactly T passes.
/// A first weighing that is missing, unsettled or slightly off sends the parcel to be weighed again (inspect/reweigh),
/// a second one to inspection.
[[nodiscard]] WeightJudgement weigh(const Weighing& weighing, const Policy& policy);

/// Largest permissible error of a class III scale in service, with interval e > 0, at load m: OIML R 76-1:2006, table 6
/// (0.5 e up to 500 e, 1 e up to 2000 e, 1.5 e above), twice that in service (3.5.2): 1 e, 2 e, 3 e.
/// The tolerance takes it twice: the declarant's scale may be as wrong as ours, the other way.
[[nodiscard]] Grams permissible_error(Grams m, Grams e);

}  // namespace hefang::core
