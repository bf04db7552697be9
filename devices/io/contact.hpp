#pragma once
#include "base/clock.hpp"

#include <cstdint>
#include <optional>

namespace hefang::driver {

/// One input after debouncing. Pure: no clock, one thread.
class Contact {
  public:
    explicit Contact(std::int64_t debounce_ms) : debounce_ms_(debounce_ms) {}

    /// The level `active` as it was read at `now`. The new state when it changed: the first level counts at once (what
    /// stood before is not known), every other once it stood for the debounce time in every look.
    [[nodiscard]] std::optional<bool> look(bool active, BootTime now);
    /// Nothing is known any more; the next look counts at once.
    void forget() { state_.reset(), since_.reset(); }
    [[nodiscard]] std::optional<bool> state() const { return state_; }

  private:
    std::int64_t debounce_ms_;
    std::optional<bool> state_;
    std::optional<BootTime> since_;  // the level differs from state_ since then
};

}  // namespace hefang::driver
