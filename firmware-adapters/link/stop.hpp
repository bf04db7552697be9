#pragma once
#include <atomic>
#include <chrono>

namespace hefang::link {

/// A stop request that ends every poll() which watches its descriptor. One a device thread. Thread-safe.
class Stop {
  public:
    Stop();
    ~Stop();
    Stop(const Stop&) = delete;
    Stop& operator=(const Stop&) = delete;

    void request();
    [[nodiscard]] bool requested() const { return requested_.load(std::memory_order_acquire); }
    /// Readable once the request was made; for poll().
    [[nodiscard]] int fd() const { return fd_; }
    /// Waits `limit` or until the request; true when it was made.
    [[nodiscard]] bool wait_for(std::chrono::milliseconds limit) const;

  private:
    std::atomic<bool> requested_{false};
    int fd_;
};

}  // namespace hefang::link
