#pragma once
#include <functional>
#include <vector>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "link/stop.hpp"
#include "reading/reading.hpp"

namespace hefang::driver {

/// Where a device's thread puts what it read. One a device; backed by an inlet of the core's mailbox.
class Sink {
  public:
    virtual ~Sink() = default;
    /// Blocks while the inlet is full (the descriptor is then not read, so the sender holds the rest); false only when
    /// `stop` was requested before there was room.
    [[nodiscard]] virtual bool post(reading::Reading&& reading, const link::Stop& stop) = 0;
};

/// One device over one link: bytes in, readings out. A straight line on the supervisor's thread for that device; owns
/// its link, no thread.
class Driver {
  public:
    struct Context {
        const Clock& clock;
        Sink& sink;
        Counters& counters;  ///< refusals by reason, bytes, frames: shown on the device page and /metrics
        const link::Stop& stop;
        /// To be called at the first sign of life after each open, and then at each further one: feeds "age of data".
        std::function<void()> alive;
    };

    virtual ~Driver() = default;
    /// One life of the link: opens it, works until it fails or stop is requested, closes it. Says why it ended; the
    /// supervisor backs off and calls again. Never throws.
    [[nodiscard]] virtual Error live(Context& context) = 0;
};

/// The output side of a sorter's driver. Thread-safe; want() may be called from the core's thread at any time.
class SorterOutput {
  public:
    virtual ~SorterOutput() = default;
    /// Replaces the whole set of commands not yet acknowledged. Wakes the sorter's thread.
    virtual void want(std::vector<reading::SorterCommand> commands) = 0;
};

}  // namespace hefang::driver
