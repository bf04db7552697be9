#include "link/fd_link.hpp"

#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include <poll.h>
#include <unistd.h>

namespace hefang::link {

using Clock = std::chrono::steady_clock;

void Descriptor::reset() noexcept {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
}

std::string system_text(int error) { return std::generic_category().message(error); }

Result<void> FdLink::ready(short events, Clock::time_point until, const Stop& stop) {
    for (;;) {
        if (!fd_.valid()) return fail(Errc::closed, name_ + ": closed");
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
        pollfd p[3]{{stop.fd(), POLLIN, 0}, {fd_.get(), events, 0}, {rival_, POLLIN, 0}};
        const int n = ::poll(p, 3, static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)));
        if (n < 0 && errno != EINTR) return fail(Errc::unreachable, name_ + ": " + system_text(errno));
        if (n > 0 && p[0].revents != 0) return fail(Errc::closed, "stop requested");
        if (n > 0 && p[1].revents != 0) return {};
        if (n > 0 && p[2].revents != 0) return fail(Errc::closed, name_ + ": " + rival_says_);
        if (n == 0 && left <= 0) return fail(Errc::timeout, name_ + ": nothing within the limit");
    }
}

Result<std::size_t> FdLink::read_some(std::span<char> into, std::chrono::milliseconds limit, const Stop& stop) {
    const auto until = Clock::now() + limit;
    for (;;) {
        if (const auto there = ready(POLLIN, until, stop); !there) return tl::unexpected(there.error());
        const auto n = ::read(fd_.get(), into.data(), into.size());
        if (n > 0) return static_cast<std::size_t>(n);
        if (n == 0) return tl::unexpected(end_);
        if (errno == EAGAIN || errno == EINTR) continue;
        const int error = errno;
        // A terminal whose adapter was pulled out, or whose other end of a pair is gone, says EIO.
        return fail(Errc::unreachable, error == EIO ? end_.detail : name_ + ": " + system_text(error));
    }
}

Result<void> FdLink::write_all(std::string_view bytes, std::chrono::milliseconds limit, const Stop& stop) {
    const auto until = Clock::now() + limit;
    while (!bytes.empty()) {
        if (const auto room = ready(POLLOUT, until, stop); !room) return room;
        auto n = ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (n < 0 && errno == ENOTSOCK) n = ::write(fd_.get(), bytes.data(), bytes.size());
        if (n >= 0) {
            bytes.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno != EAGAIN && errno != EINTR) {
            return fail(Errc::unreachable, name_ + ": " + system_text(errno));
        }
    }
    return {};
}

}  // namespace hefang::link
