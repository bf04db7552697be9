#include "customs/original.hpp"

#include "base/text.hpp"
#include "customs/limits.hpp"
#include "digest/sha256.hpp"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <memory>
#include <system_error>

#include <fcntl.h>

namespace hefang::customs {
namespace {

Stamp stamp_from(const struct stat& s) {
    return {s.st_ino, s.st_size, s.st_mtim.tv_sec * 1'000'000'000 + s.st_mtim.tv_nsec};
}

}  // namespace

Error system_error(std::string_view what, std::string_view name) {
    const int fault = errno;
    auto code = Errc::unreachable;
    if (fault == ENOENT) code = Errc::not_found;
    if (fault == ENOSPC || fault == EDQUOT) code = Errc::full;
    return {code, std::string(what) + " " + printable(name) + ": " + std::generic_category().message(fault)};
}

Result<Original> Original::open(const std::string& path) { return open(AT_FDCWD, path); }

Result<Original> Original::open(int at, const std::string& name) {
    // Non-blocking, so that a named pipe put in the file's place cannot stop the thread.
    Fd fd(::openat(at, name.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!fd.open()) return tl::unexpected(system_error("cannot open", name));
    struct stat s {};
    if (::fstat(fd.get(), &s) != 0) return tl::unexpected(system_error("cannot stat", name));
    if (!S_ISREG(s.st_mode)) return fail(Errc::unreachable, printable(name) + " is no regular file");
    return Original(std::move(fd), stamp_from(s));
}

bool Original::unchanged() const {
    struct stat s {};
    return ::fstat(fd_.get(), &s) == 0 && stamp_from(s) == stamp_;
}

std::optional<Stamp> stamp_of(int at, const std::string& name) {
    struct stat s {};
    if (::fstatat(at, name.c_str(), &s, AT_SYMLINK_NOFOLLOW) != 0) return std::nullopt;
    return stamp_from(s);
}

Result<void> Original::each_piece(const std::function<bool(std::string_view)>& take) const {
    return each_piece_of(0, std::numeric_limits<std::int64_t>::max(), take);
}

Result<void> Original::each_piece_of(std::int64_t begin, std::int64_t end,
                                     const std::function<bool(std::string_view)>& take) const {
    const auto buffer = std::make_unique<char[]>(limits::read_bytes);
    while (begin < end) {
        const auto want = std::min(static_cast<std::uint64_t>(end - begin), std::uint64_t{limits::read_bytes});
        const auto n = ::pread(fd_.get(), buffer.get(), want, begin);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return tl::unexpected(system_error("cannot read", "the file"));
        if (n == 0 || !take({buffer.get(), static_cast<std::size_t>(n)})) return {};
        begin += n;
    }
    return {};
}

Result<Identity> Original::identity() const {
    Sha256 hash;
    auto whole = each_piece_of(0, limits::file_bytes, [&](std::string_view piece) {
        hash.update(piece);
        return true;
    });
    if (!whole) return tl::unexpected(whole.error());
    return Identity{hex(hash.finish()), stamp_};
}

}  // namespace hefang::customs
