#include "gate/admission.hpp"

#include "driver/settings.hpp"

#include <algorithm>

namespace hefang::driver {
namespace {

constexpr std::int64_t minute_ms = 60'000;

}  // namespace

AdmissionSettings admission_settings(const DeviceConfig& config, std::int64_t repeat_ms) {
    AdmissionSettings s;
    s.repeat = std::chrono::milliseconds(whole(config, "repeat_ms", repeat_ms));
    s.most_per_minute = whole(config, "most_per_minute", s.most_per_minute);
    return s;
}

bool Admission::admits(const std::string& key, BootTime at, Counters& counters) {
    if (const auto known = seen_.find(key); known != seen_.end()) {
        const bool same = at - known->second < settings_.repeat.count();
        known->second = at;
        if (same) {
            counters.add("repeated");
            return false;
        }
    }
    if (at - minute_ >= minute_ms) {
        minute_ = at;
        left_ = settings_.most_per_minute;
    }
    if (left_ == 0) {  // not remembered: seen again later it is told
        seen_.erase(key);
        counters.add("refused-rate");
        return false;
    }
    --left_;
    if (settings_.repeat.count() > 0) {
        if (seen_.size() == most_known && !seen_.contains(key)) forget_one(at);
        seen_[key] = at;
    }
    return true;
}

void Admission::forget_one(BootTime at) {
    std::erase_if(seen_, [&](const auto& one) { return at - one.second >= settings_.repeat.count(); });
    if (seen_.size() < most_known) return;
    seen_.erase(
        std::min_element(seen_.begin(), seen_.end(), [](const auto& a, const auto& b) { return a.second < b.second; }));
}

}  // namespace hefang::driver
