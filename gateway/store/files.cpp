#include "store/files.hpp"

#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace hefang::store {
namespace {

tl::unexpected<Error> failed(const std::string& doing, int error) {
    const auto code = error == ENOSPC || error == EDQUOT ? Errc::full : Errc::unreachable;
    return fail(code, doing + ": " + std::strerror(error));
}

}  // namespace

Result<StoreLock> StoreLock::take(const std::string& folder) {
    const std::string file = folder + "/lock";
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) return failed("cannot open " + file, errno);
    StoreLock lock(fd);
    if (::flock(fd, LOCK_EX | LOCK_NB) != 0) {
        if (errno == EWOULDBLOCK) return fail(Errc::busy, file + " is held: another gateway works on this store");
        return failed("cannot lock " + file, errno);
    }
    return lock;
}

StoreLock::~StoreLock() {
    if (fd_ >= 0) ::close(fd_);
}
StoreLock::StoreLock(StoreLock&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
StoreLock& StoreLock::operator=(StoreLock&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
}

Result<void> Reserve::create() const {
    if (whole()) return {};
    const int fd = ::open(file_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    if (fd < 0) return failed("cannot open " + file_, errno);
    const int error = ::posix_fallocate(fd, 0, bytes_);
    const bool synced = error == 0 && ::fsync(fd) == 0;
    const int sync_error = errno;
    ::close(fd);
    if (error != 0) {
        ::unlink(file_.c_str());  // a part of a reserve is none, and takes the space that is left
        return failed("cannot reserve " + std::to_string(bytes_) + " bytes in " + file_, error);
    }
    if (!synced) return failed("cannot sync " + file_, sync_error);
    return {};
}

Result<void> Reserve::release() const {
    if (::unlink(file_.c_str()) != 0 && errno != ENOENT) return failed("cannot remove " + file_, errno);
    return {};
}

bool Reserve::whole() const {
    struct stat info {};
    return ::stat(file_.c_str(), &info) == 0 && info.st_size == bytes_;
}

Result<std::int64_t> free_bytes(const std::string& folder) {
    struct statvfs info {};
    if (::statvfs(folder.c_str(), &info) != 0) return failed("cannot ask for the free space of " + folder, errno);
    return static_cast<std::int64_t>(info.f_bavail) * static_cast<std::int64_t>(info.f_frsize);
}

Result<std::int64_t> size_bytes(const std::string& folder) {
    std::int64_t size = 0;
    for (const char* name : {"/hefang.db", "/hefang.db-wal"}) {
        struct stat info {};
        if (::stat((folder + name).c_str(), &info) == 0) {
            size += info.st_size;
        } else if (errno != ENOENT) {
            return failed("cannot ask for the size of " + folder + name, errno);
        }
    }
    return size;
}

Result<void> make_folder(const std::string& folder) {
    std::error_code error;
    const bool made = std::filesystem::create_directories(folder, error);
    if (error) return fail(Errc::unreachable, "cannot make " + folder + ": " + error.message());
    if (made) ::chmod(folder.c_str(), 0750);
    return {};
}

}  // namespace hefang::store
