#pragma once
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "link/stop.hpp"
#include "reading/reading.hpp"

#include <chrono>
#include <functional>
#include <optional>
#include <string_view>
#include <vector>

namespace hefang::driver {

/// Where a device's thread puts what it read. One a device; backed by an inlet of the core's mailbox.
class Sink {
  public:
    virtual ~Sink() = default;
    /// Blocks while the inlet is full (the descriptor is then not read, so the sender holds the rest); false only when
    /// `stop` was requested before there was room.
    [[nodiscard]] virtual bool post(reading::Reading&& reading, const link::Stop& stop) = 0;
};

/// How a device shows that it is there. `link`: the connection stands, or bytes came; a device that accepts everybody
/// and hangs up shows this much. `data`: something valid was said.
enum class Sign { link, data };

/// One device over one link: bytes in, readings out. A straight line on the supervisor's thread for that device; owns
/// its link, no thread.
class Driver {
  public:
    struct Context {
        const Clock& clock;
        Sink& sink;
        Counters& counters;  ///< refusals by reason, bytes, frames: shown on the device page and /metrics
        const link::Stop& stop;
        /// To be called at each sign of life, before what it says is posted: feeds state and "age of data".
        std::function<void(Sign)> alive;
        /// So long a new link must stand before a mere Sign::link counts; longer after lives that ended early. A driver
        /// whose device may be silent by nature calls alive() when it is over.
        std::chrono::milliseconds trial{0};
        /// What the device says of itself beyond its readings ("emergency stop"), for the device page; empty: nothing.
        std::function<void(std::string_view)> condition = [](std::string_view) {};
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

/// The output side of a module of relays. Thread-safe.
class RelayOutput {
  public:
    virtual ~RelayOutput() = default;
    /// Replaces the whole set of outputs that are to be on; every other one is to be off.
    virtual void want(std::vector<reading::OutputWanted> outputs) = 0;
};

/// The output side of a barrier. Thread-safe.
class BarrierOutput {
  public:
    virtual ~BarrierOutput() = default;
    /// A level: for this passage the barrier is to be open; none: closed as soon as that is safe.
    virtual void want(std::optional<reading::OpenWish> wish) = 0;
};

/// The output side of a label printer. Thread-safe.
class PrintOutput {
  public:
    virtual ~PrintOutput() = default;
    /// False: too many jobs wait, and this one was not taken. A job that was taken ends with one LabelEnded.
    [[nodiscard]] virtual bool print(reading::PrintJob job) = 0;
};

/// The output side of a text display. Thread-safe.
class DisplayOutput {
  public:
    virtual ~DisplayOutput() = default;
    /// A level: replaces what is shown; none: the text at rest.
    virtual void show(std::optional<reading::Fields> fields) = 0;
};

}  // namespace hefang::driver
