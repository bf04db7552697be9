#pragma once
#include "base/clock.hpp"
#include "base/strong.hpp"
#include "base/units.hpp"
#include "core/policy.hpp"
#include "core/verdict.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hefang::core {

constexpr std::size_t class_count = 13;

/// Delay in milliseconds after an induction within which a device answers for that parcel, both ends included.
/// A telegram that lies in the windows of two parcels makes both unsure: a read window must be narrower than the
/// spacing of parcels in time. It says where the reader stands behind the eye; nothing is ever guessed from the order.
struct Window {
    std::int64_t from_ms = 0, to_ms = 0;
    /// Whether an answer at `at` may be for an item that came between `earliest` and `latest`.
    [[nodiscard]] bool may_be_for(BootTime earliest, BootTime latest, BootTime at) const {
        return at - earliest >= from_ms && at - latest <= to_ms;
    }
};

/// A device whose alarm locks a lane, and the reason that its parcels then have.
struct AlarmModel {
    DeviceId device;
    Reason reason = Reason::security_hold;
    friend bool operator==(const AlarmModel&, const AlarmModel&) = default;
};

/// One parcel line as configured. Empty ids: the lane has no such device, and that check or output does not exist.
struct LaneModel {
    LaneId id;
    std::vector<DeviceId> readers;
    DeviceId scale, sorter, xray;
    std::vector<AlarmModel> alarms;
    std::optional<Grams> interval;  ///< e of the scale
    std::int64_t decide_within_ms = 800;
    std::int64_t same_parcel_ms = 1500;  ///< equal reads closer than this are one parcel
    Window read_window{0, 500}, weigh_window{0, 800};
    std::int64_t xray_after_ms = 0, xray_within_ms = 0;  ///< a parcel's scan comes so long after it, ± this
    std::int64_t confirm_within_ms = 30'000;         ///< later the passage is overdue: inspected, and still waited for
    std::int64_t command_valid_ms = 10'000;          ///< a command is not sent later than this after the induction
    std::array<std::int32_t, class_count> chutes{};  ///< by class, fall-backs applied; 0 without sorter
    bool reweighs = true;  ///< somebody or a chute takes a parcel back to the scale; else such a parcel is inspected

    [[nodiscard]] Window image_window() const {
        return {xray_after_ms - xray_within_ms, xray_after_ms + xray_within_ms};
    }
    [[nodiscard]] std::int32_t chute_of(ParcelClass c) const { return chutes[static_cast<std::size_t>(c)]; }
};

/// Fills the chutes that are not configured: wait, nodata, noread, reject, return, other-flow, damaged, security →
/// hold; reweigh, detain → inspect; inspect → hold. Nothing ever falls back to release.
[[nodiscard]] std::array<std::int32_t, class_count> with_fallbacks(
    const std::array<std::optional<std::int32_t>, class_count>& configured);

struct SiteModel {
    std::vector<LaneModel> lanes;
    Policy policy;
};

/// Limits of the core, all in one place.
constexpr std::size_t max_open_slots = 2'048;         ///< undecided parcels a lane; beyond it all of them go to inspect
constexpr std::size_t max_slots_without_place = 256;  ///< the same where no sorter counts the parcels
constexpr std::size_t max_floating = 256;        ///< readings that wait for their induction; beyond it tracking is lost
constexpr std::size_t max_recent_codes = 1'024;  ///< texts compared for repeats; beyond it the oldest is forgotten
constexpr std::size_t max_overdue = 1'024;       ///< passages a lane that wait for a confirmation past their time
constexpr std::size_t max_codes_a_label = 16;    ///< a slot with more is unsure
constexpr std::int64_t float_for_ms = 250;       ///< how long a reading may wait for its induction
constexpr std::int64_t ring_slack_ms = 30;   ///< from the eye to the PLC's induction ring: its cycle, and its read-out
constexpr std::int64_t look_gap_ms = 1'300;  ///< between two looks at a PLC that still lives
constexpr std::size_t least_passed = 64;     ///< decided places that are remembered however long ago they were
constexpr std::size_t max_scans = 1'024;     ///< scans a lane that are remembered; beyond it the oldest is forgotten
constexpr std::uint8_t max_views = 4;        ///< pictures of one parcel
constexpr std::int64_t scan_kept_ms = 600'000;  ///< so long a scan may be judged again
constexpr std::int64_t scan_slack_ms = 100;     ///< from the end of a window to the last scan that was within it
constexpr std::int64_t late_receipt_s = 600;    ///< a receipt older than this when it comes is late
constexpr std::int64_t clock_step_ms = 2'000;   ///< a larger step of the wall clock is a fact

}  // namespace hefang::core
