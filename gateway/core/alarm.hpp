#pragma once
#include "core/step.hpp"

#include <vector>

/// Portals and detectors that lock a lane, and what else devices say that belongs to no parcel.
namespace hefang::core {

/// What holds every parcel of lane `index` now. An alarm stands until it is acknowledged, and from a device that is
/// lost, or has not said "clear" since it came back or since the process began, nobody knows whether one stands: that
/// locks the lane as well.
[[nodiscard]] std::vector<Finding> alarm_findings(const State& state, const LaneModel& model, const LaneState& lane);

/// Records what the device says, and an alarm that does not stand yet; a lane that watches it is locked or, if nothing
/// else locks it, is not any more.
void take_alarm(State& state, const reading::AlarmState& said, const Surroundings& around);

/// The device of an alarm was lost: what it said last counts no more.
void forget_clear(State& state, const DeviceId& device, const Surroundings& around);

/// Readings that are kept as facts of their own.
[[nodiscard]] ReadingTaken witness(const reading::PlateRead& read, const Now& now);
[[nodiscard]] ReadingTaken witness(const reading::ContainerRead& read, const Now& now);
[[nodiscard]] ReadingTaken witness(const reading::TagRead& read, const Now& now);
[[nodiscard]] ReadingTaken witness(const reading::ValueRead& read, const Now& now);
[[nodiscard]] ReadingTaken witness(const reading::AlarmState& said, const Now& now);
[[nodiscard]] ReadingTaken witness(const reading::ContactChanged& changed, const Now& now);
[[nodiscard]] ReadingTaken witness(const reading::BarrierTold& told, const Now& now);
[[nodiscard]] ReadingTaken witness(const reading::LabelEnded& ended, const Now& now);

}  // namespace hefang::core
