#include "link/hid_link.hpp"

#include <linux/input.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <cerrno>

#include <fcntl.h>

namespace hefang::link {
namespace {

Error open_error(const std::string& path, int error) {
    const auto text = path + ": ";
    switch (error) {
        case ENOENT:
        case ENODEV:
        case ENXIO: return {Errc::not_found, text + "no such device; is it plugged in?"};
        case EBUSY: return {Errc::busy, text + "another program has it"};
        case EACCES:
        case EPERM: return {Errc::refused, text + "no right to open it; is the user in group input?"};
        default: return {Errc::refused, text + system_text(error)};
    }
}

Result<void> own(int fd, const std::string& path) {
    struct stat s {};
    ::fstat(fd, &s);
    if (S_ISFIFO(s.st_mode)) {
        if (::flock(fd, LOCK_EX | LOCK_NB) != 0) return tl::unexpected(open_error(path, EBUSY));
        return {};
    }
    int version = 0;
    if (!S_ISCHR(s.st_mode) || ::ioctl(fd, EVIOCGVERSION, &version) != 0)
        return fail(Errc::refused, path + ": is no input device; they stand in /dev/input/by-id/…-event-kbd");
    if (::ioctl(fd, EVIOCGRAB, 1) != 0) return tl::unexpected(open_error(path, errno));
    return {};
}

}  // namespace

Result<std::unique_ptr<Link>> HidLink::open(const HidAddress& address) {
    Descriptor fd(::open(address.path.c_str(), O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    if (!fd.valid()) return tl::unexpected(open_error(address.path, errno));
    if (const auto done = own(fd.get(), address.path); !done) return tl::unexpected(done.error());
    return std::make_unique<HidLink>(std::move(fd), address.path);
}

}  // namespace hefang::link
