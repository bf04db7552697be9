#pragma once
#include "base/counters.hpp"
#include "driver/driver.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <utility>

namespace hefang::driver {

/// Keeps what is to be told until somebody listens, so that a core that stands still never makes a device's thread wait
/// while an arm is moving. One thread. Counters: untold (the oldest, when too many wait).
class PatientSink final : public Sink {
  public:
    static constexpr std::size_t most_kept = 512;

    /// Takes it at once, always.
    [[nodiscard]] bool post(reading::Reading&& reading, const link::Stop&) override {
        kept_.push_back(std::move(reading));
        if (kept_.size() <= most_kept) return true;
        kept_.pop_front();
        ++untold_;
        return true;
    }

    /// Hands on what is kept while `core_alive`. False when stop was requested before there was room.
    [[nodiscard]] bool hand_on(Driver::Context& context, const std::function<bool()>& core_alive) {
        if (untold_ > 0) context.counters.add("untold", std::exchange(untold_, 0));
        while (!kept_.empty() && (core_alive() || context.stop.requested())) {
            auto next = std::move(kept_.front());
            kept_.pop_front();
            if (!context.sink.post(std::move(next), context.stop)) return false;
        }
        return true;
    }

  private:
    std::deque<reading::Reading> kept_;
    std::size_t untold_ = 0;
};

}  // namespace hefang::driver
