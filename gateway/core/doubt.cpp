#include "core/doubt.hpp"

#include "core/actuation.hpp"
#include "core/judge.hpp"
#include "core/screening.hpp"

#include <algorithm>
#include <limits>
#include <vector>

namespace hefang::core {

std::int64_t reach_of(const LaneModel& model) {
    return std::max(model.read_window.to_ms + ring_slack_ms, float_for_ms);
}

namespace {

/// Of each lane's overdue passages, those beyond max_overdue end, the oldest first.
void end_oldest_overdue(State& state, const Surroundings& around) {
    for (const auto& model : around.site.lanes) {
        std::vector<PassageId> overdue;  // ids are in order of time
        for (const auto& [id, open] : state.open.all())
            if (open.overdue && open.decided.lane == model.id) overdue.push_back(id);
        for (std::size_t n = 0; overdue.size() - n > max_overdue; ++n)
            end_passage(state, *state.open.find(overdue[n]), std::nullopt, Actuation::unknown, around);
    }
}

}  // namespace

bool doubt(State& state, std::size_t index, std::uint16_t sequence, const Surroundings& around,
           std::span<const std::string> codes) {
    const auto& model = around.site.lanes[index];
    const auto& lane = state.lanes[index];
    const auto* open = state.open.at_slot(model.sorter, lane.session, sequence);
    if (open == nullptr) return false;
    auto later = judge_doubted(open->decided, model, Reason::tracking_lost);
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
    begin_unscreened(lane, around.site.lanes[index], now);
    lane.next_unsure = true;
    lane.unsure_until = std::max(lane.unsure_until.value_or(now), now + (reach - ring_slack_ms));
}

void doubt_overdue(State& state, const Surroundings& around) {
    if (around.now.boot <= state.confirm_due) return;
    std::vector<PassageId> late;
    state.confirm_due = BootTime{std::numeric_limits<std::int64_t>::max()};
    for (const auto& [id, open] : state.open.all()) {
        if (is_late(open, around.now))
            late.push_back(id);
        else if (!open.overdue)
            state.confirm_due = std::min(state.confirm_due, open.confirm_until);
    }
    for (const auto& id : late) {
        const auto place = state.open.find(id)->decided;
        for (std::size_t i = 0; i < around.site.lanes.size(); ++i) {
            if (around.site.lanes[i].id != place.lane) continue;
            const bool revised = doubt(state, i, place.sequence, around);
            auto& open = *state.open.find(id);
            open.overdue = true;
            if (revised || open.answer != Answer::none || place.revision == 1) continue;
            open.valid_until = around.now.boot + around.site.lanes[i].confirm_within_ms;  // it takes a release back
            state.lanes[i].commands_changed = true;
        }
    }
    if (!late.empty()) end_oldest_overdue(state, around);
}

void begin_unsure(LaneState& lane, const LaneModel& model, BootTime at) {
    lane.next_unsure = false;
    lane.unsure_until = at + model.read_window.to_ms;
}

void remember_place(LaneState& lane, const LaneModel& model, const Slot& slot, BootTime now) {
    auto& passed = lane.passed;
    // What went wrong may be known a look later. Between two looks the core may have been held up for longer.
    const auto kept =
        std::max({reach_of(model), model.weigh_window.to_ms, model.image_window().to_ms + scan_slack_ms}) + look_gap_ms;
    while (passed.size() > least_passed && now - passed.front().opened > kept) passed.pop_front();
    const auto weighed = slot.weight ? std::optional(slot.weight->at) : std::nullopt;
    const auto before = [](BootTime opened, const Passed& p) { return opened < p.opened; };
    passed.insert(std::upper_bound(passed.begin(), passed.end(), slot.opened, before),
                  Passed{slot.sequence, slot.opened, slot.earliest, slot.last_read, weighed});
}

}  // namespace hefang::core
