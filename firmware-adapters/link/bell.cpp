#include "link/bell.hpp"

#include <sys/eventfd.h>

#include <array>
#include <cstdint>
#include <cstdlib>

#include <poll.h>
#include <unistd.h>

namespace hefang::link {

Bell::Bell() : fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (fd_ < 0) std::abort();  // no descriptor left at start-up: nothing can run
}

Bell::~Bell() { ::close(fd_); }

void Bell::ring() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(fd_, &one, sizeof one);
}

void Bell::wait(std::chrono::milliseconds limit, const Stop& stop) const {
    std::array<pollfd, 2> watched{pollfd{fd_, POLLIN, 0}, pollfd{stop.fd(), POLLIN, 0}};
    ::poll(watched.data(), watched.size(), static_cast<int>(limit.count()));
    std::uint64_t rings = 0;
    [[maybe_unused]] const auto n = ::read(fd_, &rings, sizeof rings);
}

}  // namespace hefang::link
