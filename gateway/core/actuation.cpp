#include "core/actuation.hpp"

#include "core/assess.hpp"
#include "core/fold.hpp"

#include <algorithm>

namespace hefang::core {
namespace {

const LaneModel* lane_named(const SiteModel& site, const LaneId& id) {
    const auto at = std::find_if(site.lanes.begin(), site.lanes.end(), [&](const LaneModel& m) { return m.id == id; });
    return at == site.lanes.end() ? nullptr : &*at;
}

Actuation result_of(const OpenPassage& open, const reading::Confirmed& confirmed) {
    switch (confirmed.result) {
        case reading::Left::lost: return Actuation::lost;
        case reading::Left::recirculated: return Actuation::recirculated;
        case reading::Left::missed:
        case reading::Left::diverted: break;
    }
    if (open.answer == Answer::refused) return Actuation::missed;
    if (open.answer != Answer::accepted) return Actuation::late;  // it left before the PLC took the decision
    const bool as_told = confirmed.result == reading::Left::diverted && confirmed.chute == open.decided.chute;
    return as_told ? Actuation::diverted : Actuation::missed;
}

Answer answer_of(reading::AckCode code) {
    switch (code) {
        case reading::AckCode::accepted: return Answer::accepted;
        case reading::AckCode::too_late: return Answer::too_late;
        case reading::AckCode::unknown_sequence: return Answer::unknown_item;
        case reading::AckCode::lane_full:
        case reading::AckCode::not_in_auto: break;
    }
    return Answer::refused;
}

void end_all(State& state, const std::vector<PassageId>& ids, const Surroundings& around) {
    for (const auto& id : ids) {
        end_passage(state, *state.open.find(id), std::nullopt, Actuation::unknown, around);
    }
}

template <class Wanted>
std::vector<PassageId> passages_where(const State& state, Wanted&& holds) {
    std::vector<PassageId> ids;
    for (const auto& [id, open] : state.open.all())
        if (holds(open)) ids.push_back(id);
    return ids;
}

}  // namespace

void take_ack(State& state, const reading::CommandAcked& ack) {
    auto* open = state.open.at_slot(ack.device, ack.session, ack.sequence);
    if (open == nullptr || open->decided.revision != ack.revision) return;
    open->answer = answer_of(ack.code);
    const bool taken_back = open->answer == Answer::accepted || open->answer == Answer::refused;
    if (open->decided.verdict != Verdict::release && taken_back) open->may_be_released = false;
}

void take_confirmation(State& state, const reading::Confirmed& confirmed, const Surroundings& around) {
    const auto* open = state.open.at_slot(confirmed.device, confirmed.session, confirmed.sequence);
    if (open == nullptr) return;
    const auto actual =
        confirmed.result == reading::Left::lost ? std::nullopt : std::optional<std::int32_t>(confirmed.chute);
    end_passage(state, *open, actual, result_of(*open, confirmed), around);
}

void end_passage(State& state, OpenPassage open, std::optional<std::int32_t> actual, Actuation result,
                 const Surroundings& around) {
    const auto& d = open.decided;
    const auto* model = lane_named(around.site, d.lane);
    PassageActuated fact{d.passage, d.revision, d.lane, d.waybill, open.given ? d.chute : 0, actual, result, false};
    fact.left_by_release = model != nullptr && actual && *actual == model->chute_of(ParcelClass::release);
    evolve(state, fact, around.record(fact));
}

void revise(State& state, std::size_t index, const PassageDecided& later, const Surroundings& around) {
    evolve(state, later, around.record(later));
    state.lanes[index].commands_changed = true;
    if (auto* open = state.open.find(later.passage))
        open->valid_until = around.now.boot + around.site.lanes[index].confirm_within_ms;
}

std::vector<PassageId> passages_of_sorter(const State& state, const DeviceId& sorter) {
    return passages_where(state, [&](const OpenPassage& o) { return o.decided.sorter == sorter; });
}

void end_orphans(State& state, const Surroundings& around) {
    const auto orphaned = [&](const OpenPassage& o) {
        const auto* model = lane_named(around.site, o.decided.lane);
        return model == nullptr || model->sorter != o.decided.sorter;
    };
    end_all(state, passages_where(state, orphaned), around);
}

void record_receipt(State& state, const RegisterChanged& change, bool open, const Surroundings& around) {
    const auto history = around.known.history(change.waybill);
    if (!open && history.attempts == 0) return;
    const auto& receipt = *change.receipt;
    Clearance with = around.known.clearance(change.waybill);
    const auto after = assess(with, around.site.policy, around.now);
    for (auto& inventory : with.inventories)
        std::erase_if(inventory.receipts, [&](const Receipt& r) { return r.same_as(receipt); });
    const auto before = assess(with, around.site.policy, around.now);
    const bool changed = before.ground.state != after.ground.state || before.ground.status != after.ground.status ||
                         before.findings != after.findings;
    const bool revokes = history.left_by_release && holds(kind_of(receipt.status));
    if (!changed && !revokes) return;
    ReceiptTaken fact{change.waybill, after.ground.invt_no, text_of_status(receipt.status), receipt.time.raw};
    fact.after_exit = history.left_by_release;
    fact.late = receipt.time.second && receipt.taken_ms / 1000 - *receipt.time.second > late_receipt_s;
    evolve(state, fact, around.record(fact));
}

}  // namespace hefang::core
