#pragma once
#include "display/encoder.hpp"
#include "driver/driver.hpp"
#include "driver/wanted.hpp"
#include "link/link.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace hefang::driver {

struct DisplaySettings {
    DeviceId id;
    std::string form;              ///< what is sent, with {names}; control characters in it are the display's own
    std::string rest;              ///< sent when nothing is to be shown; empty: nothing is sent then
    std::size_t most_bytes = 256;  ///< of one text
    std::chrono::milliseconds repeat{5000};  ///< a display that was switched off shows it again after so long
};

/// A text display (LED, voice) that is only written to. What is to be shown is a level: sent when it changes, and again
/// after `repeat`. The text at rest is shown when nothing is wanted, when a value is missing, and once `core_alive`
/// fails. Values cannot command the display: their control characters become spaces.
/// Counters: texts, refused-character (became '?' or a space), refused-too-long (cut), refused-form (a value is
/// missing).
class DisplayDriver final : public Driver, public DisplayOutput {
  public:
    DisplayDriver(DisplaySettings settings, Encoder encoder, std::unique_ptr<link::Endpoint> endpoint,
                  std::function<bool()> core_alive);

    [[nodiscard]] Error live(Context& context) override;
    void show(std::optional<reading::Fields> fields) override { wanted_.set(std::move(fields)); }

  private:
    static constexpr std::chrono::milliseconds look{100};  ///< between two looks at the core
    static constexpr std::chrono::milliseconds write_limit{1000};

    [[nodiscard]] Error converse(link::Link& link, Context& context);
    /// The bytes for what is wanted now.
    [[nodiscard]] std::string text_now(Context& context);
    [[nodiscard]] std::string encoded(const std::string& text, Context& context) const;

    const DisplaySettings settings_;
    const Encoder encoder_;
    const std::unique_ptr<link::Endpoint> endpoint_;
    const std::function<bool()> core_alive_;
    Wanted<std::optional<reading::Fields>> wanted_;
};

}  // namespace hefang::driver
