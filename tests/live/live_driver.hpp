#pragma once
#include "driver/driver.hpp"

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

/// Keeps every reading; waits for one that fits.
class Probe final : public hefang::driver::Sink {
  public:
    bool post(hefang::reading::Reading&& r, const hefang::link::Stop& stop) override {
        while (deaf && !stop.wait_for(std::chrono::milliseconds(1))) {
        }
        const std::lock_guard lock(mutex_);
        all_.push_back(std::move(r));
        came_.notify_all();
        return true;
    }

    /// The first reading of kind T from the `from`-th reading on for which `fits`; nothing after 10 s.
    template <class T>
    std::optional<T> wait(
        const std::function<bool(const T&)>& fits = [](const T&) { return true; }, std::size_t from = 0) {
        std::optional<T> found;
        std::unique_lock lock(mutex_);
        came_.wait_for(lock, std::chrono::seconds(10), [&] {
            for (std::size_t i = from; i < all_.size() && !found; ++i) {
                const auto* const t = std::get_if<T>(&all_[i]);
                if (t != nullptr && fits(*t)) found = *t;
            }
            return found.has_value();
        });
        return found;
    }
    std::size_t count() {
        const std::lock_guard lock(mutex_);
        return all_.size();
    }

    std::atomic<bool> deaf{false};  ///< post() waits

  private:
    std::mutex mutex_;
    std::condition_variable came_;
    std::vector<hefang::reading::Reading> all_;
};

/// A driver on a thread that calls live() again 20 ms after each end.
class LiveDriver {
  public:
    explicit LiveDriver(hefang::driver::Driver& driver)
        : driver_(driver), thread_([this] {
              hefang::driver::Driver::Context context{clock, probe, counters, stop, [](hefang::driver::Sign) {}};
              while (!stop.requested()) {
                  (void)driver_.live(context);
                  ++ends;
                  (void)stop.wait_for(std::chrono::milliseconds(20));
              }
          }) {}
    ~LiveDriver() { end(); }
    void end() {
        stop.request();
        if (thread_.joinable()) thread_.join();
    }

    hefang::SystemClock clock;
    Probe probe;
    hefang::Counters counters;
    hefang::link::Stop stop;
    std::atomic<int> ends{0};

  private:
    hefang::driver::Driver& driver_;
    std::thread thread_;
};

/// Whether `holds` within 10 s.
inline bool soon(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return true;
}
