#pragma once
#include "core/step.hpp"

#include <optional>

/// Which scan of an inspection machine is which parcel's. A scan belongs to every place (slot or decided place) whose
/// window, and whose number where the scan has one, it fits. A parcel has an image only when exactly one scan fits it,
/// and that scan fits no other place; and that is known only when no other can come any more, so that nothing is
/// decided before. Anything else is nobody's: a place without scan, a scan without place, two for one. Then the order
/// of the line is lost, and every parcel is inspected until the line was empty once. Nothing is ever shifted.
namespace hefang::core {

struct ScreeningFound {
    Screened came = Screened::missing;
    const Scan* scan = nullptr;  ///< the parcel's; null: none is surely its own. Lives until the lane's scans change
};

/// What the lane's machine says of the parcel of `slot`, which no longer stands among the undecided.
[[nodiscard]] ScreeningFound screening_for(const Slot& slot, std::size_t index, const State& state,
                                           const Surroundings& around);

/// When every scan that may be of this place, and every place that one of them may be of, has shown itself.
[[nodiscard]] BootTime scans_known_at(const Slot& slot, const LaneState& lane, const LaneModel& model);

/// True when waiting longer can give the place no better image; also on a lane without machine. `now`: on a tick; what
/// time alone would tell is not told between the inputs of one turn.
[[nodiscard]] bool is_screened(const Slot& slot, std::size_t index, const State& state, const LaneModel& model,
                               std::optional<BootTime> now);

/// A picture, or a judgement. A judgement that is not clear reaches also the passage that was decided by the scan.
void take_image(State& state, std::size_t index, const reading::ImageTaken& image, const Surroundings& around);
void take_judgement(State& state, std::size_t index, const reading::ImageJudged& judged, const Surroundings& around);

/// The place of `slot` was opened: scans that were given away may have been its own.
void screen_opened(State& state, std::size_t index, Slot& slot, const Surroundings& around);

/// The parcel of `slot` was decided so.
void screen_decided(State& state, std::size_t index, const Slot& slot, const PassageDecided& decided,
                    const Surroundings& around);

/// Scans that nobody took; and an empty line is sure again.
void screen_tick(State& state, std::size_t index, const Surroundings& around);

/// The order of images and parcels is not known from here on, until the line was empty.
void begin_unscreened(LaneState& lane, const LaneModel& model, BootTime now);

}  // namespace hefang::core
