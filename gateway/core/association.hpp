#pragma once
#include "core/site.hpp"
#include "core/state.hpp"

/// Which parcel a reading belongs to: by sequence, then by window; never by guess, never by shifting.
namespace hefang::core {

/// Opens the slot of an induction and gives it the readings that were waiting for it.
void open_slot(LaneState& lane, const LaneModel& model, const reading::Induction& induction, const Now& now);

/// Joins one telegram: to its slot, to the parcel just read (collapsed), to the waiting list, or to a slot of its own.
void join_codes(LaneState& lane, const LaneModel& model, const reading::CodesRead& read, const Now& now);

/// Joins one weighing. Two candidate parcels: both are marked, neither gets it.
void join_weight(LaneState& lane, const LaneModel& model, const reading::WeightRead& weight);

/// How many milliseconds a reading may wait for its parcel: a telegram float_for_ms, a weight as long as the lane's
/// window lets weights come first.
[[nodiscard]] std::int64_t patience_for(const Floating& floating, const LaneModel& model);

/// Readings that waited in vain for an induction: a telegram becomes a parcel with lost tracking and takes its
/// neighbours along; a weight without parcel does the same to those now on the line.
void expire_floating(LaneState& lane, const LaneModel& model, const Now& now);

/// From now on every undecided and every further parcel is unsure, until the line was empty once (`quiet`).
void lose_tracking(LaneState& lane);

/// Nothing undecided, and no induction or telegram for as long as a reading may follow its induction.
[[nodiscard]] bool quiet(const LaneState& lane, const LaneModel& model, BootTime now);

}  // namespace hefang::core
