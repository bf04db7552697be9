#include "core/state.hpp"

#include <algorithm>

namespace hefang::core {

void OpenPassages::put(OpenPassage passage) {
    const PassageId id = passage.decided.passage;
    erase(id);
    const auto& d = passage.decided;
    by_slot_[{d.sorter, {d.session, d.sequence}}] = id;
    by_code_.emplace(d.waybill, id);
    for (const auto& code : d.codes) by_code_.emplace(code, id);
    by_id_.emplace(id, std::move(passage));
}

void OpenPassages::forget(const OpenPassage& passage) {
    const auto& d = passage.decided;
    if (const auto at = by_slot_.find({d.sorter, {d.session, d.sequence}});
        at != by_slot_.end() && at->second == d.passage)
        by_slot_.erase(at);
    const auto forget_code = [&](const std::string& code) {
        const auto [first, last] = by_code_.equal_range(code);
        const auto at = std::find_if(first, last, [&](const auto& entry) { return entry.second == d.passage; });
        if (at != last) by_code_.erase(at);
    };
    forget_code(d.waybill);
    for (const auto& code : d.codes) forget_code(code);
}

void OpenPassages::erase(const PassageId& id) {
    const auto at = by_id_.find(id);
    if (at == by_id_.end()) return;
    forget(at->second);
    by_id_.erase(at);
}

OpenPassage* OpenPassages::find(const PassageId& id) {
    const auto at = by_id_.find(id);
    return at == by_id_.end() ? nullptr : &at->second;
}

OpenPassage* OpenPassages::at_slot(const DeviceId& sorter, std::uint64_t session, std::uint16_t sequence) {
    const auto at = by_slot_.find({sorter, {session, sequence}});
    return at == by_slot_.end() ? nullptr : find(at->second);
}

std::vector<PassageId> OpenPassages::with_code(const std::string& code) const {
    std::vector<PassageId> ids;
    const auto [first, last] = by_code_.equal_range(code);
    for (auto at = first; at != last; ++at) ids.push_back(at->second);
    std::sort(ids.begin(), ids.end());  // the same order in every run, whatever the hash says
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    return ids;
}

State fresh_state(const SiteModel& site) {
    State state;
    state.lanes.resize(site.lanes.size());
    return state;
}

namespace {

struct Fold {
    State& state;
    std::uint64_t sequence;

    void operator()(const PassageDecided& d) const {
        if (d.session == 0) return;  // no sorter's slot: finished with its decision
        OpenPassage open{d, sequence};
        open.may_be_released = d.verdict == Verdict::release;
        if (const auto* earlier = state.open.find(d.passage)) {
            open.confirm_until = earlier->confirm_until;
            open.overdue = earlier->overdue;
            open.may_be_released |= earlier->may_be_released;
        }
        state.open.put(std::move(open));
    }
    void operator()(const PassageActuated& a) const { state.open.erase(a.passage); }
    void operator()(const DeviceWasLost& f) const { state.lost[f.device] = sequence; }
    void operator()(const DeviceWasRestored& f) const { state.lost.erase(f.device); }
    void operator()(const EpochOpened&) const {}
    void operator()(const MessageTaken&) const {}
    void operator()(const ReceiptTaken&) const {}
    void operator()(const ClockStepped&) const {}
    void operator()(const StoreRefused&) const {}
    void operator()(const ReadingTaken&) const {}
    void operator()(const AlarmRaised& f) const { state.alarms[f.device] = sequence; }
    void operator()(const AlarmAcknowledged& f) const { state.alarms.erase(f.device); }
};

}  // namespace

void evolve(State& state, const Fact& fact, std::uint64_t sequence) { std::visit(Fold{state, sequence}, fact); }

std::vector<std::uint64_t> facts_that_matter(const State& state) {
    std::vector<std::uint64_t> out;
    for (const auto& [id, passage] : state.open.all()) out.push_back(passage.fact);
    for (const auto& [id, sequence] : state.lost) out.push_back(sequence);
    for (const auto& [id, sequence] : state.alarms) out.push_back(sequence);
    std::sort(out.begin(), out.end());
    return out;
}

}  // namespace hefang::core
