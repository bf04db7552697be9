#pragma once
#include "base/result.hpp"
#include "link/address.hpp"
#include "link/serial_link.hpp"
#include "link/stop.hpp"

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>

namespace hefang::link {

/// One serial line with Modbus units on it, open once however many devices hang on it. One request at a time, in the
/// order in which they were asked for, so that no unit starves another. An RTU frame has no number: an answer that came
/// too late would pass for the next one. So after a failed request, and after the opening (who knows what was asked
/// before), the line has to be silent for a while before anything is asked again. Thread-safe.
class ModbusLine {
  public:
    /// A line that is never silent for so long longer than `quiet` counts as broken.
    static constexpr std::chrono::milliseconds noise_limit{1000};

    /// The right to use the line; ends with the object. For one thread.
    class Turn {
      public:
        Turn(Turn&& other) noexcept : line_(std::exchange(other.line_, nullptr)) {}
        Turn& operator=(Turn&&) = delete;
        ~Turn() {
            if (line_ != nullptr) line_->end_turn();
        }
        [[nodiscard]] int fd() const { return line_->port_->fd(); }
        /// The request failed: before the next one of any unit the line is to be silent for `quiet`.
        void failed(std::chrono::milliseconds quiet);
        /// The line itself failed (unplugged): it is closed for all, and open() gives a new one.
        void broken();

      private:
        friend class ModbusLine;
        explicit Turn(ModbusLine& line) : line_(&line) {}
        ModbusLine* line_;
    };

    /// Fails as SerialLink::open(). `quiet`: the silence before the first request.
    [[nodiscard]] static Result<std::shared_ptr<ModbusLine>> open(const SerialAddress& address,
                                                                  std::chrono::milliseconds quiet);
    ModbusLine(SerialAddress address, std::unique_ptr<SerialLink> port, std::chrono::milliseconds quiet);

    /// Waits until the line is free and was silent long enough. Fails with closed (stop requested) or unreachable (the
    /// line broke, or is never silent).
    [[nodiscard]] Result<Turn> turn(const Stop& stop);

    [[nodiscard]] const SerialAddress& address() const { return address_; }
    [[nodiscard]] bool broken() const;

  private:
    using Steady = std::chrono::steady_clock;

    [[nodiscard]] Result<void> wait_in_row(const Stop& stop);
    [[nodiscard]] Result<void> drain(const Stop& stop);
    void end_turn();

    const SerialAddress address_;
    const std::unique_ptr<SerialLink> port_;  // of whoever has the turn
    std::chrono::milliseconds quiet_;         // of whoever has the turn; 0: nothing can come late
    Steady::time_point last_use_;             // of whoever has the turn
    mutable std::mutex mutex_;
    std::condition_variable next_;
    std::deque<std::uint64_t> row_;  // guarded by mutex_: who waits, the front has the turn
    std::uint64_t tickets_ = 0;      // guarded by mutex_
    bool broken_ = false;            // guarded by mutex_
};

/// The serial lines that the devices of one program share. Thread-safe.
class ModbusLines {
  public:
    /// The line at address.path: the open one while anybody has it, else a new one. Refused when it is open with other
    /// settings; otherwise fails as ModbusLine::open().
    [[nodiscard]] Result<std::shared_ptr<ModbusLine>> open(const SerialAddress& address,
                                                           std::chrono::milliseconds quiet);

  private:
    std::mutex mutex_;
    std::map<std::string, std::weak_ptr<ModbusLine>> lines_;  // by path
};

}  // namespace hefang::link
