#pragma once
#include "base/clock.hpp"
#include "base/result.hpp"
#include "hil/board_model.hpp"
#include "hil/pty.hpp"
#include "link/stop.hpp"
#include "link/tcp_link.hpp"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace hefang::hil {

/// A module of relays and inputs in real time, on a thread of its own, behind Modbus TCP on the loopback or Modbus RTU
/// on a terminal. All members may be called from any thread.
class BoardSim {
  public:
    /// `port` 0: a free one.
    [[nodiscard]] static Result<std::unique_ptr<BoardSim>> listen(const codec::board::Map& map, std::uint8_t unit,
                                                                  std::uint16_t port = 0);
    /// `name`: the symbolic link to the terminal, by which the gateway opens it, also after it was plugged in again.
    [[nodiscard]] static Result<std::unique_ptr<BoardSim>> on_terminal(const codec::board::Map& map, std::uint8_t unit,
                                                                       std::string name);
    ~BoardSim();
    BoardSim(const BoardSim&) = delete;
    BoardSim& operator=(const BoardSim&) = delete;

    /// For the configuration.
    [[nodiscard]] std::string address() const;
    void set_input(int channel, bool closed);
    [[nodiscard]] bool output(int channel) const;
    [[nodiscard]] unsigned rises(int channel) const;

    // Faults.
    void silence(bool on) { silent_ = on; }
    void refuse_all(bool on);
    void jam(int channel, std::optional<bool> at);
    void unplug() { plugged_ = false; }  ///< the cable; relays that flash still end by themselves
    void plug() { plugged_ = true; }

  private:
    BoardSim(const codec::board::Map& map, std::uint8_t unit) : unit_(unit), model_(map) {}
    void serve_tcp();
    void serve_terminal();
    /// Takes whole requests off the front of `held`; the answers to them.
    [[nodiscard]] std::string answer_tcp(std::string& held);
    [[nodiscard]] std::string answer_rtu(std::string& held);
    [[nodiscard]] std::string answer(std::string_view request);

    const std::uint8_t unit_;
    SystemClock clock_;
    link::Stop stop_;
    mutable std::mutex mutex_;
    BoardModel model_;  // guarded by mutex_
    std::atomic<bool> silent_{false}, plugged_{true};
    std::unique_ptr<link::TcpListenEndpoint> endpoint_;  // the thread's, once it runs
    std::uint16_t port_ = 0;
    std::optional<Pty> pty_;  // the thread's, once it runs
    std::string terminal_;
    std::thread thread_;
};

}  // namespace hefang::hil
