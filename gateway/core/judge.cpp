#include "core/judge.hpp"

#include "core/alarm.hpp"
#include "core/assess.hpp"
#include "core/conclude.hpp"
#include "core/label.hpp"
#include "core/screening.hpp"
#include "core/weigh.hpp"

#include <algorithm>
#include <array>

namespace hefang::core {
namespace {

Finding plain(Reason reason) {
    const auto& row = text_of(reason);
    return {reason, row.verdict, row.parcel_class};
}

/// What the documents say. What cannot be told of them is no question of customs: somebody must repair the store, or
/// look which of the declarations is meant.
Assessment assess_whole(const Clearance& clearance, const Policy& policy, const Now& now) {
    if (clearance.gap == Gap::none) return assess(clearance, policy, now);
    Assessment out;
    if (!clearance.inventories.empty()) out = assess(clearance, policy, now);
    out.findings.push_back(plain(clearance.gap == Gap::too_many ? Reason::two_declarations : Reason::device_fault));
    return out;
}

Finding unread(const LaneModel& model, const State& state) {
    const auto lost = [&](const DeviceId& reader) { return state.lost.contains(reader); };
    const bool blind = std::all_of(model.readers.begin(), model.readers.end(), lost);
    return plain(blind ? Reason::device_fault : Reason::no_read);
}

std::optional<PassageId> on_the_belt_as_released(const State& state, const std::string& waybill) {
    for (const auto& id : state.open.with_code(waybill)) {
        const auto& open = state.open.all().at(id);
        if (open.decided.waybill == waybill && open.may_be_released) return id;
    }
    return std::nullopt;
}

/// By which the rule judges, from what the fact keeps of it.
Weighing weighing_of(const WeightTaken& taken, bool second) {
    using reading::WeightQuality;
    Weighing w{true, taken.measured, std::nullopt, taken.declared, second, taken.interval};
    if (taken.came == Weighed::stable) w.quality = WeightQuality::stable;
    if (taken.came == Weighed::unstable || taken.came == Weighed::clash) w.quality = WeightQuality::unstable;
    if (taken.came == Weighed::overload) w.quality = WeightQuality::overload;
    if (taken.came == Weighed::wrong_tare) w.quality = WeightQuality::wrong_tare;
    return w;
}

Weighed what_came(const Slot& slot) {
    if (slot.weights_clash) return Weighed::clash;
    if (!slot.weight) return Weighed::nothing;
    switch (slot.weight->quality) {
        case reading::WeightQuality::stable: return Weighed::stable;
        case reading::WeightQuality::unstable: return Weighed::unstable;
        case reading::WeightQuality::wrong_tare: return Weighed::wrong_tare;
        case reading::WeightQuality::overload: break;
    }
    return Weighed::overload;
}

/// Judges the weight that the decision has, and notes what was allowed.
void judge_weight(PassageDecided& d, const Policy& policy, std::vector<Finding>& findings) {
    const auto judged = weigh(weighing_of(*d.weight, d.second_weighing), policy);
    d.weight->allowed = judged.allowed;
    if (judged.finding) findings.push_back(*judged.finding);
}

void finish(PassageDecided& d, const LaneModel& model, std::vector<Finding> findings, Freshness freshness) {
    const auto conclusion = conclude(std::move(findings), freshness);
    d.verdict = conclusion.verdict;
    d.parcel_class = conclusion.parcel_class;
    if (d.parcel_class == ParcelClass::reweigh && !model.reweighs) d.parcel_class = ParcelClass::inspect;
    d.reasons = conclusion.reasons;
    d.freshness = freshness;
    d.chute = model.sorter.empty() || d.session != 0 ? model.chute_of(d.parcel_class) : 0;
}

/// What was found before, as it stood then.
Finding again(const PassageDecided& earlier, Reason reason) {
    auto finding = plain(reason);
    if (earlier.second_weighing && finding.parcel_class == ParcelClass::reweigh)
        finding.parcel_class = ParcelClass::inspect;
    return finding;
}

/// A later revision is never milder, nor does it go back to the scale what was to be opened.
bool goes_further(const PassageDecided& later, const PassageDecided& earlier) {
    const bool elsewhere = later.parcel_class != earlier.parcel_class && later.parcel_class != ParcelClass::reweigh;
    return later.verdict > earlier.verdict || (later.verdict == earlier.verdict && elsewhere);
}

/// What was held against a passage beside its documents, and still is when these change.
constexpr std::array kept{Reason::image_suspect,
                          Reason::image_missing,
                          Reason::two_waybills,
                          Reason::duplicate_waybill,
                          Reason::tracking_lost,
                          Reason::weight_off,
                          Reason::weight_missing,
                          Reason::weight_unstable,
                          Reason::weight_far_off,
                          Reason::declared_weight_missing,
                          Reason::declared_weight_implausible,
                          Reason::radiation_alarm,
                          Reason::security_hold};

/// The scale's side of a decision: fills `d.weight`, adds what the weight says against the parcel.
/// `compare`: somebody declared it, so that there is something to compare with.
void add_weight(PassageDecided& d, const LaneModel& model, const Slot& slot, std::optional<Grams> declared,
                bool compare, const Policy& policy, std::vector<Finding>& findings) {
    if (model.scale.empty()) return;
    WeightTaken taken;
    taken.device = model.scale;
    taken.interval = model.interval;
    taken.declared = declared;
    taken.came = what_came(slot);
    const bool shown = taken.came != Weighed::nothing && taken.came != Weighed::clash;
    if (shown) taken.record = slot.weight->record;
    if (shown && taken.came != Weighed::overload) taken.measured = slot.weight->grams;
    d.weight = taken;
    if (compare) judge_weight(d, policy, findings);
}

/// The inspection machine's side of a decision: what it showed and said, and what that holds against the parcel.
void add_screening(PassageDecided& d, const Slot& slot, std::size_t index, const State& state,
                   const Surroundings& around, std::vector<Finding>& findings) {
    const auto& model = around.site.lanes[index];
    if (model.xray.empty()) return;
    const auto found = screening_for(slot, index, state, around);
    ScreeningTaken taken{found.came, model.xray, "", "", "", ""};
    if (found.scan != nullptr) {
        const auto& judged = found.scan->judgement;
        taken = {found.came, model.xray, found.scan->id, judged.operator_id, judged.time, judged.sha256};
        auto images = found.scan->images;
        std::sort(images.begin(), images.end(), [](const auto& a, const auto& b) { return a.view < b.view; });
        for (auto& image : images) d.images.push_back(std::move(image.used));
    }
    d.screening = std::move(taken);
    if (const auto reason = reason_of(found.came)) findings.push_back(plain(*reason));
}

}  // namespace

std::optional<Reason> reason_of(Screened came) {
    switch (came) {
        case Screened::clear: return std::nullopt;
        case Screened::suspect:
        case Screened::no_decision: return Reason::image_suspect;
        case Screened::fault:
        case Screened::unjudged:
        case Screened::tip:
        case Screened::view_missing:
        case Screened::missing:
        case Screened::unsure: break;
    }
    return Reason::image_missing;
}

PassageDecided judge(const Slot& slot, std::size_t index, const State& state, const Surroundings& around) {
    const auto& model = around.site.lanes[index];
    const auto& policy = around.site.policy;
    PassageDecided d;
    d.passage = PassageId(around.new_id());
    d.lane = model.id;
    d.event = slot.event;
    d.policy = policy.version;
    d.sorter = model.sorter;
    d.session = slot.session;
    d.sequence = slot.sequence;

    std::vector<Finding> findings;
    std::optional<Grams> declared;
    bool known = false;
    if (slot.codes.empty()) {
        findings.push_back(unread(model, state));
    } else {
        auto label = read_label(slot.codes, around.known);
        known = !label.clearance.inventories.empty();
        auto assessed = assess_whole(label.clearance, policy, around.now);
        const auto history = around.known.history(label.waybill);
        findings = std::move(assessed.findings);
        declared = assessed.declared;
        d.waybill = std::move(label.waybill);
        d.codes = std::move(label.others);
        d.ground = std::move(assessed.ground);
        d.attempt = history.attempts + 1;
        d.second_weighing = history.reweighed;
        if (label.two_known) findings.push_back(plain(Reason::two_waybills));
        const auto on_the_belt = on_the_belt_as_released(state, d.waybill);
        if (history.left_by_release || on_the_belt) {
            findings.push_back(plain(Reason::duplicate_waybill));
            d.duplicate_of = history.left_by_release ? history.released : *on_the_belt;
        }
    }
    if (slot.tracking_lost) findings.push_back(plain(Reason::tracking_lost));
    add_screening(d, slot, index, state, around, findings);
    for (const auto& finding : alarm_findings(state, model, state.lanes[index])) findings.push_back(finding);
    add_weight(d, model, slot, declared, known, policy, findings);
    finish(d, model, std::move(findings), around.freshness);
    return d;
}

std::optional<PassageDecided> judge_again(const PassageDecided& earlier, std::size_t index,
                                          const Surroundings& around) {
    const auto& model = around.site.lanes[index];
    if (earlier.waybill.empty()) return std::nullopt;
    const auto clearance = around.known.clearance(earlier.waybill);
    auto assessed = assess_whole(clearance, around.site.policy, around.now);
    std::vector<Finding> findings = std::move(assessed.findings);
    const auto is_known = [&](const std::string& code) { return around.known.clearance(code).known(); };
    if (clearance.known() && std::any_of(earlier.codes.begin(), earlier.codes.end(), is_known))
        findings.push_back(plain(Reason::two_waybills));
    for (const auto reason : earlier.reasons) {
        if (std::find(kept.begin(), kept.end(), reason) == kept.end()) continue;
        findings.push_back(again(earlier, reason));
    }
    PassageDecided later = earlier;
    later.revision = earlier.revision + 1;
    later.ground = std::move(assessed.ground);
    if (const auto& w = earlier.weight; w && w->came == Weighed::stable && w->declared != assessed.declared) {
        later.weight->declared = assessed.declared;
        judge_weight(later, around.site.policy, findings);
    }
    finish(later, model, std::move(findings), around.freshness);
    if (!goes_further(later, earlier)) return std::nullopt;
    return later;
}

std::optional<PassageDecided> judge_stricter(const PassageDecided& earlier, const LaneModel& model,
                                             std::vector<Finding> findings) {
    if (earlier.verdict == Verdict::hold) return std::nullopt;
    for (const auto reason : earlier.reasons) {
        findings.push_back(again(earlier, reason));
        findings.back().verdict = std::min(findings.back().verdict, earlier.verdict);
    }
    PassageDecided later = earlier;
    later.revision = earlier.revision + 1;
    finish(later, model, std::move(findings), earlier.freshness);
    if (!goes_further(later, earlier)) return std::nullopt;
    return later;
}

std::optional<PassageDecided> judge_doubted(const PassageDecided& earlier, const LaneModel& model, Reason doubt) {
    return judge_stricter(earlier, model, {plain(doubt)});
}

}  // namespace hefang::core
