#pragma once
#include "core/step.hpp"

namespace hefang::core {

/// Decides the parcel of `slot` on lane `index` from what is known now: the pure heart of a passage's first revision.
[[nodiscard]] PassageDecided judge(const Slot& slot, std::size_t index, const State& state, const Surroundings& around);

/// Decides an open passage anew after its documents changed. None when the new answer is not stricter (a later revision
/// is never milder) and the class stays as it is.
[[nodiscard]] std::optional<PassageDecided> judge_again(const PassageDecided& earlier, std::size_t index,
                                                        const Surroundings& around);

/// The same passage with `findings` against it as well. None when nothing gets stricter: what is held stays held.
[[nodiscard]] std::optional<PassageDecided> judge_stricter(const PassageDecided& earlier, const LaneModel& model,
                                                           std::vector<Finding> findings);

/// The same with `doubt` alone against it.
[[nodiscard]] std::optional<PassageDecided> judge_doubted(const PassageDecided& earlier, const LaneModel& model,
                                                          Reason doubt);

/// What a screening says against a parcel; none: it is clear. A projected threat is never a suspicion.
[[nodiscard]] std::optional<Reason> reason_of(Screened came);

}  // namespace hefang::core
