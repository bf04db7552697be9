#include "app/config_parts.hpp"
#include "base/text.hpp"
#include "catalog/catalog.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

namespace hefang::app {
namespace {

using Chutes = std::array<std::optional<std::int32_t>, core::class_count>;
constexpr std::int64_t most_ms = 60'000;

core::ParcelClass class_at(std::size_t i) { return static_cast<core::ParcelClass>(i); }

/// Whether the device may stand where one of `kind` is named; one whose kind or protocol is wrong is told elsewhere.
bool serves(const DeviceEntry& device, std::string_view kind) {
    const auto* row = driver::row_of(device.config.kind, device.config.protocol);
    return row == nullptr ? device.config.kind == kind : driver::serves(*row, kind);
}

/// The device with this id, now taken by this lane; none when the lane may not have it, which is reported.
DeviceEntry* take(Section& section, const Word& word, std::string_view key, std::string_view kind,
                  std::vector<DeviceEntry>& devices) {
    const auto at = std::find_if(devices.begin(), devices.end(),
                                 [&](const DeviceEntry& d) { return d.config.id.text() == word.text; });
    const auto is = "'" + printable(word.text) + "'";
    if (word.text.empty() || at == devices.end()) {
        std::vector<std::string> fitting;
        for (const auto& d : devices) {
            if (serves(d, kind) && !d.config.id.empty()) fitting.push_back(d.config.id.text());
        }
        const auto near = nearest(word.text, fitting);
        section.wrong(word.place, key, is + ", which no [[device]] has as its id",
                      near ? "did you mean '" + *near + "'?" : "the id of a device of kind " + std::string(kind));
        return nullptr;
    }
    if (!at->config.kind.empty() && !serves(*at, kind)) {
        section.wrong(word.place, key, is + ", a device of kind " + at->config.kind,
                      "a device of kind " + std::string(kind));
        return nullptr;
    }
    // A station that scans and weighs takes both places of one lane, each once.
    const bool its_other_place = at->used_by == section.name() && at->used_as != key;
    if (!at->used_by.empty() && !its_other_place) {
        section.wrong(word.place, key, is + ", which " + at->used_by + " has already", "a device belongs to one lane");
        return nullptr;
    }
    at->used_by = section.name();
    at->used_as = key;
    return &*at;
}

DeviceEntry* take_one(Section& section, std::string_view key, std::vector<DeviceEntry>& devices) {
    const auto word = section.text(key);
    return word ? take(section, *word, key, key, devices) : nullptr;
}

void read_readers(Section& section, core::LaneModel& lane, std::vector<DeviceEntry>& devices) {
    const auto* member = section.need("reader", "reader = [\"reader-1\"]");
    if (member == nullptr) return;
    if (const auto* items = std::get_if<Items>(&member->value.is); items != nullptr && items->empty()) {
        section.wrong(member->value.place, "reader", "an empty list", "the id of at least one scanner");
    }
    for (const auto& word : section.words("reader")) {
        if (const auto* device = take(section, word, "reader", "scanner", devices))
            lane.readers.push_back(device->config.id);
    }
}

/// Devices whose alarm locks the lane; one portal may stand before several lanes.
void read_alarms(Section& section, core::LaneModel& lane, const std::vector<DeviceEntry>& devices) {
    struct Row {
        std::string_view kind;
        core::Reason reason;
    };
    constexpr std::array rows{Row{"radiation-portal", core::Reason::radiation_alarm},
                              Row{"trace-detector", core::Reason::security_hold}};
    for (const auto& word : section.words("alarms")) {
        const auto device = std::find_if(devices.begin(), devices.end(),
                                         [&](const DeviceEntry& d) { return d.config.id.text() == word.text; });
        const auto row =
            device == devices.end()
                ? rows.end()
                : std::find_if(rows.begin(), rows.end(), [&](const Row& r) { return r.kind == device->config.kind; });
        if (row == rows.end()) {
            section.wrong(word.place, "alarms",
                          "'" + printable(word.text) + "', which is no radiation-portal and no trace-detector",
                          "the id of such a [[device]]");
            continue;
        }
        const core::AlarmModel model{device->config.id, row->reason};
        if (std::find(lane.alarms.begin(), lane.alarms.end(), model) == lane.alarms.end()) lane.alarms.push_back(model);
    }
}

/// `least`: how early it may begin.
core::Window window(Section& section, std::string_view key, core::Window standard, std::int64_t least,
                    std::int64_t decide_within_ms) {
    const auto* member = section.find(key);
    if (member == nullptr) return standard;
    const auto* items = std::get_if<Items>(&member->value.is);
    const auto whole = [&](std::size_t i) { return std::get_if<std::int64_t>(&(*items)[i].is); };
    const bool pair = items != nullptr && items->size() == 2 && whole(0) != nullptr && whole(1) != nullptr;
    if (!pair || *whole(0) < least || *whole(0) > *whole(1) || *whole(1) > most_ms) {
        const auto is =
            pair ? "[" + std::to_string(*whole(0)) + ", " + std::to_string(*whole(1)) + "]" : shown(member->value);
        section.wrong(member->value.place, key, is,
                      "two whole numbers from " + std::to_string(least) + " to " + std::to_string(most_ms) +
                          ", the smaller first: [0, 500]");
        return standard;
    }
    if (*whole(0) >= decide_within_ms) {
        section.wrong(member->value.place, key,
                      "[" + std::to_string(*whole(0)) + ", " + std::to_string(*whole(1)) + "], after the decision at " +
                          std::to_string(decide_within_ms) + " ms",
                      "a window that begins before decide_within_ms");
    }
    return {*whole(0), *whole(1)};
}

void read_times(Section& section, core::LaneModel& lane) {
    const auto whole = [&](std::string_view key, std::int64_t least, std::int64_t most, std::int64_t standard) {
        return section.whole(key, least, most).value_or(standard);
    };
    lane.decide_within_ms = whole("decide_within_ms", 1, most_ms, lane.decide_within_ms);
    lane.same_parcel_ms = whole("same_parcel_ms", 0, most_ms, lane.same_parcel_ms);
    lane.read_window = window(section, "read_window_ms", lane.read_window, 0, lane.decide_within_ms);
    lane.weigh_window = window(section, "weigh_window_ms", lane.weigh_window, -most_ms, lane.decide_within_ms);
    lane.command_valid_ms = whole("command_valid_ms", 1, 600'000, lane.command_valid_ms);
    lane.confirm_within_ms = whole("confirm_within_ms", 1, 600'000, lane.confirm_within_ms);
    const auto after = [&](std::string_view key, std::int64_t value, std::string_view before, std::int64_t limit,
                           const char* why) {
        if (value >= limit) return;
        const auto* member = section.find(key);
        if (member == nullptr) member = section.find(before);
        const auto place = member == nullptr ? section.place() : member->value.place;
        section.wrong(place, key,
                      std::to_string(value) + ", less than " + std::string(before) + " = " + std::to_string(limit),
                      why);
    };
    after("command_valid_ms", lane.command_valid_ms, "decide_within_ms", lane.decide_within_ms,
          "at least that: a late decision could never be sent");
    after("confirm_within_ms", lane.confirm_within_ms, "command_valid_ms", lane.command_valid_ms,
          "at least that: a passage would end while its command still counts");
}

/// When a parcel's scan comes. An inspection machine without these would judge nobody, so both must be said.
void read_xray_times(Section& section, core::LaneModel& lane) {
    const auto* after = section.find("xray_after_ms");
    const auto* within = section.find("xray_within_ms");
    lane.xray_after_ms = section.whole("xray_after_ms", -most_ms, most_ms).value_or(0);
    lane.xray_within_ms = section.whole("xray_within_ms", 1, most_ms).value_or(1);
    const auto* xray = section.find("xray");
    if (xray == nullptr) {
        for (const auto* member : {after, within})
            if (member != nullptr)
                section.problems().add(member->place, section.name() + " has no xray, and says when its images come",
                                       "name the xray, or leave this out");
        return;
    }
    if (after == nullptr || within == nullptr) {
        section.problems().add(
            xray->place, section.name() + " does not say when its X-ray images come",
            "xray_after_ms = 9600 and xray_within_ms = 600: so long after the parcel, plus or minus");
        return;
    }
    const auto window = lane.image_window();
    const auto known = window.to_ms - std::min<std::int64_t>(window.from_ms, 0) + core::scan_slack_ms;
    if (known < lane.decide_within_ms) return;
    section.wrong(after->place, "xray_after_ms",
                  std::to_string(lane.xray_after_ms) + " ± " + std::to_string(lane.xray_within_ms) +
                      ": an image may come until " + std::to_string(known) +
                      " ms, and the decision falls at decide_within_ms = " + std::to_string(lane.decide_within_ms),
                  "a decide_within_ms that is longer, with time for the judgement");
}

/// Reads `chutes = { release = 1, … }`; false when something was reported.
bool read_chutes(Section& section, const Member& member, Chutes& chutes) {
    const auto* members = std::get_if<Members>(&member.value.is);
    if (members == nullptr) {
        section.wrong(member.value.place, "chutes", shown(member.value), "{ release = 1, inspect = 2, hold = 3 }");
        return false;
    }
    Section inner(section.name() + ": chutes", *members, member.value.place, section.problems());
    bool good = true;
    for (std::size_t i = 0; i < core::class_count; ++i) {
        const auto name = core::name_of(class_at(i));
        const bool said = inner.find(name) != nullptr;
        if (const auto number = inner.whole(name, 1, 65'535)) chutes[i] = static_cast<std::int32_t>(*number);
        good = good && (!said || chutes[i].has_value());
    }
    for (const auto must : {core::ParcelClass::release, core::ParcelClass::hold}) {
        if (inner.find(core::name_of(must)) != nullptr) continue;
        section.problems().add(member.value.place, inner.name() + " lack " + std::string(core::name_of(must)),
                               "nothing falls back to release, and all else falls back to hold: both need a chute");
        good = false;
    }
    inner.end();
    return good;
}

/// What is not released never shares a chute with what is.
void guard_release(Section& section, const Member& member, const core::LaneModel& lane) {
    const auto release = lane.chute_of(core::ParcelClass::release);
    const auto& members = std::get<Members>(member.value.is);
    for (const auto& other : members) {
        const auto which = core::class_from(other.name);
        if (!which || *which == core::ParcelClass::release || lane.chute_of(*which) != release) continue;
        section.problems().add(
            other.value.place,
            section.name() + ": chutes: " + other.name + " shares chute " + std::to_string(release) + " with release",
            "a chute that no released parcel takes");
    }
}

void read_sorter(Section& section, core::LaneModel& lane, std::vector<DeviceEntry>& devices) {
    const auto* said = section.find("sorter");
    if (const auto* device = take_one(section, "sorter", devices)) lane.sorter = device->config.id;
    const auto* member = section.find("chutes");
    if (said != nullptr && member == nullptr) {
        section.problems().add(section.place(), section.name() + " has a sorter and no chutes",
                               "write chutes = { release = 1, inspect = 2, hold = 3 }");
    }
    if (member == nullptr) return;
    if (said == nullptr) {
        section.problems().add(member->place, section.name() + " has chutes and no sorter",
                               "name the sorter, or leave the chutes out");
    }
    Chutes chutes{};
    if (!read_chutes(section, *member, chutes)) return;
    lane.chutes = core::with_fallbacks(chutes);
    lane.reweighs = chutes[static_cast<std::size_t>(core::ParcelClass::reweigh)].has_value();
    guard_release(section, *member, lane);
}

void check_flow(Section& section) {
    const auto* member = section.need("flow", "flow = \"parcel-sort\"");
    const auto flow =
        member == nullptr ? std::nullopt : section.one_of("flow", {"parcel-sort", "tally", "load", "gate", "inspect"});
    if (!flow || flow->text == "parcel-sort") return;
    section.wrong(flow->place, "flow", "'" + flow->text + "', which is not supported by this version", "parcel-sort");
}

}  // namespace

core::LaneModel read_lane(Section section, std::vector<DeviceEntry>& devices) {
    core::LaneModel lane;
    (void)section.need("id", "id = \"line-1\"");
    if (const auto id = section.id("id")) lane.id = LaneId(id->text);
    check_flow(section);
    read_readers(section, lane, devices);
    if (const auto* scale = take_one(section, "scale", devices)) {
        lane.scale = scale->config.id;
        lane.interval = scale->interval;
    }
    if (const auto* xray = take_one(section, "xray", devices)) lane.xray = xray->config.id;
    read_alarms(section, lane, devices);
    read_times(section, lane);
    read_xray_times(section, lane);
    read_sorter(section, lane, devices);
    section.end();
    return lane;
}

}  // namespace hefang::app
