#include "core/screening.hpp"

#include "core/actuation.hpp"
#include "core/doubt.hpp"
#include "core/judge.hpp"

#include <algorithm>
#include <vector>

namespace hefang::core {
namespace {

using reading::Screening;

/// A time, or within it, of the machine's hand-over.
struct Span {
    BootTime from, to;
};

/// Whether `scan` may be of the item that came between `earliest` and `latest`, with this number (0: it has none).
bool fits(const Scan& scan, const LaneModel& model, BootTime earliest, BootTime latest, std::uint16_t sequence) {
    if (scan.sequence && (sequence == 0 || *scan.sequence != sequence)) return false;
    const auto window = model.image_window();
    return scan.at - earliest >= window.from_ms && scan.not_before - latest <= window.to_ms;
}

bool fits(const Scan& scan, const LaneModel& model, const Slot& slot) {
    return fits(scan, model, slot.earliest, slot.opened, slot.session == 0 ? std::uint16_t{0} : slot.sequence);
}
bool fits(const Scan& scan, const LaneModel& model, const Passed& place) {
    return fits(scan, model, place.earliest, place.opened, place.sequence);
}

/// A slot that a scan can be of.
bool has_place(const Slot& slot, const LaneModel& model) { return slot.session != 0 || model.sorter.empty(); }

bool is_whole(const Scan& scan) {
    if (scan.images.size() != scan.views) return false;
    return std::all_of(scan.results.begin(), scan.results.begin() + scan.views,
                       [](const auto& r) { return r.has_value(); });
}

Screened worst_of(const Scan& scan) {
    auto worst = Screening::clear;
    for (std::size_t view = 0; view < scan.views; ++view) worst = std::max(worst, scan.results[view]->result);
    switch (worst) {
        case Screening::clear: return Screened::clear;
        case Screening::no_decision: return Screened::no_decision;
        case Screening::fault: return Screened::fault;
        case Screening::suspect: break;
    }
    return Screened::suspect;
}

Screened came_of(const Scan& scan) {
    if (scan.contradicts) return Screened::unsure;
    if (scan.images.size() != scan.views) return Screened::view_missing;
    if (is_whole(scan)) return worst_of(scan);
    return scan.tip_at ? Screened::tip : Screened::unjudged;
}

std::vector<const Scan*> candidates(const Slot& slot, const LaneState& lane, const LaneModel& model) {
    std::vector<const Scan*> out;
    for (const auto& scan : lane.scans)
        if (fits(scan, model, slot)) out.push_back(&scan);
    return out;
}

/// True when another place than the one of `slot` may be the scan's.
bool has_rival(const Scan& scan, const Slot& slot, const LaneState& lane, const LaneModel& model) {
    if (!scan.owner.empty()) return true;
    const auto takes = [&](const auto& place) { return fits(scan, model, place); };
    const auto other = [&](const Slot& s) { return &s != &slot && has_place(s, model) && takes(s); };
    return std::any_of(lane.slots.begin(), lane.slots.end(), other) ||
           std::any_of(lane.passed.begin(), lane.passed.end(), takes);
}

/// The one scan that names this place.
bool is_named(const std::vector<const Scan*>& found) {
    return found.size() == 1 && found.front()->sequence.has_value();
}

void stir(LaneState& lane, BootTime now) { lane.images_stirred = std::max(lane.images_stirred, now); }

/// Something at `cause` fits no parcel, or two: whatever may have to do with it, and its neighbours, are inspected.
void lose_images(State& state, std::size_t index, Span cause, const Surroundings& around) {
    auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    begin_unscreened(lane, model, around.now.boot);
    for (auto& slot : lane.slots) slot.image_unsure = true;
    std::vector<std::uint16_t> doubted;
    std::optional<std::uint16_t> before;  // the last place that was through already
    for (const auto& place : lane.passed) {
        if (place.opened + model.image_window().to_ms >= cause.from)
            doubted.push_back(place.sequence);
        else
            before = place.sequence;
    }
    if (before) doubted.push_back(*before);
    for (const auto sequence : doubted) doubt(state, index, sequence, around);
}

Scan& scan_named(State& state, std::size_t index, const std::string& id, BootTime not_before, BootTime at,
                 const Surroundings& around) {
    auto& scans = state.lanes[index].scans;
    const auto known = std::find_if(scans.rbegin(), scans.rend(), [&](const Scan& s) { return s.id == id; });
    if (known != scans.rend()) return *known;
    if (scans.size() >= max_scans) {
        const Span cause{scans.front().not_before, scans.front().at};
        const bool nobodys = scans.front().owner.empty() && !scans.front().given_up;
        scans.pop_front();
        if (nobodys) lose_images(state, index, cause, around);
    }
    Scan scan;
    scan.id = id;
    scan.not_before = std::min(not_before, at);
    scan.at = at;
    scans.push_back(std::move(scan));
    stir(state.lanes[index], around.now.boot);
    return scans.back();
}

/// The later word counts where nobody had decided; else the stricter one: who saw something is not overruled here. Of
/// two that came in one look nobody knows which is the later.
void merge(std::optional<JudgedView>& had, Screening result, BootTime not_before, BootTime at) {
    const bool later = had && not_before >= had->at;
    if (!had || (had->result == Screening::no_decision && later))
        had = JudgedView{result, at};
    else
        had = JudgedView{std::max(had->result, result), std::max(had->at, at)};
}

/// The word was on a threat that is not in the parcel: it says nothing of it, and no clear from before it was surely
/// said of the parcel's own picture.
void project_threat(Scan& scan, BootTime at) {
    scan.tip_at = std::max(scan.tip_at.value_or(at), at);
    for (auto& view : scan.results)
        if (view && view->result == Screening::clear) view.reset();
}

/// A word that came after the decision: only a stricter one has an effect.
void revise_owner(State& state, std::size_t index, const Scan& scan, const Surroundings& around) {
    const auto came = came_of(scan);
    const auto* open = state.open.find(scan.owner);
    if (came == Screened::clear || open == nullptr) return;
    auto later = judge_doubted(open->decided, around.site.lanes[index], *reason_of(came));
    if (!later) return;
    if (later->screening) later->screening->came = came;
    revise(state, index, *later, around);
}

}  // namespace

ScreeningFound screening_for(const Slot& slot, std::size_t index, const State& state, const Surroundings& around) {
    const auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    if (!has_place(slot, model) || state.lost.contains(model.xray)) return {};
    const auto found = candidates(slot, lane, model);
    if (found.empty()) return {};
    const bool early = !is_named(found) && around.now.boot < scans_known_at(slot, lane, model);
    const bool unsure = found.size() > 1 || early || lane.images_unsure || slot.image_unsure ||
                        has_rival(*found.front(), slot, lane, model);
    if (unsure) return {Screened::unsure, nullptr};
    return {came_of(*found.front()), found.front()};
}

BootTime scans_known_at(const Slot& slot, const LaneState& lane, const LaneModel& model) {
    const auto window = model.image_window();
    auto known = slot.opened + window.to_ms;
    if (window.from_ms < 0)  // its place may open after the scan has come
        for (const auto* scan : candidates(slot, lane, model)) known = std::max(known, scan->at + -window.from_ms);
    return known + scan_slack_ms;
}

bool is_screened(const Slot& slot, std::size_t index, const State& state, const LaneModel& model,
                 std::optional<BootTime> now) {
    const auto& lane = state.lanes[index];
    if (model.xray.empty() || state.lost.contains(model.xray)) return true;
    if (!has_place(slot, model) || lane.images_unsure || slot.image_unsure) return true;
    const auto found = candidates(slot, lane, model);
    const bool known = is_named(found) || (now && *now >= scans_known_at(slot, lane, model));
    return known && (found.empty() || found.size() > 1 || is_whole(*found.front()));
}

void take_image(State& state, std::size_t index, const reading::ImageTaken& image, const Surroundings& around) {
    auto& scan = scan_named(state, index, image.scan, image.not_before, image.at, around);
    if (!scan.owner.empty()) return;  // kept, but its parcel was decided without it
    const bool first = scan.images.empty();
    if (first) scan.views = std::clamp<std::uint8_t>(image.views, 1, max_views);
    const auto same_view = [&](const ImageOfScan& i) { return i.view == image.view; };
    const auto had = std::find_if(scan.images.begin(), scan.images.end(), same_view);
    if (had != scan.images.end()) {
        scan.contradicts |= had->used.sha256 != image.sha256;
        return;
    }
    if (image.view < 1 || image.view > scan.views) {
        scan.contradicts = true;
        return;
    }
    scan.images.push_back({image.view, {image.sha256, image.bytes, image.type, image.device}});
}

void take_judgement(State& state, std::size_t index, const reading::ImageJudged& judged, const Surroundings& around) {
    auto& scan = scan_named(state, index, judged.scan, judged.not_before, judged.at, around);
    if (judged.sequence) {
        const auto* open = state.open.find(scan.owner);
        const bool of_another = open != nullptr && open->decided.sequence != *judged.sequence;
        scan.contradicts |= of_another || (scan.sequence && *scan.sequence != *judged.sequence);
        if (scan.owner.empty() && !scan.sequence) scan.sequence = judged.sequence;
    }
    if (judged.tip) {
        project_threat(scan, judged.at);
    } else if (judged.result != Screening::clear || !scan.tip_at || judged.not_before >= *scan.tip_at) {
        scan.judgement = {judged.operator_id, judged.time, judged.sha256};
        for (std::uint8_t view = 1; view <= max_views; ++view)
            if (!judged.view || *judged.view == view)
                merge(scan.results[view - 1], judged.result, judged.not_before, judged.at);
    }
    if (!scan.owner.empty()) revise_owner(state, index, scan, around);
}

void screen_opened(State& state, std::size_t index, Slot& slot, const Surroundings& around) {
    auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    if (model.xray.empty()) return;
    stir(lane, around.now.boot);
    slot.image_unsure = lane.images_unsure;
    for (const auto& scan : lane.scans) {
        if (!fits(scan, model, slot) || (scan.owner.empty() && !scan.given_up)) continue;
        slot.image_unsure = true;  // it was given to another, or to nobody, before this one showed itself
        return lose_images(state, index, {scan.not_before, scan.at}, around);
    }
}

void screen_decided(State& state, std::size_t index, const Slot& slot, const PassageDecided& decided,
                    const Surroundings& around) {
    auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    if (model.xray.empty() || !decided.screening) return;
    const auto came = decided.screening->came;
    if (came == Screened::missing || came == Screened::unsure) {
        const bool flagged = lane.images_unsure || slot.image_unsure;
        const auto window = model.image_window();
        if (!flagged) lose_images(state, index, {slot.earliest + window.from_ms, slot.opened + window.to_ms}, around);
        stir(lane, around.now.boot);
        return;
    }
    for (auto& scan : lane.scans)
        if (scan.owner.empty() && scan.id == decided.screening->scan && fits(scan, model, slot))
            scan.owner = decided.passage;
}

void screen_tick(State& state, std::size_t index, const Surroundings& around) {
    auto& lane = state.lanes[index];
    const auto& model = around.site.lanes[index];
    if (model.xray.empty()) return;
    const auto now = around.now.boot;
    const auto window = model.image_window();
    while (!lane.scans.empty() && now - lane.scans.front().at > scan_kept_ms) lane.scans.pop_front();
    const auto wait = std::max(float_for_ms, -window.from_ms) + look_gap_ms;  // for an induction that is seen late
    std::optional<Span> lost;
    for (auto& scan : lane.scans) {
        if (!scan.owner.empty() || scan.given_up || now - scan.at <= wait) continue;
        const auto takes = [&](const Slot& s) { return has_place(s, model) && fits(scan, model, s); };
        if (std::any_of(lane.slots.begin(), lane.slots.end(), takes)) continue;
        scan.given_up = true;
        if (!lost) lost = Span{scan.not_before, scan.at};
    }
    if (lost) lose_images(state, index, *lost, around);
    const auto quiet = window.to_ms - std::min<std::int64_t>(window.from_ms, 0) + wait + scan_slack_ms;
    const bool empty =
        std::none_of(lane.slots.begin(), lane.slots.end(), [&](const Slot& s) { return has_place(s, model); });
    if (empty && now - lane.images_stirred > quiet) lane.images_unsure = false;
}

void begin_unscreened(LaneState& lane, const LaneModel& model, BootTime now) {
    if (model.xray.empty()) return;
    lane.images_unsure = true;
    stir(lane, now);
}

}  // namespace hefang::core
