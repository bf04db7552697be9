#include "store/images.hpp"

#include "base/text.hpp"
#include "digest/sha256.hpp"
#include "store/files.hpp"

#include <sys/stat.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

namespace hefang::store {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view draft_mark = ".writing-";
constexpr std::size_t hex_digits = 64;

tl::unexpected<Error> failed(const std::string& doing, const std::string& what) {
    const auto code = errno == ENOSPC || errno == EDQUOT ? Errc::full : Errc::unreachable;
    return fail(code, "cannot " + doing + " " + what + ": " + std::strerror(errno));
}

/// A descriptor that closes itself.
struct File {
    int fd;
    explicit File(int opened) : fd(opened) {}
    File(const File&) = delete;
    File& operator=(const File&) = delete;
    ~File() {
        if (fd >= 0) ::close(fd);
    }
};

Result<void> sync_folder(const std::string& path) {
    const File folder(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (folder.fd < 0 || ::fsync(folder.fd) != 0) return failed("sync", path);
    return {};
}

Result<void> write_draft(const std::string& path, std::string_view bytes) {
    const File file(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0640));
    if (file.fd < 0) return failed("write", path);
    while (!bytes.empty()) {
        const auto n = ::write(file.fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed("write", path);
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    if (::fsync(file.fd) != 0) return failed("sync", path);
    return {};
}

bool is_there(const std::string& path, std::size_t size) {
    struct stat s {};
    return ::lstat(path.c_str(), &s) == 0 && S_ISREG(s.st_mode) && static_cast<std::size_t>(s.st_size) == size;
}

Result<std::string> hash_of(const std::string& path) {
    const File file(::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_CLOEXEC));
    if (file.fd < 0) return failed("read", path);
    Sha256 hash;
    std::array<char, 65'536> buffer{};
    for (;;) {
        const auto n = ::read(file.fd, buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed("read", path);
        if (n == 0) return hex(hash.finish());
        hash.update({buffer.data(), static_cast<std::size_t>(n)});
    }
}

}  // namespace

Result<Images> Images::open(const std::string& folder, std::int64_t least_free) {
    const auto images = folder + "/images";
    if (auto made = make_folder(images); !made) return tl::unexpected(made.error());
    if (auto synced = sync_folder(folder); !synced) return tl::unexpected(synced.error());
    std::error_code error;
    for (const auto& entry : fs::directory_iterator(images, error))  // what a crash left half written
        if (entry.path().filename().string().starts_with(draft_mark)) ::unlink(entry.path().c_str());
    if (error) return fail(Errc::unreachable, "cannot list " + images + ": " + error.message());
    return Images(images, least_free);
}

std::string Images::path_of(std::string_view sha256) const {
    return folder_ + "/" + std::string(sha256.substr(0, 2)) + "/" + std::string(sha256);
}

Result<std::string> Images::keep(std::string_view bytes) {
    auto sha256 = hex(hefang::sha256(bytes));
    const auto path = path_of(sha256);
    const auto below = fs::path(path).parent_path().string();
    if (!is_there(path, bytes.size())) {
        const auto free = free_bytes(folder_);
        if (!free) return tl::unexpected(free.error());
        if (*free - static_cast<std::int64_t>(bytes.size()) < least_free_)
            return fail(Errc::full, "less than " + std::to_string(least_free_ >> 20) +
                                        " MiB would be free on the store's file system: images wait");
        if (::mkdir(below.c_str(), 0750) == 0) {
            if (auto synced = sync_folder(folder_); !synced) return tl::unexpected(synced.error());
        } else if (errno != EEXIST) {
            return failed("make", below);
        }
        const auto draft = folder_ + "/" + std::string(draft_mark) + std::to_string(++drafts_);
        ::unlink(draft.c_str());
        if (auto written = write_draft(draft, bytes); !written) {
            ::unlink(draft.c_str());
            return tl::unexpected(written.error());
        }
        if (::rename(draft.c_str(), path.c_str()) != 0) {
            auto error = failed("rename to", path);
            ::unlink(draft.c_str());
            return error;
        }
    }
    if (auto synced = sync_folder(below); !synced) return tl::unexpected(synced.error());
    return sha256;
}

Result<ImageCheck> check_images(const std::string& folder) {
    ImageCheck out;
    std::error_code error;
    const auto images = fs::path(folder) / "images";
    if (!fs::exists(images, error)) return out;
    for (auto at = fs::recursive_directory_iterator(images, error); !error && at != fs::end(at); at.increment(error)) {
        const auto name = at->path().filename().string();
        if (at->is_directory(error) || name.starts_with(draft_mark)) continue;
        ++out.files;
        const auto hash = hash_of(at->path().string());
        if (hash && name.size() == hex_digits && *hash == name) continue;
        if (++out.faults == 1)
            out.first_fault =
                printable(at->path().string()) + (hash ? " has the hash " + *hash : ": " + hash.error().detail);
    }
    if (error) return fail(Errc::unreachable, "cannot list " + images.string() + ": " + error.message());
    return out;
}

}  // namespace hefang::store
