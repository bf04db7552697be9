#pragma once
#include "base/clock.hpp"
#include "base/result.hpp"
#include "link/stop.hpp"
#include "link/tcp_link.hpp"
#include "print/printer_status.hpp"

#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace hefang::hil {

/// A label printer's head: bytes in, answers out, labels one after the other. No socket, thread or clock.
class PrinterModel {
  public:
    PrinterModel(codec::print::Language language, std::int64_t label_ms) : language_(language), label_ms_(label_ms) {}

    /// The answers to the questions in `bytes`.
    [[nodiscard]] std::string take(std::string_view bytes, BootTime now);
    /// Prints what is due; with any fault nothing is.
    void advance(BootTime now);

    codec::print::Status faults;  ///< as the printer says them; `busy` and `waiting` are its own
    [[nodiscard]] const std::vector<std::string>& labels() const { return printed_; }
    [[nodiscard]] std::size_t waiting() const { return waiting_.size(); }

  private:
    [[nodiscard]] std::string status() const;

    codec::print::Language language_;
    std::int64_t label_ms_;
    std::string held_;
    std::deque<std::string> waiting_;
    BootTime next_{};
    std::vector<std::string> printed_;
};

/// The same in real time behind a TCP port of the loopback. All members may be called from any thread.
class PrinterSim {
  public:
    /// `port` 0: a free one. `label_ms`: for one label.
    [[nodiscard]] static Result<std::unique_ptr<PrinterSim>> listen(codec::print::Language language,
                                                                    std::int64_t label_ms, std::uint16_t port = 0);
    ~PrinterSim();
    PrinterSim(const PrinterSim&) = delete;
    PrinterSim& operator=(const PrinterSim&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] std::vector<std::string> labels() const;
    void set_faults(const codec::print::Status& faults);
    void silence(bool on) { silent_ = on; }       ///< prints, but says nothing
    void hang_up_at_label() { hang_up_ = true; }  ///< once: the connection ends with the next label that comes
    /// Once: with the next label that comes these faults begin, before it is printed.
    void jam_at_label(const codec::print::Status& faults);

  private:
    PrinterSim(codec::print::Language language, std::int64_t label_ms) : model_(language, label_ms) {}
    void serve();
    void serve_one(link::Link& peer);

    SystemClock clock_;
    link::Stop stop_;
    link::TcpListenEndpoint endpoint_{link::TcpListenAddress{"127.0.0.1", 0}};
    std::uint16_t port_ = 0;
    mutable std::mutex mutex_;
    PrinterModel model_;                              // guarded by mutex_
    std::optional<codec::print::Status> with_label_;  // guarded by mutex_
    std::atomic<bool> silent_{false}, hang_up_{false};
    std::thread thread_;
};

}  // namespace hefang::hil
