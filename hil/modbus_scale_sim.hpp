#pragma once
#include "base/result.hpp"
#include "base/units.hpp"
#include "hil/pty.hpp"
#include "link/link.hpp"
#include "link/stop.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace hefang::hil {

/// The register maps that a ModbusScaleSim can play, by the names of their files.
[[nodiscard]] std::vector<std::string> modbus_scale_maps();

struct ModbusScaleLayout;

/// A weighing indicator that is asked over Modbus, by TCP or at the end of a serial line. It lays its registers out by
/// a table of its own, not by the files that the gateway reads. Speaks Modbus by itself, byte by byte. Any thread.
class ModbusScaleSim {
  public:
    /// `port` 0: a free one of 127.0.0.1. Refused for a map that it cannot play.
    [[nodiscard]] static Result<std::unique_ptr<ModbusScaleSim>> over_tcp(const std::string& map,
                                                                          std::uint16_t port = 0);
    /// Behind `terminal`, a symbolic link; answers to `unit` only.
    [[nodiscard]] static Result<std::unique_ptr<ModbusScaleSim>> over_line(const std::string& map,
                                                                           const std::string& terminal,
                                                                           std::uint8_t unit = 1);
    ~ModbusScaleSim();
    ModbusScaleSim(const ModbusScaleSim&) = delete;
    ModbusScaleSim& operator=(const ModbusScaleSim&) = delete;

    [[nodiscard]] const std::string& address() const { return address_; }

    /// A load lies on the plate from now on; in motion for `settles`, at half the load.
    void put(Grams load, std::chrono::milliseconds settles = std::chrono::milliseconds(200));
    void clear() { put(Grams{0}, std::chrono::milliseconds(0)); }

    // Faults.
    void overload(bool on);
    void fault(bool on);                      ///< the indicator says that its value is none, where it can
    void silence(bool on);                    ///< no answers
    void freeze(bool on);                     ///< the registers stand still
    void late(std::chrono::milliseconds by);  ///< the next answer comes so much later
    void exceptions(unsigned count);          ///< the next so many answers are "busy"
    void unplug();                            ///< the line is gone, the connection reset
    [[nodiscard]] Result<void> plug();

    /// Requests since the start.
    [[nodiscard]] unsigned asked() const;

  private:
    using Steady = std::chrono::steady_clock;
    ModbusScaleSim(const ModbusScaleLayout& layout, std::uint8_t unit) : layout_(layout), unit_(unit) {}
    void run_line();
    void run_tcp();
    void serve(link::Link& link);
    /// The answer to a request without its frame; empty: none.
    [[nodiscard]] std::string answer(std::string_view pdu);
    void refresh();

    const ModbusScaleLayout& layout_;
    const std::uint8_t unit_;
    std::string address_;
    std::string terminal_;
    link::Stop stop_;
    std::unique_ptr<link::Endpoint> endpoint_;  // TCP
    mutable std::mutex mutex_;                  // guards all below
    std::unique_ptr<Pty> pty_;
    bool plugged_ = true;
    Grams load_;
    Steady::time_point settled_;
    bool over_ = false, fault_ = false, silent_ = false, frozen_ = false;
    std::chrono::milliseconds late_{0};
    unsigned exceptions_ = 0, asked_ = 0;
    std::uint16_t beat_ = 0;
    std::map<int, std::uint16_t> registers_;
    std::map<int, bool> inputs_;
    std::thread thread_;
};

}  // namespace hefang::hil
