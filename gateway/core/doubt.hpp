#pragma once
#include "core/step.hpp"

#include <span>
#include <string>

/// Lost tracking: who may be the wrong parcel is opened. It reaches what is decided already, as long as it can.
namespace hefang::core {

/// How long after its induction a parcel may still get a reading, or one may still wait for it.
[[nodiscard]] std::int64_t reach_of(const LaneModel& model);

/// A stricter revision of the open passage at `sequence` of the live session, with lost tracking among its reasons and
/// `codes` among its codes. False, and nothing recorded, when nothing gets stricter.
bool doubt(State& state, std::size_t index, std::uint16_t sequence, const Surroundings& around,
           std::span<const std::string> codes = {});

/// Something happened at `cause` that fits no parcel: every place opened within reach before it, the newest one in any
/// case, the next induction, and all inductions within reach after now are unsure. Then the lane is sure again, also
/// when it never was empty.
void lose_tracking(State& state, std::size_t index, BootTime cause, const Surroundings& around);

/// Open passages that were not confirmed in time: the belt may stand, and nobody knows where their items are. They stay
/// open as long as the conversation lives, so that a later confirmation is still theirs; beyond max_overdue on a lane
/// the oldest ends as unknown.
void doubt_overdue(State& state, const Surroundings& around);

/// The PLC conversation began at `at`: what lay on the belt has no place and still sends telegrams.
void begin_unsure(LaneState& lane, const LaneModel& model, BootTime at);

/// Notes that the place of `slot` was decided, and forgets those out of reach.
void remember_place(LaneState& lane, const LaneModel& model, const Slot& slot, BootTime now);

}  // namespace hefang::core
