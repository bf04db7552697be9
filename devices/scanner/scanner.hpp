#pragma once
#include "driver/config.hpp"
#include "driver/driver.hpp"
#include "link/link.hpp"
#include "telegram/scan_telegram.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::driver {

struct ScannerSettings {
    DeviceId id;
    codec::ScanFraming framing;
    codec::ScanFormat format;
    std::vector<std::string> ignored;      ///< whole telegrams that say nothing, e.g. a heartbeat
    std::chrono::milliseconds gap{100};    ///< silence within a telegram after which it counts as cut short
    bool joins_midway = false;             ///< until it was silent for `gap` it may be in a telegram begun before
    std::chrono::milliseconds silence{0};  ///< nothing for so long: the device counts as lost; 0: never
};

/// Reads `config`, which passed check().
[[nodiscard]] ScannerSettings scanner_settings(const DeviceConfig& config);

/// A bar code reader that sends a telegram by itself for each parcel or each pull of the trigger.
/// A telegram that cannot be used (cut short by silence or by the end of the link, without its begin or prefix, every
/// code refused) is handed on as a no-read, because a parcel did pass: without it a screen would go on showing the
/// verdict of the parcel before. One that was cut is a no-read of the moment of its last byte. What comes after it up
/// to the next end may be its rest or another parcel's telegram: a no-read too. Bytes outside of a frame are only
/// counted. Counters: bytes, telegrams, codes, no-reads, unreadable, ignored, refused-<reason of codec::ScanRefusal>.
class ScannerDriver final : public Driver {
  public:
    ScannerDriver(ScannerSettings settings, std::unique_ptr<link::Endpoint> endpoint);
    [[nodiscard]] Error live(Context& context) override;

  private:
    /// joining: neither silent for `gap` nor heard yet; on_trial: Context::trial is not over, and nothing valid was
    /// said.
    enum class Phase { joining, on_trial, stands };

    [[nodiscard]] std::chrono::milliseconds limit(Phase phase, const Context& context) const;
    [[nodiscard]] static Phase stands(Context& context);
    [[nodiscard]] bool took_bytes(std::string_view bytes, Phase& phase, Context& context);
    [[nodiscard]] bool took(const codec::ScanFrame& frame, BootTime at, Context& context);
    [[nodiscard]] bool took_refused(codec::ScanRefusal reason, BootTime at, Context& context);
    void refuse(codec::ScanRefusal reason, Context& context);

    ScannerSettings settings_;
    std::unique_ptr<link::Endpoint> endpoint_;
    codec::ScanFramer framer_;
    BootTime heard_;  // when the last byte came
};

}  // namespace hefang::driver
