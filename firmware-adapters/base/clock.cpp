#include "base/clock.hpp"

#include <sys/timex.h>

#include <cstdio>
#include <ctime>
#include <fstream>

namespace hefang {
namespace {

constexpr std::int64_t ask_every_ms = 1'000;

std::int64_t read_ms(clockid_t id) {
    timespec t{};
    ::clock_gettime(id, &t);
    return static_cast<std::int64_t>(t.tv_sec) * 1000 + t.tv_nsec / 1'000'000;
}

ClockState discipline() {
    timex t{};
    const int state = ::adjtimex(&t);
    if (state == TIME_ERROR || (t.status & STA_UNSYNC) != 0) return ClockState::unsynced;
    return ClockState::synced;
}

}  // namespace

Now SystemClock::now() const {
    const std::int64_t boot = read_ms(CLOCK_BOOTTIME);
    const std::int64_t asked = asked_at_ms_.load();
    if (asked == 0 || boot - asked >= ask_every_ms) {
        state_ = discipline();
        asked_at_ms_ = boot;
    }
    return {{read_ms(CLOCK_REALTIME)}, {boot}, state_.load()};
}

std::string boot_id() {
    std::ifstream in("/proc/sys/kernel/random/boot_id");
    std::string id;
    in >> id;
    return id;
}

std::string rfc3339(WallTime t) {
    const std::int64_t second = t.ms >= 0 ? t.ms / 1000 : (t.ms - 999) / 1000;
    const auto milli = static_cast<int>(t.ms - second * 1000);
    const std::time_t whole = second;
    std::tm utc{};
    ::gmtime_r(&whole, &utc);
    char text[48];
    const int n = std::snprintf(text, sizeof text, "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", utc.tm_year + 1900,
                                utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec, milli);
    return {text, static_cast<std::size_t>(n)};
}

}  // namespace hefang
