#include "core/step.hpp"

#include "core/actuation.hpp"
#include "core/association.hpp"
#include "core/doubt.hpp"
#include "core/judge.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>

namespace hefang::core {
namespace {

void record(State& state, const Surroundings& around, const Fact& fact) { evolve(state, fact, around.record(fact)); }

bool is_lost(const State& state, const DeviceId& device) { return state.lost.contains(device); }

/// Every sensor of the lane that still lives has answered for this slot.
bool complete(const Slot& slot, const LaneModel& model, const State& state) {
    if (slot.read_order == 0) return false;
    if (slot.session == 0 && !model.sorter.empty()) return true;  // without place nothing more can join it
    const auto waits_for = [&](const DeviceId& reader) {
        return !is_lost(state, reader) &&
               std::find(slot.answered.begin(), slot.answered.end(), reader) == slot.answered.end();
    };
    if (std::any_of(model.readers.begin(), model.readers.end(), waits_for)) return false;
    return model.scale.empty() || slot.weight || slot.weights_clash || is_lost(state, model.scale);
}

void decide_slot(State& state, std::size_t index, const Slot& slot, const Surroundings& around) {
    const auto& model = around.site.lanes[index];
    const PassageDecided decided = judge(slot, index, state, around);
    if (decided.session != 0) {
        if (auto* earlier = state.open.at_slot(decided.sorter, decided.session, decided.sequence))
            end_passage(state, *earlier, std::nullopt, Actuation::unknown,
                        around);  // the number came round unconfirmed
    }
    record(state, around, decided);
    if (auto* open = state.open.find(decided.passage)) {
        open->valid_until = slot.opened + model.command_valid_ms;
        open->confirm_until = slot.opened + model.confirm_within_ms;
        state.confirm_due = std::min(state.confirm_due, open->confirm_until);
        state.lanes[index].commands_changed = true;
        remember_place(state.lanes[index], model, slot, around.now.boot);
    }
}

enum class Due { complete, complete_or_overdue };

/// Decides every slot that is complete, and on a tick those overdue: never between the inputs of one turn, because what
/// a slot waits for may stand behind the input that is taken just now. Parcels whose telegrams came earlier go first,
/// so that what is on disk of a reader's telegrams is always a prefix of what it sent.
void settle(State& state, std::size_t index, const Surroundings& around, Due which = Due::complete) {
    auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    for (;;) {
        std::uint64_t oldest_read = 0;
        for (const auto& slot : lane.slots) {
            if (slot.read_order != 0 && (oldest_read == 0 || slot.read_order < oldest_read))
                oldest_read = slot.read_order;
        }
        const auto due = [&](const Slot& slot) {
            const bool overdue =
                which == Due::complete_or_overdue && around.now.boot - slot.opened >= model.decide_within_ms;
            const bool in_turn = slot.read_order == 0 || slot.read_order == oldest_read;
            return in_turn && (overdue || complete(slot, model, state));
        };
        const auto at = std::find_if(lane.slots.begin(), lane.slots.end(), due);
        if (at == lane.slots.end()) break;
        const Slot slot = std::move(*at);
        lane.slots.erase(at);
        decide_slot(state, index, slot, around);
    }
}

void decide_all_unsure(State& state, std::size_t index, const Surroundings& around) {
    auto& lane = state.lanes[index];
    auto slots = std::move(lane.slots);
    lane.slots.clear();
    for (auto& slot : slots) slot.tracking_lost = true;
    std::stable_sort(slots.begin(), slots.end(),
                     [](const Slot& a, const Slot& b) { return a.read_order < b.read_order; });
    for (const auto& slot : slots) decide_slot(state, index, slot, around);
}

/// Too many parcels are undecided for this lane: it takes no more before they are.
bool crowded(const LaneState& lane) {
    return lane.slots.size() >= (lane.session == 0 ? max_slots_without_place : max_open_slots);
}

/// The PLC conversation of lane `index` is over: nothing of it is commanded any more.
void end_session(State& state, std::size_t index, const Surroundings& around) {
    auto& lane = state.lanes[index];
    lane.session = 0;
    decide_all_unsure(state, index, around);
    lane.passed.clear();
    lane.next_unsure = false;
    lane.unsure_until.reset();
    lane.commands_changed = true;
    const auto& sorter = around.site.lanes[index].sorter;
    for (const auto& id : passages_of_sorter(state, sorter))
        end_passage(state, *state.open.find(id), std::nullopt, Actuation::unknown, around);
}

struct Take {
    State& state;
    const Surroundings& around;

