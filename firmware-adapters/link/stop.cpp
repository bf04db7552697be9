#include "link/stop.hpp"

#include <sys/eventfd.h>

#include <cstdint>
#include <cstdlib>

#include <poll.h>
#include <unistd.h>

namespace hefang::link {

Stop::Stop() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0) std::abort();  // no descriptor left at start-up: nothing can run
}

Stop::~Stop() { ::close(fd_); }

void Stop::request() {
    requested_.store(true, std::memory_order_release);
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(fd_, &one, sizeof one);
}

bool Stop::wait_for(std::chrono::milliseconds limit) const {
    pollfd p{fd_, POLLIN, 0};
    ::poll(&p, 1, static_cast<int>(limit.count()));
    return requested();
}

}  // namespace hefang::link
