#pragma once
#include "base/clock.hpp"

#include <chrono>
#include <optional>
#include <string>

namespace hefang::driver {

/// How the gateway itself keeps a reader looking for codes, where no eye and no button does.
struct TriggerSettings {
    std::string on, off;                    ///< whole commands; an empty `off`: a look ends by itself
    std::chrono::milliseconds look{5'000};  ///< how long one look may take
    std::chrono::milliseconds pause{200};   ///< from an answer to the next look
    static constexpr std::chrono::milliseconds answer{1'000};  ///< after the end of a look something must have come
};

/// One look after the other: on, then an answer (codes, or that there were none), then on again. A look without answer
/// is ended by `off`; a reader that does not answer that either is broken.
class TriggerCycle {
  public:
    enum class Act { none, on, off, broken };

    explicit TriggerCycle(TriggerSettings settings) : settings_(std::move(settings)) {}
    [[nodiscard]] const TriggerSettings& settings() const { return settings_; }
    /// A new conversation: the first look begins at once.
    void begin(BootTime now);
    /// When act() is to be asked next.
    [[nodiscard]] BootTime due() const { return due_; }
    /// What is to be done now; none before due().
    [[nodiscard]] Act act(BootTime now);
    /// The reader said what it saw.
    void answered(BootTime now);
    /// The reader answered a command, or refused one.
    void obeyed(bool taken, BootTime now);

  private:
    enum class Phase { resting, looking, ending };
    void rest(BootTime now, std::chrono::milliseconds time);

    TriggerSettings settings_;
    Phase phase_ = Phase::resting;
    BootTime due_{};
};

}  // namespace hefang::driver
