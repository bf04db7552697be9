#pragma once
#include "base/clock.hpp"

#include <cstdint>

namespace hefang::driver {

struct AskRule {
    std::int64_t period_ms = 100;  ///< from one question to the next, at least
    std::int64_t answer_ms = 500;  ///< an answer later than this is none
};

/// One question at a time to a device that speaks when asked and gives its answers no number. A late answer must never
/// be taken for the next one's: after one that failed to come, and at the begin of a conversation, the line must be
/// quiet for answer_ms before the next question; what comes unasked begins that anew. So an answer may be late by up to
/// twice answer_ms and do no harm. Pure: the time comes with each call.
class Asking {
  public:
    explicit Asking(AskRule rule) : rule_(rule) {}

    void begin(BootTime now) { disturbed(now); }
    /// True when the next question is to be sent; asked() then.
    [[nodiscard]] bool due(BootTime now) const { return state_ != State::waiting && now >= until_; }
    void asked(BootTime now) { state_ = State::waiting, asked_at_ = now, until_ = now + rule_.answer_ms; }
    [[nodiscard]] bool in_flight() const { return state_ == State::waiting; }
    /// The answer to the question in flight is there, whatever it says.
    void answered(BootTime now);
    /// True once for a question whose answer did not come in time.
    [[nodiscard]] bool given_up(BootTime now);
    /// Something came that no question is waiting for.
    void disturbed(BootTime now) { state_ = State::quieting, until_ = now + rule_.answer_ms; }
    /// When due() or given_up() may next be true.
    [[nodiscard]] BootTime next() const { return until_; }

  private:
    enum class State { quieting, waiting, resting };
    AskRule rule_;
    State state_ = State::quieting;
    BootTime asked_at_;
    BootTime until_;
};

}  // namespace hefang::driver
