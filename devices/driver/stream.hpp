#pragma once
#include "driver/driver.hpp"
#include "link/link.hpp"

#include <memory>

namespace hefang::driver {

/// The endpoint of a driver over a stream of bytes, which counts what the kernel lost on a serial line into the
/// driver's counters: line-overrun, line-framing, line-parity. For the device's thread.
class CountedEndpoint final : public link::Endpoint {
  public:
    explicit CountedEndpoint(std::unique_ptr<link::Endpoint> endpoint) : endpoint_(std::move(endpoint)) {}
    [[nodiscard]] Result<std::unique_ptr<link::Link>> open(std::chrono::milliseconds limit,
                                                           const link::Stop& stop) override;
    /// From now on; outlives the links that are opened. Without it nothing is counted.
    void count_into(Counters& counters) { counters_ = &counters; }

  private:
    std::unique_ptr<link::Endpoint> endpoint_;
    Counters* counters_ = nullptr;
};

/// A driver whose links are opened by `endpoint`, which it owns.
class StreamDriver final : public Driver {
  public:
    StreamDriver(std::unique_ptr<Driver> driver, CountedEndpoint& endpoint)
        : driver_(std::move(driver)), endpoint_(endpoint) {}
    [[nodiscard]] Error live(Context& context) override {
        endpoint_.count_into(context.counters);
        return driver_->live(context);
    }

  private:
    std::unique_ptr<Driver> driver_;
    CountedEndpoint& endpoint_;  // owned by driver_
};

}  // namespace hefang::driver
