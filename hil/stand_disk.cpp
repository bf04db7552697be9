#include "hil/stand.hpp"

#include <sys/mount.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

/// The disk and the memory of a stand's gateway.
namespace hefang::hil {
namespace {

tl::unexpected<Error> failed(const std::string& doing) {
    const auto code = errno == EPERM || errno == EACCES ? Errc::refused : Errc::unreachable;
    return fail(code, doing + ": " + std::strerror(errno));
}

}  // namespace

/// A file system of its own lives in a mount namespace of this thread and the children that it starts from now on: it
/// is gone with them, however they end. Errc::refused: this user may not mount.
Result<void> Stand::make_store_folder() const {
    const auto path = folder_ + "/store";
    std::error_code error;
    std::filesystem::create_directory(path, error);
    if (error) return fail(Errc::unreachable, path + ": " + error.message());
    if (spec_.store_mib == 0) return {};
    if (::unshare(CLONE_NEWNS) != 0) return failed("a mount namespace");
    if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return failed("private mounts");
    const auto size = "size=" + std::to_string(spec_.store_mib) + "m,mode=0755";
    if (::mount("tmpfs", path.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, size.c_str()) != 0)
        return failed("a tmpfs of " + size);
    return {};
}

Result<void> Stand::fill_disk() const {
    if (spec_.store_mib == 0) return fail(Errc::refused, "only a store with store_mib may be filled");
    const auto file = folder_ + "/store/filler";
    const int fd = ::open(file.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) return failed(file);
    const std::string block(4096, 'x');
    while (::write(fd, block.data(), block.size()) > 0) {
    }
    const bool full = errno == ENOSPC;
    ::close(fd);
    return full ? Result<void>() : failed(file);
}

void Stand::free_disk() const {
    std::error_code ignored;
    std::filesystem::remove(folder_ + "/store/filler", ignored);
}

long Stand::resident_kib() const {
    std::ifstream in("/proc/" + std::to_string(gateway_.pid()) + "/status");
    for (std::string line; std::getline(in, line);)
        if (line.rfind("VmRSS:", 0) == 0) return std::stol(line.substr(6));
    return 0;
}

}  // namespace hefang::hil
