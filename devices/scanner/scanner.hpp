#pragma once
#include "driver/config.hpp"
#include "driver/driver.hpp"
#include "link/link.hpp"
#include "scanner/trigger.hpp"
#include "telegram/dws_telegram.hpp"
#include "telegram/reader_profile.hpp"
#include "telegram/scan_telegram.hpp"
#include "telegram/wedge.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::driver {

struct ScannerSettings {
    DeviceId id;
    codec::ScanFraming framing;
    codec::ScanFormat format;
    codec::ReaderProfile profile = codec::reader_profiles().front();  ///< its answers to commands
    std::vector<std::string> ignored;                                 ///< whole telegrams that say nothing: a heartbeat
    std::optional<codec::WedgeKeys> wedge;   ///< the link delivers a keyboard's events, not bytes
    std::optional<codec::DwsFormat> dws;     ///< a telegram is a list of fields: code, weight, size
    std::optional<TriggerSettings> trigger;  ///< the gateway triggers the reader
    bool acknowledge = false;                ///< an ACK is sent after each telegram
    std::chrono::milliseconds gap{100};      ///< silence within a telegram after which it counts as cut short
    bool joins_midway = false;               ///< until it was silent for `gap` it may be in a telegram begun before
    std::chrono::milliseconds silence{0};    ///< nothing for so long: the device counts as lost; 0: never
};

/// Reads `config`, which passed check().
[[nodiscard]] ScannerSettings scanner_settings(const DeviceConfig& config);
[[nodiscard]] ScannerSettings wedge_settings(const DeviceConfig& config);
[[nodiscard]] ScannerSettings dws_settings(const DeviceConfig& config);

/// A bar code reader that sends a telegram for each parcel or each pull of the trigger, or a station that adds the
/// parcel's weight and size to it.
/// A telegram that cannot be used (cut short by silence or by the end of the link, without its begin or prefix, every
/// code refused) is handed on as a no-read, because a parcel did pass: without it a screen would go on showing the
/// verdict of the parcel before. One that was cut is a no-read of the moment of its last byte. What comes after it up
/// to the next end may be its rest or another parcel's telegram: a no-read too. Bytes outside of a frame are only
/// counted, and so is the no-read of a look that the gateway itself ordered: no parcel need have been there.
/// Counters: bytes, telegrams, codes, no-reads, unreadable, ignored, weights, sizes, empty-looks, command-answers,
/// commands-refused, refused-<reason of codec::ScanRefusal, codec::WedgeRefusal or codec::DwsRefusal>.
class ScannerDriver final : public Driver {
  public:
    ScannerDriver(ScannerSettings settings, std::unique_ptr<link::Endpoint> endpoint);
    [[nodiscard]] Error live(Context& context) override;

  private:
    /// joining: neither silent for `gap` nor heard yet; on_trial: Context::trial is not over, and nothing valid was
    /// said.
    enum class Phase { joining, on_trial, stands };

    void begin(Context& context);
    [[nodiscard]] Error ended(Error why, Context& context);
    [[nodiscard]] Result<void> pull_trigger(Context& context);
    [[nodiscard]] Result<void> wait_over(Phase& phase, Context& context);
    [[nodiscard]] std::chrono::milliseconds limit(Phase phase, const Context& context) const;
    [[nodiscard]] static Phase stands(Context& context);
    [[nodiscard]] Result<void> took_bytes(std::string_view bytes, Phase& phase, Context& context);
    [[nodiscard]] Result<void> took(const codec::ScanFrame& frame, BootTime at, Context& context);
    [[nodiscard]] Result<void> took_telegram(std::string_view telegram, BootTime at, Context& context);
    [[nodiscard]] Result<void> took_refused(codec::ScanRefusal reason, BootTime at, Context& context);
    [[nodiscard]] Result<void> took_dws(std::string_view telegram, BootTime at, Context& context);
    [[nodiscard]] reading::CodesRead read_of(codec::ScanTelegram&& telegram, BootTime at, Context& context) const;
    [[nodiscard]] bool says_nothing(std::string_view telegram, BootTime at, Context& context);
    [[nodiscard]] Result<void> send(std::string_view bytes, const Context& context);
    [[nodiscard]] static Result<void> post(reading::Reading&& reading, Context& context);

    ScannerSettings settings_;
    std::unique_ptr<link::Endpoint> endpoint_;
    std::unique_ptr<link::Link> link_;  // of the present life
    codec::ScanFramer framer_;
    std::optional<codec::WedgeDecoder> wedge_;
    std::optional<TriggerCycle> trigger_;
    BootTime heard_;       // when the last byte came
    BootTime wait_began_;  // the last byte, or the last silence that was dealt with
};

}  // namespace hefang::driver
