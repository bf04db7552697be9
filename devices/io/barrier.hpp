#pragma once
#include "base/clock.hpp"
#include "reading/reading.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::driver {

/// What the contacts of a barrier say, bounces and all. A broken cable reads as not clear, not at an end.
struct BarrierSeen {
    bool loop_clear = false;
    bool eye_clear = false;
    bool at_open = false;    ///< the end contact says: fully open
    bool at_closed = false;  ///< the end contact says: fully closed
    bool emergency = false;  ///< the hard-wired emergency opening is drawn
};

enum class Pulse { none, open, close, stop };

/// What to do now, and what is to be told of it.
struct BarrierAct {
    struct Told {
        reading::BarrierEvent event;
        std::string_view why;
        std::string passage;
    };
    Pulse pulse = Pulse::none;
    bool green = false;  ///< a level; false is the light's state without current
    std::vector<Told> told;
};

/// When a barrier moves. Pure: no clock, no link, one thread.
/// - Opens only for a wish that names its passage and is not over, while the core turns. A wish is used up once
///   something passed.
/// - Closes (its state of rest) only while loop and photo-eye have been seen clear in every look for `clear_ms`, never
///   because of time alone, and stops at once when one of them is not.
/// - While inputs are unknown or contradict each other it does not move.
/// - An emergency opening is never worked against: no pulse while it lasts, and no closing after it before a wish for
///   another passage, or before it was closed by hand.
/// - Green only while the open end is seen and a wish for it stands.
class Barrier {
  public:
    struct Settings {
        std::int64_t clear_ms = 1000;   ///< loop and photo-eye clear for so long before it closes
        std::int64_t move_ms = 15'000;  ///< for one way; then the pulse is given again
    };
    static constexpr int tries = 3;                      ///< pulses for one movement; then a fault is told and it rests
    static constexpr std::int64_t longest_gap_ms = 500;  ///< between two looks; after more, nothing was clear between

    explicit Barrier(Settings settings) : settings_(settings) {}

    /// One look. `seen` none: the inputs could not be read.
    [[nodiscard]] BarrierAct step(BootTime now, const std::optional<BarrierSeen>& seen,
                                  const std::optional<reading::OpenWish>& wish, bool core_alive);

  private:
    enum class Phase { unknown, resting, opening, open, closing, stopped };

    void lose(BarrierAct& act);
    void watch_clear(BootTime now, const BarrierSeen& seen);
    [[nodiscard]] bool clear_long_enough(BootTime now) const;
    [[nodiscard]] bool wanted(BootTime now, const std::optional<reading::OpenWish>& wish, bool core_alive) const;
    void take_wish(const std::string& passage);
    /// True while nothing may move.
    bool hold_for_emergency(const BarrierSeen& seen, const std::string& passage, BarrierAct& act);
    void say_position(const BarrierSeen& seen, BarrierAct& act);
    void toward_open(BootTime now, const BarrierSeen& seen, BarrierAct& act);
    void toward_closed(BootTime now, const BarrierSeen& seen, BarrierAct& act);
    /// Gives the pulse of a movement, also once more when it did not end in time; false: every try was made.
    bool drive(BootTime now, Phase phase, Pulse pulse, std::string_view why, BarrierAct& act);
    void tell(BarrierAct& act, reading::BarrierEvent event, std::string_view why) const;

    Settings settings_;
    Phase phase_ = Phase::unknown;
    std::optional<BootTime> last_look_;
    std::optional<BootTime> clear_since_;
    BootTime moved_at_{};
    int tried_ = 0;               // pulses of the movement that is under way
    bool closes_unseen_ = false;  // it was closing when its inputs were lost, and may be still
    bool fault_told_ = false;
    bool emergency_ = false;
    std::optional<std::string> opened_by_emergency_;  // the passage that was wished for then
    std::optional<reading::BarrierEvent> position_;   // as last told: opened or closed
    std::string passage_;                             // of the open wish, else of the one before
    bool entered_ = false;                            // something stood in the open barrier
    std::string used_;                                // its wish is used up
};

}  // namespace hefang::driver
