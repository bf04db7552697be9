#pragma once
#include <atomic>
#include <compare>
#include <cstdint>
#include <string>

namespace hefang {

/// Milliseconds since 1970-01-01T00:00:00Z on the wall clock. For facts and people; it may step.
struct WallTime {
    std::int64_t ms = 0;
    friend constexpr auto operator<=>(WallTime, WallTime) = default;
};

/// Milliseconds of CLOCK_BOOTTIME: never steps, counts suspend, starts anew with the kernel. For windows, deadlines,
/// ages.
struct BootTime {
    std::int64_t ms = 0;
    friend constexpr auto operator<=>(BootTime, BootTime) = default;
    friend constexpr BootTime operator+(BootTime t, std::int64_t ms) { return {t.ms + ms}; }
    friend constexpr std::int64_t operator-(BootTime a, BootTime b) { return a.ms - b.ms; }
};

/// How far the wall clock may be believed, as the kernel's own discipline says.
enum class ClockState { synced, holdover, unsynced };

/// One pair taken together; a turn has exactly one.
struct Now {
    WallTime wall;
    BootTime boot;
    ClockState clock = ClockState::synced;
};

class Clock {
  public:
    virtual ~Clock() = default;
    [[nodiscard]] virtual Now now() const = 0;
};

/// The only place that names the system's clocks. Thread-safe. The state of the wall clock is asked for once a second
/// at most: that costs as much as all else together.
class SystemClock final : public Clock {
  public:
    [[nodiscard]] Now now() const override;

  private:
    mutable std::atomic<std::int64_t> asked_at_ms_{0};  ///< boot time; 0: never
    mutable std::atomic<ClockState> state_{ClockState::unsynced};
};

/// The kernel's boot id, a UUID that changes with every boot; empty when /proc is not there.
[[nodiscard]] std::string boot_id();

/// "2026-11-23T02:15:07.412Z": RFC 3339, UTC, exactly three decimals.
[[nodiscard]] std::string rfc3339(WallTime t);

}  // namespace hefang
