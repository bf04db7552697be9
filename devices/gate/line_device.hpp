#pragma once
#include "base/strong.hpp"
#include "driver/config.hpp"
#include "driver/driver.hpp"
#include "gate/admission.hpp"
#include "gatewire/alarm_line.hpp"
#include "link/link.hpp"
#include "telegram/scan_telegram.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hefang::driver {

/// A device that writes lines of text by itself. Counters: bytes, lines, refused-<reason>.
class LineDriver : public Driver {
  public:
    static constexpr std::size_t longest_line = 1'024;
    /// `silence`: without a line that says something for so long the device counts as lost; 0: never.
    LineDriver(std::unique_ptr<link::Endpoint> endpoint, std::chrono::milliseconds silence);
    [[nodiscard]] Error live(Context& context) final;

  protected:
    enum class Took { nothing, something, stopped };  ///< stopped: before there was room for a reading
    struct Line {
        std::string_view text;
        BootTime at;
        bool first = false;  ///< of this life: it may be the rest of a line that began before
    };
    virtual void begin(Context& context) = 0;
    [[nodiscard]] virtual Took take(const Line& line, Context& context) = 0;

  private:
    std::unique_ptr<link::Endpoint> endpoint_;
    std::chrono::milliseconds silence_;
};

struct AlarmLineSettings {
    DeviceId id;
    codec::AlarmWords words;
    std::chrono::milliseconds silence{10'000};
    std::chrono::milliseconds clear_after{3'000};  ///< "clear" counts only so long after the last line of an alarm
    AdmissionSettings values;                      ///< each channel is told once a repeat
};
/// Reads `config`, which passed check().
[[nodiscard]] AlarmLineSettings alarm_line_settings(const DeviceConfig& config);

/// A radiation portal or trace detector: AlarmState at its first word in each life and on change, a value once a while.
/// Of the first line of a life only an alarm counts.
/// Counters: of LineDriver; alarm-lines, clear-lines, value-lines, life-lines, repeated, refused-rate.
class AlarmLineDriver final : public LineDriver {
  public:
    AlarmLineDriver(AlarmLineSettings settings, std::unique_ptr<link::Endpoint> endpoint);

  private:
    void begin(Context& context) override;
    [[nodiscard]] Took take(const Line& line, Context& context) override;
    [[nodiscard]] bool take_state(bool alarm, const Line& line, Context& context);
    AlarmLineSettings settings_;
    Admission values_;
    std::optional<bool> told_;            // in this life
    std::optional<BootTime> last_alarm_;  // line, in any life
};

struct ContainerReaderSettings {
    DeviceId id;
    std::chrono::milliseconds silence{0};
    AdmissionSettings admission;
};
/// Reads `config`, which passed check().
[[nodiscard]] ContainerReaderSettings container_reader_settings(const DeviceConfig& config);

/// Cameras around a truck that write one line a passage (codec::decode_sides). Counters: of LineDriver; passages,
/// numbers, <agreement>, repeated, refused-rate.
class ContainerReaderDriver final : public LineDriver {
  public:
    ContainerReaderDriver(ContainerReaderSettings settings, std::unique_ptr<link::Endpoint> endpoint);

  private:
    void begin(Context&) override {}
    [[nodiscard]] Took take(const Line& line, Context& context) override;
    ContainerReaderSettings settings_;
    Admission admission_;
};

}  // namespace hefang::driver
