#include "core/association.hpp"

#include "core/actuation.hpp"
#include "core/doubt.hpp"
#include "core/places.hpp"
#include "core/screening.hpp"

#include <algorithm>
#include <set>
#include <span>

namespace hefang::core {
namespace {

bool answered_by(const Slot& slot, const DeviceId& device) {
    return std::find(slot.answered.begin(), slot.answered.end(), device) != slot.answered.end();
}

/// Notes when these texts were read last.
void remember(LaneState& lane, const LaneModel& model, const reading::CodesRead& read) {
    auto& recent = lane.recent;
    for (const auto& code : read.codes) {
        const auto at =
            std::find_if(recent.begin(), recent.end(), [&](const auto& r) { return r.second == code.text; });
        if (at != recent.end()) recent.erase(at);
        recent.emplace_back(read.at, code.text);
    }
    while (!recent.empty() &&
           (recent.size() > max_recent_codes || read.at - recent.front().first > model.same_parcel_ms))
        recent.pop_front();
}

/// True when every code of the telegram was read on this lane within same_parcel_ms: the same parcel, seen again.
bool is_repeat(const LaneState& lane, const LaneModel& model, const reading::CodesRead& read) {
    const auto seen = [&](const reading::Code& code) {
        return std::any_of(lane.recent.begin(), lane.recent.end(), [&](const auto& r) {
            return r.second == code.text && read.at - r.first <= model.same_parcel_ms;
        });
    };
    return !read.codes.empty() && std::all_of(read.codes.begin(), read.codes.end(), seen);
}

BootTime later(const std::optional<BootTime>& before, BootTime at) { return std::max(before.value_or(at), at); }

/// The union of what all readers saw. New codes from a reader that answered before are another parcel's.
void take_codes(Slot& slot, LaneState& lane, const LaneModel& model, const reading::CodesRead& read) {
    if (slot.read_order == 0) slot.read_order = ++lane.reads;
    const bool again = answered_by(slot, read.device);
    if (!again) slot.answered.push_back(read.device);
    for (const auto& code : read.codes) {
        if (has_code(slot, code.text)) continue;
        if (again || slot.codes.size() >= max_codes_a_label) slot.tracking_lost = true;
        if (slot.codes.size() < max_codes_a_label) slot.codes.push_back(code);
    }
    if (!read.sequence) slot.last_read = later(slot.last_read, read.at);
    remember(lane, model, read);
}

/// The reader has answered for the parcel that it saw again.
void answer(std::deque<Slot>& slots, const LaneModel& model, const reading::CodesRead& read) {
    for (auto& slot : slots) {
        const bool near = slot.session == 0 || model.read_window.may_be_for(slot.earliest, slot.opened, read.at);
        if (near && !answered_by(slot, read.device) && new_codes(slot, read).empty())
            slot.answered.push_back(read.device);
    }
}

Slot bare_slot(BootTime opened, const Now& now) {
    Slot slot;
    slot.opened = slot.earliest = opened;
    slot.event = {now.wall.ms - (now.boot - opened)};
    return slot;
}

/// Gives a new slot the one weighing that came before it, when the window allows weights to come first.
void adopt_weight(LaneState& lane, const LaneModel& model, Slot& slot) {
    const auto fits = [&](const Floating& f) {
        return std::holds_alternative<reading::WeightRead>(f.reading) &&
               model.weigh_window.may_be_for(slot.earliest, slot.opened, f.at);
    };
    const auto count = std::count_if(lane.floating.begin(), lane.floating.end(), fits);
    if (count == 1) {
        const auto at = std::find_if(lane.floating.begin(), lane.floating.end(), fits);
        slot.weight = std::get<reading::WeightRead>(at->reading);
    } else if (count > 1) {
        slot.weights_clash = true;
    }
    std::erase_if(lane.floating, fits);
}

/// A parcel of a lane without sorter.
void open_without_sorter(State& state, std::size_t index, const reading::CodesRead& read, const Surroundings& around) {
    auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    auto slot = bare_slot(read.at, around.now);
    take_codes(slot, lane, model, read);
    adopt_weight(lane, model, slot);
    screen_opened(state, index, slot, around);
    lane.slots.push_back(std::move(slot));
}

/// Opens a parcel that has no place on the sorter, so that nobody can steer it and nothing more can join it.
void open_unplaced(State& state, std::size_t index, const reading::CodesRead& read, const Surroundings& around) {
    auto& lane = state.lanes[index];
    lane.slots.push_back(bare_slot(read.at, around.now));
    take_codes(lane.slots.back(), lane, around.site.lanes[index], read);
    lane.slots.back().tracking_lost = true;
}

void let_float(State& state, std::size_t index, const reading::Reading& reading, BootTime at,
               const Surroundings& around) {
    auto& lane = state.lanes[index];
    if (lane.floating.size() < max_floating) return lane.floating.push_back({reading, at});
    lose_tracking(state, index, at, around);
    if (const auto* read = std::get_if<reading::CodesRead>(&reading)) open_unplaced(state, index, *read, around);
}

/// Other codes than a decided place has: it is not sure. What no revision takes stands as a parcel without place, so
/// that no scan goes without a trace.
void doubt_by(State& state, std::size_t index, std::uint16_t sequence, const reading::CodesRead& read,
              const std::vector<std::string>& added, const Surroundings& around) {
    const auto* open = state.open.at_slot(around.site.lanes[index].sorter, state.lanes[index].session, sequence);
    const auto room = open == nullptr ? 0 : max_codes_a_label - std::min(max_codes_a_label, open->decided.codes.size());
    const std::span fitting(added.data(), std::min(room, added.size()));
    const bool revised = doubt(state, index, sequence, around, fitting);
    std::set<std::string> left(added.begin() + (revised ? static_cast<std::ptrdiff_t>(fitting.size()) : 0),
                               added.end());
    auto rest = read;
    std::erase_if(rest.codes, [&](const reading::Code& c) { return !left.contains(c.text); });
    if (!rest.codes.empty()) open_unplaced(state, index, rest, around);
}

void join_passed(State& state, std::size_t index, Passed& place, const reading::CodesRead& read,
                 const Surroundings& around) {
    auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    const auto added = new_codes(*state.open.at_slot(model.sorter, lane.session, place.sequence), read);
    if (added.empty()) return;
    place.last_read = later(place.last_read, read.at);
    remember(lane, model, read);
    doubt_by(state, index, place.sequence, read, added, around);
}

/// One telegram, several places: none of them is sure. The codes stand with the newest of them, undecided before
/// decided.
void share(State& state, std::size_t index, const Places& places, const reading::CodesRead& read,
           const Surroundings& around) {
    auto& lane = state.lanes[index];
    for (auto* slot : places.undecided) slot->tracking_lost = true, slot->last_read = later(slot->last_read, read.at);
    for (auto* place : places.decided) place->last_read = later(place->last_read, read.at);
    const auto& model = around.site.lanes[index];
    std::vector<std::string> added;  // for the newest decided place
    if (places.undecided.empty()) {
        remember(lane, model, read);
        added = new_codes(*state.open.at_slot(model.sorter, lane.session, places.decided.back()->sequence), read);
    } else {
        take_codes(*places.undecided.back(), lane, model, read);
    }
    for (const auto* place : places.decided) {
        const bool takes = place == places.decided.back();
        doubt_by(state, index, place->sequence, read, takes ? added : std::vector<std::string>{}, around);
    }
}

void join_named(State& state, std::size_t index, const reading::CodesRead& read, const Surroundings& around) {
    auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    for (auto& slot : lane.slots)
        if (slot.session != 0 && slot.sequence == *read.sequence) return take_codes(slot, lane, model, read);
    if (const auto* open = state.open.at_slot(model.sorter, lane.session, *read.sequence)) {
        const auto added = new_codes(*open, read);
        if (!open->overdue || added.empty()) {
            remember(lane, model, read);
            if (!added.empty()) doubt_by(state, index, *read.sequence, read, added, around);
            return;
        }
        // The number has come round: its next item has not been seen yet.
    }
    let_float(state, index, read, read.at, around);
}

void join_on_sorter(State& state, std::size_t index, const reading::CodesRead& read, const Surroundings& around) {
    auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    if (!read.sequence && is_repeat(lane, model, read))
        return remember(lane, model, read), answer(lane.slots, model, read);
    if (lane.session == 0) return open_unplaced(state, index, read, around);  // the sorter's default takes the parcel
    if (read.sequence) return join_named(state, index, read, around);
    const auto places = places_at(state, index, model, read.at);
    if (places.count() > 1) return share(state, index, places, read, around);
    if (!places.undecided.empty()) return take_codes(*places.undecided.front(), lane, model, read);
    if (!places.decided.empty()) return join_passed(state, index, *places.decided.front(), read, around);
    let_float(state, index, read, read.at, around);
}

void join_without_sorter(State& state, std::size_t index, const reading::CodesRead& read, const Surroundings& around) {
    auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    for (auto& slot : lane.slots) {  // a second reader's view of the parcel that waits
        if (!answered_by(slot, read.device) && read.at - slot.opened <= model.same_parcel_ms)
            return take_codes(slot, lane, model, read);
    }
    if (is_repeat(lane, model, read)) return remember(lane, model, read);
    open_without_sorter(state, index, read, around);
}

/// What the place in front took after the item of `slot` may have come, its induction only not seen yet, may be the
/// item's own: neither is sure of it.
void doubt_in_front(State& state, std::size_t index, Slot& slot, const Surroundings& around) {
    auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    const auto own = [&](const Window& window, const std::optional<BootTime>& at) {
        return at && window.may_be_for(slot.earliest, slot.opened, *at);
    };
    Slot* front = nullptr;
    for (auto& s : lane.slots)
        if (s.session != 0) front = &s;
    const auto* passed = lane.passed.empty() ? nullptr : &lane.passed.back();
    if (front != nullptr && (passed == nullptr || front->opened >= passed->opened)) {
        if (own(model.read_window, front->last_read)) front->tracking_lost = slot.tracking_lost = true;
        if (front->weight && own(model.weigh_window, front->weight->at))
            front->weights_clash = slot.weights_clash = true;
    }
    if (passed != nullptr && (front == nullptr || passed->opened >= front->opened)) {
        const bool read = own(model.read_window, passed->last_read);
        const bool weighed = own(model.weigh_window, passed->weighed);
        slot.tracking_lost |= read;
        slot.weights_clash |= weighed;
        if (read || weighed) doubt(state, index, passed->sequence, around);
    }
}

/// Inductions are polled, readings pushed: what came a moment early joins now.
void adopt_telegrams(LaneState& lane, const LaneModel& model, Slot& slot) {
    auto waiting = std::move(lane.floating);
    lane.floating.clear();
    for (auto& f : waiting) {
        const auto* read = std::get_if<reading::CodesRead>(&f.reading);
        const bool fits =
            read != nullptr && (read->sequence ? *read->sequence == slot.sequence
                                               : model.read_window.may_be_for(slot.earliest, slot.opened, f.at));
        if (fits)
            take_codes(slot, lane, model, *read);
        else
            lane.floating.push_back(std::move(f));
    }
}

/// The numbers come round: whatever still has this one, or is half a round behind, left long ago.
void end_number(State& state, const DeviceId& sorter, const reading::Induction& induction, const Surroundings& around) {
    constexpr int numbers = 65'535;  // 1 to 65,535
    const auto opposite = static_cast<std::uint16_t>((induction.sequence - 1 + numbers / 2) % numbers + 1);
    for (const auto sequence : {induction.sequence, opposite})
        if (const auto* open = state.open.at_slot(sorter, induction.session, sequence))
            end_passage(state, *open, std::nullopt, Actuation::unknown, around);
}

}  // namespace

void open_slot(State& state, std::size_t index, const reading::Induction& induction, const Surroundings& around) {
    auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    if (induction.session != lane.session) return;  // of a conversation that ended
    end_number(state, model.sorter, induction, around);
    Slot slot = bare_slot(induction.at, around.now);
    slot.session = induction.session;
    slot.sequence = induction.sequence;
    slot.earliest = std::min(induction.not_before, induction.at) + -ring_slack_ms;
    slot.tracking_lost = lane.next_unsure || (lane.unsure_until && slot.earliest <= *lane.unsure_until);
    lane.next_unsure = false;
    doubt_in_front(state, index, slot, around);
    adopt_telegrams(lane, model, slot);
    adopt_weight(lane, model, slot);
    screen_opened(state, index, slot, around);
    lane.slots.push_back(std::move(slot));
}

void join_codes(State& state, std::size_t index, const reading::CodesRead& read, const Surroundings& around) {
    const auto& model = around.site.lanes[index];
    if (!model.sorter.empty()) return join_on_sorter(state, index, read, around);
    join_without_sorter(state, index, read, around);
}

void join_weight(State& state, std::size_t index, const reading::WeightRead& weight, const Surroundings& around) {
    auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    std::vector<Slot*> waiting;
    std::vector<Passed*> decided;
    for (auto& slot : lane.slots) {
        const bool takes = !slot.weight && (slot.session != 0 || model.sorter.empty());
        if (takes && model.weigh_window.may_be_for(slot.earliest, slot.opened, weight.at)) waiting.push_back(&slot);
    }
    for (auto& place : lane.passed)
        if (!place.weighed && model.weigh_window.may_be_for(place.earliest, place.opened, weight.at))
            decided.push_back(&place);
    if (waiting.empty() && decided.empty()) return let_float(state, index, weight, weight.at, around);
    if (waiting.size() + decided.size() == 1) {  // too late for one that was decided without it, but nobody else's
        if (decided.empty())
            waiting.front()->weight = weight;
        else
            decided.front()->weighed = weight.at;
        return;
    }
    for (auto* slot : waiting) slot->weights_clash = true;
    for (const auto* place : decided) doubt(state, index, place->sequence, around);
}

std::int64_t patience_for(const Floating& floating, const LaneModel& model) {
    const bool is_weight = std::holds_alternative<reading::WeightRead>(floating.reading);
    return is_weight ? std::max(float_for_ms, -model.weigh_window.from_ms) : float_for_ms;
}

void expire_floating(State& state, std::size_t index, const Surroundings& around) {
    auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    auto waiting = std::move(lane.floating);
    lane.floating.clear();
    std::optional<BootTime> in_vain;  // the first of them
    for (auto& f : waiting) {
        if (around.now.boot - f.at < patience_for(f, model)) {
            lane.floating.push_back(std::move(f));
            continue;
        }
        const auto* read = std::get_if<reading::CodesRead>(&f.reading);
        if (read != nullptr && is_repeat(lane, model, *read)) {  // of another reader that waited as well
            remember(lane, model, *read);
            continue;
        }
        if (read != nullptr) open_unplaced(state, index, *read, around);
        if (!in_vain) in_vain = f.at;
    }
    if (in_vain && !model.sorter.empty()) lose_tracking(state, index, *in_vain, around);
}

}  // namespace hefang::core
