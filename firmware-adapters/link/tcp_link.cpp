#include "link/tcp_link.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>

#include <fcntl.h>
#include <poll.h>

namespace hefang::link {
namespace {

using Clock = std::chrono::steady_clock;

template <class Value>
void set(int fd, int level, int option, Value value) {
    ::setsockopt(fd, level, option, &value, sizeof value);
}

/// A device that lost power or its cable says nothing: probes after 5 s, every 2 s, three of them.
void keep_alive(int fd) {
    set(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(fd, IPPROTO_TCP, TCP_KEEPIDLE, 5);
    set(fd, IPPROTO_TCP, TCP_KEEPINTVL, 2);
    set(fd, IPPROTO_TCP, TCP_KEEPCNT, 3);
    set(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, 10'000U);
    set(fd, IPPROTO_TCP, TCP_NODELAY, 1);
}

Result<void> wait(int fd, short events, Clock::time_point until, const Stop& stop) {
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
        pollfd p[2]{{stop.fd(), POLLIN, 0}, {fd, events, 0}};
        const int n = ::poll(p, 2, static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)));
        if (n < 0 && errno != EINTR) return fail(Errc::unreachable, system_text(errno));
        if (n > 0 && p[0].revents != 0) return fail(Errc::closed, "stop requested");
        if (n > 0 && p[1].revents != 0) return {};
        if (n == 0 && left <= 0) return fail(Errc::timeout, "no answer within the limit");
    }
}

}  // namespace

Result<Descriptor> connect_tcp(const SocketAddress& to, Clock::time_point until, const Stop& stop) {
    Descriptor fd(::socket(to.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd.valid()) return fail(Errc::unreachable, system_text(errno));
    const auto* address = reinterpret_cast<const sockaddr*>(&to.bytes);
    if (::connect(fd.get(), address, to.length) != 0) {
        if (errno != EINPROGRESS) return fail(Errc::unreachable, system_text(errno));
        if (const auto done = wait(fd.get(), POLLOUT, until, stop); !done) return tl::unexpected(done.error());
        int error = 0;
        socklen_t length = sizeof error;
        ::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &length);
        if (error != 0) return fail(Errc::unreachable, system_text(error));
    }
    keep_alive(fd.get());
    return fd;
}

Result<std::unique_ptr<Link>> TcpClientLink::open(const TcpAddress& address, const Stop& stop) {
    const auto until = Clock::now() + connect_limit;
    const auto addresses = resolve(address.host, address.port, connect_limit, stop);
    if (!addresses) return tl::unexpected(addresses.error());
    Error last{Errc::not_found, "the name has no address"};
    for (const auto& to : *addresses) {
        auto fd = connect_tcp(to, until, stop);
        if (fd) return std::make_unique<TcpClientLink>(std::move(*fd), to_text(address));
        last = fd.error();
        if (last.code == Errc::closed) return tl::unexpected(last);
    }
    return fail(last.code, to_text(address) + ": " + last.detail);
}

Result<std::uint16_t> TcpListenEndpoint::listen() {
    SocketAddress at;
    if (!listener_) {
        const auto found = numeric(address_.host, address_.port);
        if (!found) return fail(Errc::refused, to_text(address_) + ": write the address in numbers");
        at = found->front();
        auto fd =
            std::make_shared<Descriptor>(::socket(at.bytes.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
        set(fd->get(), SOL_SOCKET, SO_REUSEADDR, 1);
        const auto* bytes = reinterpret_cast<const sockaddr*>(&at.bytes);
        if (::bind(fd->get(), bytes, at.length) != 0 || ::listen(fd->get(), 8) != 0) {
            const int error = errno;
            return fail(error == EADDRINUSE ? Errc::busy : Errc::refused,
                        to_text(address_) + ": " + system_text(error));
        }
        listener_ = std::move(fd);
    }
    at.length = sizeof at.bytes;
    ::getsockname(listener_->get(), reinterpret_cast<sockaddr*>(&at.bytes), &at.length);
    const bool six = at.bytes.ss_family == AF_INET6;
    return ntohs(six ? reinterpret_cast<const sockaddr_in6*>(&at.bytes)->sin6_port
                     : reinterpret_cast<const sockaddr_in*>(&at.bytes)->sin_port);
}

Result<std::unique_ptr<Link>> TcpListenEndpoint::open(std::chrono::milliseconds limit, const Stop& stop) {
    return accept(limit, stop);
}

Result<std::unique_ptr<TcpListenLink>> TcpListenEndpoint::accept(std::chrono::milliseconds limit, const Stop& stop) {
    if (const auto bound = listen(); !bound) return tl::unexpected(bound.error());
    const auto until = Clock::now() + limit;
    for (;;) {
        if (const auto there = wait(listener_->get(), POLLIN, until, stop); !there) {
            if (there.error().code != Errc::timeout) return tl::unexpected(there.error());
            return fail(Errc::timeout, to_text(address_) + ": no device has connected");
        }
        Descriptor next(::accept4(listener_->get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!next.valid()) {
            if (errno == EAGAIN || errno == EINTR || errno == ECONNABORTED) continue;  // gone again while it waited
            return fail(Errc::unreachable, to_text(address_) + ": " + system_text(errno));
        }
        keep_alive(next.get());
        return std::make_unique<TcpListenLink>(std::move(next), to_text(address_), listener_);
    }
}

TcpListenLink::TcpListenLink(Descriptor fd, std::string name, std::shared_ptr<Descriptor> listener)
    : FdLink(std::move(fd), std::move(name), {Errc::closed, "the device hung up"}), listener_(std::move(listener)) {
    may_be_replaced(true);
}

void TcpListenLink::may_be_replaced(bool may) {
    ended_by(may ? listener_->get() : -1, "a newer connection took its place");
}

}  // namespace hefang::link
