#include "core/doubt.hpp"

#include <algorithm>
#include <vector>

#include "core/actuation.hpp"
#include "core/judge.hpp"

namespace hefang::core {

std::int64_t reach_of(const LaneModel& model) { return std::max(model.read_window.to_ms + ring_slack_ms, float_for_ms); }

bool doubt(State& state, std::size_t index, std::uint16_t sequence, const Surroundings& around,
           std::span<const std::string> codes) {
    const auto& model = around.site.lanes[index];
    const auto& lane = state.lanes[index];
    const auto* open = state.open.at_slot(model.sorter, lane.session, sequence);
    if (open == nullptr) return false;
    auto later = judge_unsure(open->decided, model);
    if (!later) return false;
    for (const auto& code : codes)
        if (later->codes.size() < max_codes_a_label) later->codes.push_back(code);
    revise(state, index, *later, around);
    return true;
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
    lane.unsure_until = std::max(lane.unsure_until.value_or(now), now + (reach - ring_slack_ms));
}

void doubt_overdue(State& state, const Surroundings& around) {
    const auto now = around.now.boot;
    for (std::size_t i = 0; i < around.site.lanes.size(); ++i) {
        const auto& model = around.site.lanes[i];
        std::vector<PassageId> late, overdue;
        for (const auto& [id, open] : state.open.all()) {
            if (open.decided.lane != model.id) continue;
            if (open.overdue) overdue.push_back(id);
            else if (now > open.confirm_until) late.push_back(id);
        }
        for (const auto& id : late) {
            doubt(state, i, state.open.find(id)->decided.sequence, around);
            auto& open = *state.open.find(id);
            open.overdue = true;
            open.confirm_until = now + model.confirm_within_ms;
            overdue.push_back(id);
        }
        for (std::size_t n = 0; overdue.size() - n > max_overdue; ++n)
            end_passage(state, *state.open.find(overdue[n]), std::nullopt, Actuation::unknown, around);
    }
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
