#pragma once
#include "base/clock.hpp"
#include "base/result.hpp"
#include "hil/sorter_plc.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace hefang::hil {

/// A Modbus TCP server on the loopback that behaves like a sorter's PLC with its belt (docs/sorter-map.md), in real
/// time on a thread of its own. All members may be called from any thread.
class SorterSim {
  public:
    /// `port` 0: a free one. The simulator runs from here until it is destroyed.
    [[nodiscard]] static Result<std::unique_ptr<SorterSim>> start(SorterPlcSettings settings, std::uint16_t port = 0);
    ~SorterSim();
    SorterSim(const SorterSim&) = delete;
    SorterSim& operator=(const SorterSim&) = delete;

    [[nodiscard]] int port() const { return port_; }

    /// An item passes the eye now; its sequence number. With `sequence` the PLC's numbering goes on from there.
    std::uint16_t induct(std::optional<std::uint16_t> sequence = std::nullopt, std::uint16_t length_mm = 300);
    /// `count` items at once, quicker than any poll: more than 8 overrun the ring.
    void induct_burst(unsigned count);

    // Faults. The belt runs on in all of them.
    void freeze(bool on);  ///< no answers; connections stay open
    void restart();        ///< the PLC forgets everything and has a new start number; connections stay open
    void reset_connections();
    void freeze_heartbeat(bool on);
    void freeze_echo(bool on);
    void ignore_watchdog(bool on);
    void set_manual(bool on);
    void set_full(std::uint16_t chute, bool on);
    void drop_confirmations(unsigned count);
    void miss_diverts(unsigned count);
    void skip_sequences(unsigned count);

    [[nodiscard]] std::vector<ReceivedCommand> received() const;
    [[nodiscard]] std::vector<Diversion> diversions() const;
    [[nodiscard]] std::size_t on_belt() const;
    /// Called on the simulator's thread for each command taken, with the moment at which its request began to arrive.
    using CommandWatch = std::function<void(std::uint16_t sequence, std::chrono::steady_clock::time_point first_byte)>;
    void watch_commands(CommandWatch watch);
    /// The registers as a client would read them now.
    [[nodiscard]] codec::sorter::Status status() const;

  private:
    SorterSim(SorterPlcSettings settings, int listener, int port);
    template <class Act>
    auto locked(Act&& act);
    void run();
    void accept_one();
    [[nodiscard]] bool serve(int connection);
    int wait_ms() const;
    void wake() const;

    SystemClock clock_;
    int listener_;
    int port_;
    int wake_fd_;
    void* context_;                 // libmodbus; the thread's alone
    std::vector<int> connections_;  // the thread's alone
    mutable std::mutex mutex_;
    SorterPlc plc_;       // guarded by mutex_
    CommandWatch watch_;  // guarded by mutex_
    std::atomic<bool> stop_{false};
    std::atomic<bool> frozen_{false};
    std::atomic<bool> reset_{false};
    std::thread thread_;
};

}  // namespace hefang::hil
