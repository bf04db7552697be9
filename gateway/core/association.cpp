#include "core/association.hpp"

#include <algorithm>

namespace hefang::core {
namespace {

bool answered_by(const Slot& slot, const DeviceId& device) {
    return std::find(slot.answered.begin(), slot.answered.end(), device) != slot.answered.end();
}

void take_codes(Slot& slot, LaneState& lane, const reading::CodesRead& read) {
    if (slot.read_order == 0) slot.read_order = ++lane.reads;
    if (!answered_by(slot, read.device)) slot.answered.push_back(read.device);
    for (const auto& code : read.codes) {
        const bool known = std::find(slot.codes.begin(), slot.codes.end(), code.text) != slot.codes.end();
        if (!known && slot.codes.size() < max_codes_a_label) slot.codes.push_back(code.text);
        lane.recent.emplace_back(read.at, code.text);
    }
}

/// True when every code of the telegram was read on this lane within same_parcel_ms: the same parcel, seen again.
bool is_repeat(LaneState& lane, const LaneModel& model, const reading::CodesRead& read) {
    while (!lane.recent.empty() && read.at - lane.recent.front().first > model.same_parcel_ms) lane.recent.pop_front();
    const auto seen = [&](const reading::Code& code) {
        return std::any_of(lane.recent.begin(), lane.recent.end(), [&](const auto& r) { return r.second == code.text; });
    };
    return !read.codes.empty() && std::all_of(read.codes.begin(), read.codes.end(), seen);
}

Slot bare_slot(BootTime opened, const Now& now) {
    Slot slot;
    slot.opened = opened;
    slot.event = {now.wall.ms - (now.boot - opened)};
    return slot;
}

/// Gives a new slot the one weighing that came before it, when the window allows weights to come first.
void adopt_weight(LaneState& lane, const LaneModel& model, Slot& slot) {
    const auto fits = [&](const Floating& f) {
        return std::holds_alternative<reading::WeightRead>(f.reading) && model.weigh_window.holds(f.at - slot.opened);
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

/// A parcel that has no place on a sorter.
Slot& open_without_place(LaneState& lane, const LaneModel& model, const reading::CodesRead& read, const Now& now) {
    lane.slots.push_back(bare_slot(read.at, now));
    take_codes(lane.slots.back(), lane, read);
    adopt_weight(lane, model, lane.slots.back());
    return lane.slots.back();
}

std::vector<Slot*> candidates_for_read(LaneState& lane, const LaneModel& model, const reading::CodesRead& read) {
    std::vector<Slot*> found;
    for (auto& slot : lane.slots) {
        if (slot.session == 0 || answered_by(slot, read.device)) continue;
        const bool fits = read.sequence ? slot.sequence == *read.sequence : model.read_window.holds(read.at - slot.opened);
        if (fits) found.push_back(&slot);
    }
    return found;
}

void join_on_sorter(LaneState& lane, const LaneModel& model, const reading::CodesRead& read, const Now& now) {
    const auto found = candidates_for_read(lane, model, read);
    if (found.size() == 1) return take_codes(*found.front(), lane, read);
    if (found.size() > 1) {  // one telegram, two parcels without one: neither is sure
        for (auto* slot : found) slot->tracking_lost = true;
        return take_codes(*found.back(), lane, read);
    }
    if (is_repeat(lane, model, read)) return;
    if (lane.session == 0) {  // the sorter is away: its default takes the parcel
        open_without_place(lane, model, read, now).tracking_lost = true;
        return;
    }
    lane.floating.push_back({read, read.at});
}

void join_without_sorter(LaneState& lane, const LaneModel& model, const reading::CodesRead& read, const Now& now) {
    for (auto& slot : lane.slots) {  // a second reader's view of the parcel that waits
        if (!answered_by(slot, read.device) && read.at - slot.opened <= model.same_parcel_ms)
            return take_codes(slot, lane, read);
    }
    if (is_repeat(lane, model, read)) return;
    open_without_place(lane, model, read, now);
}

}  // namespace

void lose_tracking(LaneState& lane) {
    for (auto& slot : lane.slots) slot.tracking_lost = true;
    lane.tracking_lost = true;
}

void open_slot(LaneState& lane, const LaneModel& model, const reading::Induction& induction, const Now& now) {
    if (induction.session != lane.session) return;  // of a conversation that ended
    lane.last_activity = now.boot;
    if (lane.slots.size() >= max_open_slots) lose_tracking(lane);
    Slot slot = bare_slot(induction.at, now);
    slot.session = induction.session;
    slot.sequence = induction.sequence;
    slot.tracking_lost = lane.tracking_lost;
    lane.slots.push_back(std::move(slot));

    // Inductions are polled, readings pushed: what came a moment early joins now.
    auto waiting = std::move(lane.floating);
    lane.floating.clear();
    for (auto& f : waiting) {
        if (auto* read = std::get_if<reading::CodesRead>(&f.reading)) {
            auto& newest = lane.slots.back();
            const bool named = read->sequence && *read->sequence == newest.sequence;
            const bool free = newest.read_order == 0 && !read->sequence;
            if (named || free) {
                take_codes(newest, lane, *read);
                continue;
            }
        }
        lane.floating.push_back(std::move(f));
    }
    adopt_weight(lane, model, lane.slots.back());
}

void join_codes(LaneState& lane, const LaneModel& model, const reading::CodesRead& read, const Now& now) {
    lane.last_activity = now.boot;
    if (model.sorter.empty()) {
        join_without_sorter(lane, model, read, now);
    } else {
        join_on_sorter(lane, model, read, now);
    }
}

void join_weight(LaneState& lane, const LaneModel& model, const reading::WeightRead& weight) {
    std::vector<Slot*> found;
    for (auto& slot : lane.slots) {
        if (!slot.weight && !slot.weights_clash && model.weigh_window.holds(weight.at - slot.opened)) found.push_back(&slot);
    }
    if (found.size() == 1) {
        found.front()->weight = weight;
    } else if (found.size() > 1) {
        for (auto* slot : found) slot->weights_clash = true;
    } else {
        lane.floating.push_back({weight, weight.at});
    }
}

std::int64_t patience_for(const Floating& floating, const LaneModel& model) {
    const bool is_weight = std::holds_alternative<reading::WeightRead>(floating.reading);
    return is_weight ? std::max(float_for_ms, -model.weigh_window.from_ms) : float_for_ms;
}

bool quiet(const LaneState& lane, const LaneModel& model, BootTime now) {
    return lane.slots.empty() && lane.floating.empty() &&
           now - lane.last_activity >= std::max(model.read_window.to_ms, float_for_ms);
}

void expire_floating(LaneState& lane, const LaneModel& model, const Now& now) {
    auto waiting = std::move(lane.floating);
    lane.floating.clear();
    for (auto& f : waiting) {
        if (now.boot - f.at < patience_for(f, model)) {
            lane.floating.push_back(std::move(f));
            continue;
        }
        if (const auto* read = std::get_if<reading::CodesRead>(&f.reading)) {
            open_without_place(lane, model, *read, now);
            lose_tracking(lane);
        } else if (!model.sorter.empty()) {
            lose_tracking(lane);
        }
    }
}

}  // namespace hefang::core