    template <class F>
    void on_lanes(F&& uses, const std::function<void(std::size_t)>& then) const {
        for (std::size_t i = 0; i < around.site.lanes.size(); ++i) {
            if (uses(around.site.lanes[i])) then(i);
        }
    }
    [[nodiscard]] std::optional<std::size_t> lane_of_sorter(const DeviceId& device) const {
        for (std::size_t i = 0; i < around.site.lanes.size(); ++i)
            if (around.site.lanes[i].sorter == device) return i;
        return std::nullopt;
    }

    void operator()(const reading::CodesRead& r) const {
        const auto reads = [&](const LaneModel& m) {
            return std::find(m.readers.begin(), m.readers.end(), r.device) != m.readers.end();
        };
        on_lanes(reads, [&](std::size_t i) {
            if (crowded(state.lanes[i])) decide_all_unsure(state, i, around);
            join_codes(state, i, r, around);
            settle(state, i, around);
        });
    }
    void operator()(const reading::WeightRead& r) const {
        on_lanes([&](const LaneModel& m) { return m.scale == r.device; },
                 [&](std::size_t i) {
                     join_weight(state, i, r, around);
                     settle(state, i, around);
                 });
    }
    void operator()(const reading::SorterUp& r) const {
        if (const auto i = lane_of_sorter(r.device)) {
            if (state.lanes[*i].session != r.session) end_session(state, *i, around);
            state.lanes[*i].session = r.session;
            begin_unsure(state.lanes[*i], around.site.lanes[*i], r.at);
        }
    }
    void operator()(const reading::SorterDown& r) const {
        if (const auto i = lane_of_sorter(r.device); i && state.lanes[*i].session == r.session)
            end_session(state, *i, around);
    }
    void operator()(const reading::Induction& r) const {
        if (const auto i = lane_of_sorter(r.device)) {
            if (crowded(state.lanes[*i])) {
                lose_tracking(state, *i, around.now.boot, around);
                decide_all_unsure(state, *i, around);
            }
            open_slot(state, *i, r, around);
            settle(state, *i, around);
        }
    }
    void operator()(const reading::TrackingLost& r) const {
        if (const auto i = lane_of_sorter(r.device); i && state.lanes[*i].session == r.session)
            lose_tracking(state, *i, std::min(r.not_before, r.at), around);
    }
    void operator()(const reading::CommandAcked& r) const { take_ack(state, r); }
    void operator()(const reading::Confirmed& r) const {
        const auto i = lane_of_sorter(r.device);
        if (!i || state.lanes[*i].session != r.session) return;
        auto& slots = state.lanes[*i].slots;
        const auto undecided = std::find_if(slots.begin(), slots.end(), [&](const Slot& s) {
            return s.session == r.session && s.sequence == r.sequence;
        });
        if (undecided != slots.end()) {  // it left before its verdict: the PLC's default took it
            Slot slot = std::move(*undecided);
            slots.erase(undecided);
            slot.tracking_lost = true;
            decide_slot(state, *i, slot, around);
        }
        take_confirmation(state, r, around);
    }
    void operator()(const reading::DeviceLost& r) const {
        if (!is_lost(state, r.device)) record(state, around, DeviceWasLost{r.device, r.detail});
        for (std::size_t i = 0; i < state.lanes.size(); ++i) settle(state, i, around);
    }
    void operator()(const reading::DeviceRestored& r) const {
        if (is_lost(state, r.device)) record(state, around, DeviceWasRestored{r.device});
    }
    // No lane uses these: the device page shows them.
    void operator()(const reading::ContactChanged&) const {}
    void operator()(const reading::BarrierTold&) const {}
    void operator()(const reading::LabelEnded&) const {}
};

void take_register_change(State& state, const RegisterChanged& change, const Surroundings& around) {
    const auto ids = state.open.with_code(change.waybill);
    const auto is_its = [&](const PassageId& id) { return state.open.find(id)->decided.waybill == change.waybill; };
    if (change.receipt) record_receipt(state, change, std::any_of(ids.begin(), ids.end(), is_its), around);
    for (const auto& id : ids) {
        const PassageDecided earlier = state.open.find(id)->decided;
        for (std::size_t i = 0; i < around.site.lanes.size(); ++i) {
            if (around.site.lanes[i].id != earlier.lane) continue;
            if (const auto later = judge_again(earlier, i, around)) {
                revise(state, i, *later, around);
            }
        }
    }
}

reading::SorterCommand command_of(const OpenPassage& open) {
    const auto& d = open.decided;
    return {d.session,
            d.sequence,
            static_cast<std::uint16_t>(d.revision),
            static_cast<std::uint16_t>(d.chute),
            static_cast<std::uint16_t>(d.reasons.empty() ? Reason::device_fault : d.reasons.front()),
            open.valid_until};
}

void tick(State& state, const Surroundings& around) {
    const auto& now = around.now;
    if (state.before) {
        const auto by = (now.wall.ms - state.before->wall.ms) - (now.boot - state.before->boot);
        if (std::llabs(by) > clock_step_ms) record(state, around, ClockStepped{by});
    }
    state.before = now;
    for (std::size_t i = 0; i < state.lanes.size(); ++i) {
        expire_floating(state, i, around);
        settle(state, i, around, Due::complete_or_overdue);
    }
    doubt_overdue(state, around);
}

}  // namespace

void step(State& state, const Input& input, const Surroundings& around) {
    if (const auto* r = std::get_if<reading::Reading>(&input)) {
        std::visit(Take{state, around}, *r);
    } else if (const auto* change = std::get_if<RegisterChanged>(&input)) {
        take_register_change(state, *change, around);
    } else if (std::holds_alternative<Started>(input)) {
        for (std::size_t i = 0; i < state.lanes.size(); ++i) end_session(state, i, around);
        end_orphans(state, around);
    } else {
        tick(state, around);
    }
}

BootTime next_deadline(const State& state, const SiteModel& site, BootTime latest) {
    auto soonest = latest;
    for (std::size_t i = 0; i < state.lanes.size(); ++i) {
        for (const auto& slot : state.lanes[i].slots)
            soonest = std::min(soonest, slot.opened + site.lanes[i].decide_within_ms);
        for (const auto& f : state.lanes[i].floating)
            soonest = std::min(soonest, f.at + patience_for(f, site.lanes[i]));
    }
    return soonest;  // confirmations are late by at most the caller's `latest`
}

std::vector<reading::SorterCommand> wanted(const State& state, const SiteModel& site, std::size_t index, BootTime now) {
    std::vector<reading::SorterCommand> out;
    const auto& lane = state.lanes[index];
    if (lane.session == 0) return out;
    std::array<std::vector<const OpenPassage*>, 3> by_urgency;
    for (const auto& [id, open] : state.open.all()) {
        const auto& d = open.decided;
        if (open.answer != Answer::none || d.session != lane.session || d.sorter != site.lanes[index].sorter) continue;
        if (now <= open.valid_until) by_urgency[open.overdue ? 2 : d.revision > 1 ? 0 : 1].push_back(&open);
    }
    for (const auto& group : by_urgency)
        for (const auto* open : group) out.push_back(command_of(*open));
    return out;
}

std::vector<reading::SorterCommand> hand_out(State& state, const SiteModel& site, std::size_t index, BootTime now) {
    auto commands = wanted(state, site, index, now);
    for (const auto& command : commands)
        state.open.at_slot(site.lanes[index].sorter, command.session, command.sequence)->given = true;
    state.lanes[index].commands_changed = false;
    return commands;
}

}  // namespace hefang::core
