#include "core/alarm.hpp"

#include "core/actuation.hpp"
#include "core/judge.hpp"

#include <algorithm>

namespace hefang::core {
namespace {

void record(State& state, const Surroundings& around, const Fact& fact) { evolve(state, fact, around.record(fact)); }

bool watches(const LaneModel& model, const DeviceId& device) {
    return std::any_of(model.alarms.begin(), model.alarms.end(),
                       [&](const AlarmModel& alarm) { return alarm.device == device; });
}

Finding plain(Reason reason) {
    const auto& row = text_of(reason);
    return {reason, row.verdict, row.parcel_class};
}

/// What is decided and still on the belt is taken back, as far as it can be.
void hold_decided(State& state, std::size_t index, const Surroundings& around) {
    const auto& model = around.site.lanes[index];
    const auto findings = alarm_findings(state, model, state.lanes[index]);
    if (findings.empty()) return;
    for (const auto& id : passages_of_sorter(state, model.sorter)) {
        const PassageDecided earlier = state.open.find(id)->decided;
        if (earlier.lane != model.id) continue;
        if (const auto later = judge_stricter(earlier, model, findings)) revise(state, index, *later, around);
    }
}

ReadingTaken begin(const DeviceId& device, const char* kind, BootTime at, const Now& now) {
    return {device, kind, {now.wall.ms - std::max<std::int64_t>(0, now.boot - at)}, {}};
}

/// Members come in ascending order of their names.
void add(ReadingTaken& fact, std::string name, const std::string& text) {
    if (!text.empty()) fact.said.push_back({std::move(name), text});
}
void add(ReadingTaken& fact, std::string name, std::optional<std::int64_t> number) {
    if (number) fact.said.push_back({std::move(name), *number});
}

std::string word(reading::ContactState state) {
    switch (state) {
        case reading::ContactState::inactive: return "inactive";
        case reading::ContactState::active: return "active";
        case reading::ContactState::unknown: break;
    }
    return "unknown";
}

std::string word(reading::BarrierEvent event) {
    switch (event) {
        case reading::BarrierEvent::opening: return "opening";
        case reading::BarrierEvent::opened: return "opened";
        case reading::BarrierEvent::passed: return "passed";
        case reading::BarrierEvent::closing: return "closing";
        case reading::BarrierEvent::closed: return "closed";
        case reading::BarrierEvent::stopped: return "stopped";
        case reading::BarrierEvent::emergency: return "emergency";
        case reading::BarrierEvent::emergency_over: return "emergency-over";
        case reading::BarrierEvent::fault: return "fault";
        case reading::BarrierEvent::unknown: break;
    }
    return "unknown";
}

std::string word(reading::PrintEnd end) {
    switch (end) {
        case reading::PrintEnd::printed: return "printed";
        case reading::PrintEnd::not_printed: return "not-printed";
        case reading::PrintEnd::unknown: break;
    }
    return "unknown";
}

}  // namespace

std::vector<Finding> alarm_findings(const State& state, const LaneModel& model, const LaneState& lane) {
    std::vector<Finding> out;
    for (const auto& alarm : model.alarms) {
        if (state.alarms.contains(alarm.device)) {
            out.push_back(plain(alarm.reason));
        } else if (state.lost.contains(alarm.device) || !lane.clear.contains(alarm.device)) {
            out.push_back(plain(Reason::security_hold));
        }
    }
    return out;
}

void take_alarm(State& state, const reading::AlarmState& said, const Surroundings& around) {
    record(state, around, witness(said, around.now));
    bool watched = false;
    for (std::size_t i = 0; i < state.lanes.size(); ++i) {
        if (!watches(around.site.lanes[i], said.device)) continue;
        watched = true;
        if (said.alarm) {
            state.lanes[i].clear.erase(said.device);
        } else {
            state.lanes[i].clear.insert(said.device);
        }
    }
    if (said.alarm && watched && !state.alarms.contains(said.device))
        record(state, around, AlarmRaised{said.device, said.said});
    if (!said.alarm) return;
    for (std::size_t i = 0; i < state.lanes.size(); ++i)
        if (watches(around.site.lanes[i], said.device)) hold_decided(state, i, around);
}

void forget_clear(State& state, const DeviceId& device, const Surroundings& around) {
    for (std::size_t i = 0; i < state.lanes.size(); ++i) {
        if (!watches(around.site.lanes[i], device)) continue;
        state.lanes[i].clear.erase(device);
        hold_decided(state, i, around);
    }
}

ReadingTaken witness(const reading::PlateRead& read, const Now& now) {
    auto fact = begin(read.device, "plate", read.at, now);
    add(fact, "colour", read.colour);
    add(fact, "confidence", read.confidence);
    add(fact, "deviceTime", read.device_time);
    add(fact, "direction", read.direction);
    add(fact, "line", read.line);
    for (std::size_t i = 0; i < read.pictures.size() && i < reading::most_pictures; ++i) {
        const auto name = "picture" + std::to_string(i + 1);
        add(fact, name, read.pictures[i].sha256);
        add(fact, name + "Bytes", read.pictures[i].bytes);
    }
    add(fact, "plate", read.plate);
    return fact;
}

ReadingTaken witness(const reading::ContainerRead& read, const Now& now) {
    auto fact = begin(read.device, "container", read.at, now);
    add(fact, "agreement", read.agreement);
    for (std::size_t i = 0; i < read.numbers.size() && i < 9; ++i)
        add(fact, "container" + std::to_string(i + 1), read.numbers[i]);
    for (std::size_t i = 0; i < read.sides.size() && i < 9; ++i)
        add(fact, "side" + std::to_string(i + 1), read.sides[i]);
    return fact;
}

ReadingTaken witness(const reading::TagRead& read, const Now& now) {
    auto fact = begin(read.device, "tag", read.at, now);
    add(fact, "antenna", read.antenna);
    add(fact, "epc", read.epc);
    add(fact, "rssiDbm", read.rssi_dbm);
    return fact;
}

ReadingTaken witness(const reading::ValueRead& read, const Now& now) {
    auto fact = begin(read.device, "value", read.at, now);
    add(fact, "channel", read.channel);
    add(fact, "value", read.value);
    return fact;
}

ReadingTaken witness(const reading::AlarmState& said, const Now& now) {
    auto fact = begin(said.device, "alarm", said.at, now);
    add(fact, "line", said.said);
    add(fact, "state", std::string(said.alarm ? "alarm" : "clear"));
    return fact;
}

ReadingTaken witness(const reading::ContactChanged& changed, const Now& now) {
    auto fact = begin(changed.device, "contact", changed.at, now);
    add(fact, "contact", changed.contact);
    add(fact, "state", word(changed.state));
    return fact;
}

ReadingTaken witness(const reading::BarrierTold& told, const Now& now) {
    auto fact = begin(told.device, "barrier", told.at, now);
    add(fact, "event", word(told.event));
    add(fact, "passage", told.passage);
    add(fact, "why", told.why);
    return fact;
}

ReadingTaken witness(const reading::LabelEnded& ended, const Now& now) {
    auto fact = begin(ended.device, "label", ended.at, now);
    add(fact, "end", word(ended.end));
    add(fact, "job", ended.job);
    add(fact, "why", ended.why);
    return fact;
}

}  // namespace hefang::core
