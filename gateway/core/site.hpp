#pragma once
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/strong.hpp"
#include "base/units.hpp"
#include "core/policy.hpp"
#include "core/verdict.hpp"

namespace hefang::core {

constexpr std::size_t class_count = 13;

/// Delay in milliseconds after an induction within which a device answers for that parcel, both ends included.
struct Window {
    std::int64_t from_ms = 0, to_ms = 0;
    [[nodiscard]] bool holds(std::int64_t delay_ms) const { return delay_ms >= from_ms && delay_ms <= to_ms; }
};

/// One parcel line as configured. Empty ids: the lane has no such device, and that check or output does not exist.
struct LaneModel {
    LaneId id;
    std::vector<DeviceId> readers;
    DeviceId scale, sorter;
    std::optional<Grams> interval;  ///< e of the scale
    std::int64_t decide_within_ms = 800;
    std::int64_t same_parcel_ms = 1500;  ///< equal reads closer than this are one parcel
    Window read_window{0, 500}, weigh_window{0, 800};
    std::int64_t confirm_within_ms = 30'000;  ///< then the passage ends as unknown
    std::int64_t command_valid_ms = 10'000;   ///< a command is not sent later than this after the induction
    std::array<std::int32_t, class_count> chutes{};  ///< by class, fall-backs applied; 0 without sorter

    [[nodiscard]] std::int32_t chute_of(ParcelClass c) const { return chutes[static_cast<std::size_t>(c)]; }
};

/// Fills the chutes that are not configured: wait, nodata, noread, reject, return, other-flow, damaged, security → hold;
/// reweigh, detain → inspect; inspect → hold. Nothing ever falls back to release.
[[nodiscard]] std::array<std::int32_t, class_count> with_fallbacks(
    const std::array<std::optional<std::int32_t>, class_count>& configured);

struct SiteModel {
    std::vector<LaneModel> lanes;
    Policy policy;
};

/// Limits of the core, all in one place.
constexpr std::size_t max_open_slots = 2'048;     ///< undecided parcels a lane; beyond it the oldest goes to inspect
constexpr std::size_t max_codes_a_label = 16;     ///< further codes of one slot are ignored
constexpr std::int64_t float_for_ms = 250;        ///< how long a reading may wait for its induction
constexpr std::int64_t clock_step_ms = 2'000;     ///< a larger step of the wall clock is a fact

}  // namespace hefang::core
