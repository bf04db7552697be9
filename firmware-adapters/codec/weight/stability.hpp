#pragma once
#include "base/clock.hpp"
#include "base/units.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>

namespace hefang::codec {

/// When a load on a scale counts as weighed. Times in milliseconds of the boot clock.
struct StabilityRule {
    std::int64_t window_ms = 1000;  ///< so long the display must have stood still …
    std::size_t samples = 5;        ///< … in at least so many samples; a slow device needs longer than the window …
    Grams interval{1};              ///< … within this much (d): max − min ≤ interval
    Grams empty_below{10};          ///< less than this is an empty scale (usually 10 d)
    /// So long the scale must be empty before the next load counts as a new parcel. 100 ms fits a parcel line, where
    /// the gap between two parcels is a few hundred milliseconds; it outlasts the one or two frames in which a parcel
    /// bounces off the plate. A bench or a weighbridge takes 1000.
    std::int64_t rearm_ms = 100;
};

struct WeightSample {
    BootTime at;
    Grams grams;
    bool motion = false;    ///< the indicator itself says: not at rest
    bool overload = false;  ///< over capacity: grams mean nothing
};

enum class Settled { stable, unstable, overload };

/// What is said of one load, once. `stable`: the median of the window. `unstable`: it went before it settled; grams is
/// the last weight seen. `overload`: it never left the over-range; grams is 0.
struct Weighing {
    BootTime at;
    Grams grams;
    Settled settled = Settled::stable;
    friend bool operator==(const Weighing&, const Weighing&) = default;
};

/// The window rule for indicators that send continuously (OIML R 76: only a load in equilibrium is a result).
/// Pure: the time comes with each sample. A gap between samples of more than half a window (at least least_gap_ms) is
/// silence, which is never taken for rest: the window begins anew, and a load that had not settled is forgotten unsaid,
/// because nobody knows when it left. After a load was said, what rests on the scale when the silence is over is the
/// same load within one interval, else another one.
class Stability {
  public:
    /// Two periods of the slowest stream in the makers' manuals: 18 bytes of Toledo continuous at 600 baud take 300 ms.
    static constexpr std::int64_t least_gap_ms = 600;
    /// Bounds the window of a device that floods; the fastest indicators send 100 to 200 samples a second.
    static constexpr std::size_t most_held = 4096;

    explicit Stability(StabilityRule rule) : rule_(rule) {}

    /// Takes the next sample; says something at most once for each load.
    [[nodiscard]] std::optional<Weighing> feed(const WeightSample& sample);

    /// The display's step where the configuration does not name it; the window keeps what it holds.
    void interval(Grams interval, Grams empty_below) { rule_.interval = interval, rule_.empty_below = empty_below; }

    /// What was fed may not have been of now: as after a silence.
    void distrust() { silence_passed(), last_.reset(); }

    /// True from the first sample of a load until the scale was empty long enough.
    [[nodiscard]] bool loaded() const { return state_ != State::empty; }

    /// Samples in the window, at most most_held.
    [[nodiscard]] std::size_t held() const { return window_.size(); }

  private:
    enum class State { empty, settling, said, in_doubt };  // in_doubt: said, then silence

    void silence_passed();

    [[nodiscard]] std::optional<Weighing> left(BootTime at);
    [[nodiscard]] std::optional<Weighing> settled(const WeightSample& sample);

    StabilityRule rule_;
    State state_ = State::empty;
    std::deque<WeightSample> window_;      // of the load, newest last
    std::optional<BootTime> light_since_;  // the scale has read empty since then
    std::optional<BootTime> last_;
    Grams last_grams_;       // of the load
    Grams said_grams_;       // of the load that was said last
    bool overload_ = false;  // the load's last sample was over range
};

}  // namespace hefang::codec
