#include "hil/pty.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace hefang::hil {
namespace {

tl::unexpected<Error> failed(const std::string& what) {
    return fail(Errc::unreachable, what + ": " + std::generic_category().message(errno));
}

}  // namespace

Pty::Pty(Pty&& other) noexcept
    : master_(std::exchange(other.master_, -1)),
      slave_(std::exchange(other.slave_, -1)),
      slave_path_(std::move(other.slave_path_)),
      link_(std::exchange(other.link_, {})) {}

Pty& Pty::operator=(Pty&& other) noexcept {
    if (this == &other) return *this;
    unplug();
    master_ = std::exchange(other.master_, -1);
    slave_ = std::exchange(other.slave_, -1);
    slave_path_ = std::move(other.slave_path_);
    link_ = std::exchange(other.link_, {});
    return *this;
}

Result<Pty> Pty::open(std::string link) {
    Pty pty;
    pty.master_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC);
    if (pty.master_ < 0) return failed("pseudo-terminal");
    std::array<char, 64> name{};
    if (::grantpt(pty.master_) != 0 || ::unlockpt(pty.master_) != 0 ||
        ::ptsname_r(pty.master_, name.data(), name.size()) != 0) {
        return failed("pseudo-terminal");
    }
    pty.slave_path_ = name.data();
    pty.slave_ = ::open(name.data(), O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (pty.slave_ < 0) return failed(pty.slave_path_);
    termios raw{};
    ::tcgetattr(pty.slave_, &raw);
    ::cfmakeraw(&raw);
    ::tcsetattr(pty.slave_, TCSANOW, &raw);
    if (!link.empty()) {
        ::unlink(link.c_str());
        if (::symlink(name.data(), link.c_str()) != 0) return failed(link);
        pty.link_ = std::move(link);
    }
    return pty;
}

Result<void> Pty::write(std::string_view bytes) {
    while (!bytes.empty()) {
        if (!plugged()) return fail(Errc::closed, path() + ": unplugged");
        pollfd p{master_, POLLOUT, 0};
        if (::poll(&p, 1, 1000) == 0) return fail(Errc::timeout, path() + ": nobody reads");
        const auto n = ::write(master_, bytes.data(), bytes.size());
        if (n > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno != EAGAIN && errno != EINTR) {
            return failed(path());
        }
    }
    return {};
}

std::string Pty::read() {
    std::array<char, 4096> buffer{};
    const auto n = ::read(master_, buffer.data(), buffer.size());
    return n > 0 ? std::string(buffer.data(), static_cast<std::size_t>(n)) : std::string();
}

void Pty::unplug() noexcept {
    if (master_ < 0) return;
    if (!link_.empty()) ::unlink(link_.c_str());
    ::close(std::exchange(master_, -1));
    if (slave_ >= 0) ::close(std::exchange(slave_, -1));
}

}  // namespace hefang::hil
