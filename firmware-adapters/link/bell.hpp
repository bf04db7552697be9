#pragma once
#include "link/stop.hpp"

#include <chrono>

namespace hefang::link {

/// Wakes the one thread that waits for it; a ring before the wait is not lost. ring(): any thread.
class Bell {
  public:
    Bell();
    ~Bell();
    Bell(const Bell&) = delete;
    Bell& operator=(const Bell&) = delete;

    void ring() const;
    /// Ends at a ring, after `limit` or with the stop request.
    void wait(std::chrono::milliseconds limit, const Stop& stop) const;

  private:
    int fd_;
};

}  // namespace hefang::link
