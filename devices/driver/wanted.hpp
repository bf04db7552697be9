#pragma once
#include "link/bell.hpp"
#include "link/stop.hpp"

#include <chrono>
#include <mutex>
#include <utility>

namespace hefang::driver {

/// What the core wants of a device, as a level: the newest replaces all before it. Thread-safe; wait() is for the
/// device's thread only.
template <class T>
class Wanted {
  public:
    void set(T value) {
        {
            const std::lock_guard lock(mutex_);
            value_ = std::move(value);
        }
        changed_.ring();
    }
    [[nodiscard]] T get() const {
        const std::lock_guard lock(mutex_);
        return value_;
    }
    /// Ends at the next set(), after `limit` or with the stop request.
    void wait(std::chrono::milliseconds limit, const link::Stop& stop) const { changed_.wait(limit, stop); }

  private:
    mutable std::mutex mutex_;
    T value_{};  // guarded by mutex_
    link::Bell changed_;
};

}  // namespace hefang::driver
