#pragma once
#include "core/step.hpp"

/// Which parcel a reading belongs to: by sequence, else by window; never by guess, never by shifting. A telegram
/// without sequence belongs to every place (undecided slot or open passage) whose window holds it; one place takes it,
/// several are all unsure, and where there is none it waits for its induction.
namespace hefang::core {

/// Opens the slot of an induction and gives it the readings that were waiting for it. A telegram that the place in
/// front took just before may have been this parcel's: both are unsure.
void open_slot(State& state, std::size_t index, const reading::Induction& induction, const Surroundings& around);

/// Joins one telegram: to its place, to the parcel just read (collapsed), to the waiting list, or to a slot of its own.
void join_codes(State& state, std::size_t index, const reading::CodesRead& read, const Surroundings& around);

/// Joins one weighing to the one place, waiting or decided, whose window holds it and that has none. Two such places:
/// both are marked, neither gets it.
void join_weight(State& state, std::size_t index, const reading::WeightRead& weight, const Surroundings& around);

/// How many milliseconds a reading may wait for its parcel: a telegram float_for_ms, a weight as long as the lane's
/// window lets weights come first.
[[nodiscard]] std::int64_t patience_for(const Floating& floating, const LaneModel& model);

/// Readings that waited in vain for an induction: a telegram becomes a parcel without place. Tracking is lost, also by
/// a weight without parcel.
void expire_floating(State& state, std::size_t index, const Surroundings& around);

}  // namespace hefang::core
