#pragma once
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "driver/config.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace hefang::driver {

/// Which of a device's readings are told: each is a fact on disk, and a tag that lies in the field is reported a
/// hundred times a second. For one thread.
struct AdmissionSettings {
    std::chrono::milliseconds repeat{10'000};  ///< what is seen again within so long is the same; 0: never
    std::int64_t most_per_minute = 600;        ///< beyond it readings are refused
};
[[nodiscard]] AdmissionSettings admission_settings(const DeviceConfig& config, std::int64_t repeat_ms);

class Admission {
  public:
    static constexpr std::size_t most_known = 1'024;  ///< beyond it the one that was seen longest ago is forgotten
    explicit Admission(AdmissionSettings settings) : settings_(settings), left_(settings.most_per_minute) {}
    /// Whether `key`, seen at `at`, is to be told. Counters: repeated, refused-rate.
    [[nodiscard]] bool admits(const std::string& key, BootTime at, Counters& counters);

  private:
    void forget_one(BootTime at);
    AdmissionSettings settings_;
    std::map<std::string, BootTime> seen_;  // when last
    std::int64_t left_;                     // of the minute
    BootTime minute_{};                     // its begin
};

}  // namespace hefang::driver
