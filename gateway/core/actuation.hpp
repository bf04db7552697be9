#pragma once
#include "core/step.hpp"

/// What became of a decided parcel: acknowledgements, confirmations, ends.
namespace hefang::core {

void take_ack(State& state, const reading::CommandAcked& ack);

void take_confirmation(State& state, const reading::Confirmed& confirmed, const Surroundings& around);

/// Records a stricter revision of an open passage of lane `index`, and has it commanded: the command has as much time
/// as a confirmation, whatever is left of the earlier one's.
void revise(State& state, std::size_t index, const PassageDecided& later, const Surroundings& around);

/// Records how an open passage ended and closes it.
void end_passage(State& state, OpenPassage open, std::optional<std::int32_t> actual, Actuation result,
                 const Surroundings& around);

/// Open passages of lanes or sorters that the configuration no longer has end as unknown.
void end_orphans(State& state, const Surroundings& around);

[[nodiscard]] std::vector<PassageId> passages_of_sorter(const State& state, const DeviceId& sorter);

/// Records that a receipt changed what is found against a parcel with an open or finished passage, or that it holds one
/// that has left by release; else nothing.
void record_receipt(State& state, const RegisterChanged& change, bool open, const Surroundings& around);

}  // namespace hefang::core
