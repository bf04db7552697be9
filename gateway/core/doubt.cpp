#include "core/doubt.hpp"

#include <algorithm>
#include <vector>

#include "core/judge.hpp"

namespace hefang::core {

std::int64_t reach_of(const LaneModel& model) { return std::max(model.read_window.to_ms, float_for_ms); }

void doubt(State& state, std::size_t index, std::uint16_t sequence, const Surroundings& around,
           std::span<const std::string> codes) {
    const auto& model = around.site.lanes[index];
    auto& lane = state.lanes[index];
    const auto* open = state.open.at_slot(model.sorter, lane.session, sequence);
    if (open == nullptr) return;
    auto later = judge_unsure(open->decided, model);
    if (!later) return;
    for (const auto& code : codes)
        if (later->codes.size() < max_codes_a_label) later->codes.push_back(code);
    evolve(state, *later, around.record(*later));
    lane.commands_changed = true;
}

void lose_tracking(State& state, std::size_t index, BootTime cause, const Surroundings& around) {
    auto& lane = state.lanes[index];
    const auto now = around.now.boot;
    const auto reach = reach_of(around.site.lanes[index]);
    Slot* newest_slot = nullptr;
    for (auto& slot : lane.slots) {
        if (cause - slot.opened <= reach) slot.tracking_lost = true;
        if (slot.session != 0) newest_slot = &slot;
    }
    const bool decided_is_newest =
        !lane.passed.empty() && (newest_slot == nullptr || lane.passed.back().opened >= newest_slot->opened);
    if (newest_slot != nullptr && !decided_is_newest) newest_slot->tracking_lost = true;
    for (const auto& place : lane.passed) {
        const bool newest = decided_is_newest && &place == &lane.passed.back();
        if (newest || cause - place.opened <= reach) doubt(state, index, place.sequence, around);
    }
    lane.next_unsure = true;
    lane.unsure_until = std::max(lane.unsure_until.value_or(now), now + reach);
}

void begin_unsure(LaneState& lane, const LaneModel& model, BootTime at) {
    lane.next_unsure = false;
    lane.unsure_until = at + model.read_window.to_ms;
}

void remember_place(LaneState& lane, const LaneModel& model, const Slot& slot, BootTime now) {
    auto& passed = lane.passed;
    const auto kept = reach_of(model) + look_gap_ms;  // what went wrong may be known so much later
    while (!passed.empty() && now - passed.front().opened > kept) passed.pop_front();
    const auto weighed = slot.weight ? std::optional(slot.weight->at) : std::nullopt;
    const auto before = [](BootTime opened, const Passed& p) { return opened < p.opened; };
    passed.insert(std::upper_bound(passed.begin(), passed.end(), slot.opened, before),
                  Passed{slot.sequence, slot.opened, slot.earliest, slot.last_read, weighed});
}

}  // namespace hefang::core
