#pragma once
#include "driver/kind.hpp"
#include "made_up/moon_frame.hpp"
#include "weight/stability.hpp"

namespace hefang::driver {

struct MoonSettings {
    DeviceId id;
    codec::StabilityRule rule;
    std::chrono::milliseconds silence{2000};  ///< no valid frame for so long: the device counts as lost
};
[[nodiscard]] MoonSettings moon_settings(const DeviceConfig& config);

/// A Moon MS-1. Says each load once. Counters: bytes, frames, refused-<reason of the codec>.
class MoonDriver final : public Driver {
  public:
    MoonDriver(MoonSettings settings, std::unique_ptr<link::Endpoint> endpoint);
    [[nodiscard]] Error live(Context& context) override;

  private:
    /// The frames in `bytes`; false when stop was requested before there was room for a reading.
    [[nodiscard]] bool took(std::string_view bytes, BootTime at, Context& context);

    MoonSettings settings_;
    std::unique_ptr<link::Endpoint> endpoint_;
    codec::MoonParser parser_;
    codec::Stability stability_;
    BootTime valid_;  // the last valid frame, or the begin of this life
};

[[nodiscard]] std::span<const Kind> moon_rows();

}  // namespace hefang::driver
