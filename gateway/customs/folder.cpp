#include "customs/folder.hpp"

#include "customs/limits.hpp"
#include "customs/original.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <cstdio>
#include <memory>

#include <dirent.h>
#include <fcntl.h>

namespace hefang::customs {
namespace {

constexpr const char* draft_name = ".writing";
constexpr mode_t folder_mode = 0700;
constexpr mode_t file_mode = 0600;

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

Result<void> make_folders(const std::string& path) {
    for (std::size_t end = path.find('/', 1);; end = path.find('/', end + 1)) {
        const auto part = path.substr(0, end);
        if (::mkdir(part.c_str(), folder_mode) != 0 && errno != EEXIST) {
            return tl::unexpected(system_error("cannot make the folder", part));
        }
        if (end == std::string::npos) return {};
    }
}

}  // namespace

Result<Folder> Folder::open(const std::string& path) {
    if (auto made = make_folders(path); !made) return tl::unexpected(made.error());
    Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd.open()) return tl::unexpected(system_error("cannot open the folder", path));
    return Folder(std::move(fd), path);
}

Result<Folder> Folder::below(const std::string& name) const {
    const auto path = path_ + "/" + name;
    if (::mkdirat(fd_.get(), name.c_str(), folder_mode) != 0 && errno != EEXIST) {
        return tl::unexpected(system_error("cannot make the folder", path));
    }
    Fd fd(::openat(fd_.get(), name.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
    if (!fd.open()) return tl::unexpected(system_error("cannot open the folder", path));
    return Folder(std::move(fd), path);
}

Result<void> Folder::each_name(const std::function<void(const char*)>& take) const {
    const int fd = ::openat(fd_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return tl::unexpected(system_error("cannot list the folder", path_));
    const std::unique_ptr<DIR, CloseFolder> list(::fdopendir(fd));
    if (!list) {
        ::close(fd);
        return tl::unexpected(system_error("cannot list the folder", path_));
    }
    while (const dirent* entry = ::readdir(list.get())) {
        const std::string_view name = entry->d_name;
        if (name != "." && name != "..") take(entry->d_name);
    }
    return {};
}

Result<std::vector<std::string>> Folder::names() const {
    std::vector<std::string> all;
    auto listed = each_name([&](const char* name) { all.emplace_back(name); });
    if (!listed) return tl::unexpected(listed.error());
    return all;
}

Result<Folder::Text> Folder::read(const std::string& name, std::size_t limit) const {
    auto file = Original::open(fd_.get(), name);
    if (!file) return tl::unexpected(file.error());
    if (file->size() > static_cast<std::int64_t>(limit)) return fail(Errc::full, name + " is too long");
    struct stat s {};
    if (::fstat(file->fd(), &s) != 0) return tl::unexpected(system_error("cannot stat", name));
    Text text{"", wall_time_of(s.st_mtim)};
    auto whole = file->each_piece([&](std::string_view piece) {
        text.content += piece;
        return text.content.size() <= limit;
    });
    if (!whole) return tl::unexpected(whole.error());
    return text;
}

bool Folder::has(const std::string& name) const {
    struct stat s {};
    return ::fstatat(fd_.get(), name.c_str(), &s, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

bool Folder::holds(const std::string& name, std::string_view content) const {
    const auto file = Original::open(fd_.get(), name);
    if (!file || file->size() != static_cast<std::int64_t>(content.size())) return false;
    bool same = true;
    const auto read = file->each_piece([&](std::string_view piece) {
        same = content.starts_with(piece);
        if (same) content.remove_prefix(piece.size());
        return same;
    });
    return read.has_value() && same && content.empty();
}

Result<void> Folder::sync() const {
    if (::fsync(fd_.get()) != 0) return tl::unexpected(system_error("cannot sync the folder", path_));
    return {};
}

Result<void> Folder::remove(const std::string& name) const {
    if (::unlinkat(fd_.get(), name.c_str(), 0) != 0) return tl::unexpected(system_error("cannot remove", name));
    return sync();
}

void Draft::discard(const Folder& folder) { ::unlinkat(folder.fd(), draft_name, 0); }

Result<Draft> Draft::in(const Folder& folder) {
    discard(folder);
    Fd fd(::openat(folder.fd(), draft_name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, file_mode));
    if (!fd.open()) return tl::unexpected(system_error("cannot write into", folder.path()));
    return Draft(folder, std::move(fd));
}

Draft::Draft(Draft&& other) noexcept
    : folder_(std::exchange(other.folder_, nullptr)), fd_(std::move(other.fd_)), pending_(std::move(other.pending_)) {}

Draft::~Draft() {
    if (folder_ != nullptr) ::unlinkat(folder_->fd(), draft_name, 0);
}

Result<void> Draft::write(std::string_view bytes) {
    pending_ += bytes;
    return pending_.size() < limits::read_bytes ? Result<void>{} : flush();
}

Result<void> Draft::flush() {
    std::string_view rest = pending_;
    while (!rest.empty()) {
        const auto n = ::write(fd_.get(), rest.data(), rest.size());
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return tl::unexpected(system_error("cannot write into", folder_->path()));
        rest.remove_prefix(static_cast<std::size_t>(n));
    }
    pending_.clear();
    return {};
}

bool Draft::same_as(const std::string& name) {
    if (!flush()) return false;
    const auto file = Original::open(folder_->fd(), name);
    struct stat s {};
    if (!file || ::fstat(fd_.get(), &s) != 0 || s.st_size != file->size()) return false;
    bool same = true;
    std::string mine;
    off_t at = 0;
    const auto read = file->each_piece([&](std::string_view piece) {
        mine.resize(piece.size());
        const auto n = ::pread(fd_.get(), mine.data(), mine.size(), at);
        same = n == static_cast<ssize_t>(piece.size()) && mine == piece;
        at += n;
        return same;
    });
    return read.has_value() && same;
}

Result<void> Draft::keep_as(const std::string& name) {
    if (auto written = flush(); !written) return written;
    if (::fsync(fd_.get()) != 0) return tl::unexpected(system_error("cannot sync a file in", folder_->path()));
    if (::renameat(folder_->fd(), draft_name, folder_->fd(), name.c_str()) != 0) {
        return tl::unexpected(system_error("cannot rename to", name));
    }
    return std::exchange(folder_, nullptr)->sync();
}

WallTime wall_time_of(const timespec& t) { return {t.tv_sec * 1'000 + t.tv_nsec / 1'000'000}; }

Result<void> keep_text(const Folder& folder, const std::string& name, std::string_view content) {
    if (folder.holds(name, content)) return {};
    auto draft = Draft::in(folder);
    if (!draft) return tl::unexpected(draft.error());
    if (auto written = draft->write(content); !written) return written;
    return draft->keep_as(name);
}

}  // namespace hefang::customs
