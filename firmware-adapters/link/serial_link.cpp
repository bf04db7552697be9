#include "link/serial_link.hpp"

#include "link/port_owner.hpp"

#include <linux/serial.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <array>
#include <cerrno>

#include <fcntl.h>
#include <grp.h>
#include <termios.h>

namespace hefang::link {
namespace {

struct Rate {
    std::uint32_t baud;
    speed_t speed;
};
constexpr std::array rates{Rate{300, B300},       Rate{600, B600},       Rate{1200, B1200},     Rate{2400, B2400},
                           Rate{4800, B4800},     Rate{9600, B9600},     Rate{19200, B19200},   Rate{38400, B38400},
                           Rate{57600, B57600},   Rate{115200, B115200}, Rate{230400, B230400}, Rate{460800, B460800},
                           Rate{500000, B500000}, Rate{921600, B921600}};

speed_t speed_of(std::uint32_t baud) {
    for (const auto& rate : rates) {
        if (rate.baud == baud) return rate.speed;
    }
    return B0;
}

/// The group that may open it: "dialout" on Debian.
std::string group_of(const std::string& path) {
    struct stat s {};
    group row{}, *found = nullptr;
    std::array<char, 4096> room{};
    if (::stat(path.c_str(), &s) != 0 || s.st_gid == 0 || (s.st_mode & S_IRGRP) == 0) return "dialout";
    ::getgrgid_r(s.st_gid, &row, room.data(), room.size(), &found);
    return found == nullptr ? "dialout" : found->gr_name;
}

/// `fd`: where it was opened all the same, but another has it; else −1.
Error open_error(const std::string& path, int error, int fd = -1) {
    const auto text = path + ": ";
    switch (error) {
        case ENOENT:
        case ENODEV:
        case ENXIO: return {Errc::not_found, text + "no such device; is it plugged in?"};
        case EBUSY: {
            const auto owners = owners_of(path, fd);
            return {Errc::busy, text + (owners.empty() ? "another program has it open" : "open in " + owners)};
        }
        case EACCES:
        case EPERM: return {Errc::refused, text + "no right to open it: add the user to group " + group_of(path)};
        default: return {Errc::refused, text + system_text(error)};
    }
}

constexpr tcflag_t raw_off = ICANON | ECHO | ISIG | IEXTEN;  ///< what would change or hold back bytes

void frame(termios& t, const SerialAddress& a) {
    ::cfmakeraw(&t);
    t.c_iflag &= ~static_cast<tcflag_t>(IXON | IXOFF | IXANY | INPCK);
    t.c_cflag &= ~static_cast<tcflag_t>(CSIZE | PARENB | PARODD | CSTOPB | CRTSCTS | HUPCL);
    t.c_cflag |= CLOCAL | CREAD | static_cast<tcflag_t>(a.bits == 7 ? CS7 : CS8);
    if (a.stop == 2) t.c_cflag |= CSTOPB;
    if (a.parity != Parity::none) {
        t.c_cflag |= PARENB;
        t.c_iflag |= INPCK;  // a byte with wrong parity arrives as NUL, which no codec takes
    }
    if (a.parity == Parity::odd) t.c_cflag |= PARODD;
    t.c_cc[VMIN] = 1;  // so that read() says 0 only when the line is gone
    t.c_cc[VTIME] = 0;
    ::cfsetispeed(&t, speed_of(a.baud));
    ::cfsetospeed(&t, speed_of(a.baud));
}

/// The slave of a pseudo-terminal has no line: it keeps 8 bits without parity whatever is asked of it.
bool is_pty(int fd) {
    struct stat s {};
    return ::fstat(fd, &s) == 0 && major(s.st_rdev) >= 136 && major(s.st_rdev) <= 143;
}

Result<void> configure(int fd, const SerialAddress& a) {
    termios wanted{};
    if (::tcgetattr(fd, &wanted) != 0) return fail(Errc::refused, a.path + ": is no serial device");
    frame(wanted, a);
    // Where nothing of what is asked can be changed it says EINVAL: so a pseudo-terminal that is raw already, for it
    // keeps its 8 bits. What it has then is looked at all the same.
    const bool changed = ::tcsetattr(fd, TCSANOW, &wanted) == 0;
    if (!changed && !(errno == EINVAL && is_pty(fd))) return fail(Errc::refused, a.path + ": " + system_text(errno));
    termios got{};
    ::tcgetattr(fd, &got);
    if ((got.c_lflag & raw_off) != 0) return fail(Errc::refused, to_text(a) + ": the device does not become raw");
    constexpr tcflag_t shape = CSIZE | PARENB | PARODD | CSTOPB;
    const bool kept =
        (got.c_cflag & shape) == (wanted.c_cflag & shape) && ::cfgetispeed(&got) == ::cfgetispeed(&wanted);
    if (!kept && !is_pty(fd)) return fail(Errc::refused, to_text(a) + ": the device does not take these settings");
    ::tcflush(fd, TCIFLUSH);
    return {};
}

}  // namespace

Result<std::unique_ptr<SerialLink>> SerialLink::open(const SerialAddress& address) {
    Descriptor fd(::open(address.path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    if (!fd.valid()) return tl::unexpected(open_error(address.path, errno));
    if (::flock(fd.get(), LOCK_EX | LOCK_NB) != 0) return tl::unexpected(open_error(address.path, EBUSY, fd.get()));
    if (const auto done = configure(fd.get(), address); !done) return tl::unexpected(done.error());
    // On a pseudo-terminal it would outlive a killed owner for as long as the other end keeps the pair open.
    if (!is_pty(fd.get())) ::ioctl(fd.get(), TIOCEXCL);
    return std::make_unique<SerialLink>(std::move(fd), address.path);
}

std::optional<LineErrors> SerialLink::line_errors() const {
    serial_icounter_struct seen{};
    if (::ioctl(descriptor().get(), TIOCGICOUNT, &seen) != 0) return std::nullopt;
    const auto count = [](int n) { return static_cast<std::uint32_t>(n); };
    return LineErrors{count(seen.overrun) + count(seen.buf_overrun), count(seen.frame), count(seen.parity)};
}

void SerialLink::close_port() noexcept {
    if (descriptor().valid()) ::ioctl(descriptor().get(), TIOCNXCL);
    FdLink::close();
}

}  // namespace hefang::link
