#include "link/watched_folder.hpp"

#include "base/text.hpp"
#include "link/fd_link.hpp"

#include <sys/inotify.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <memory>
#include <tuple>
#include <utility>

#include <dirent.h>
#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace hefang::link {
namespace {

constexpr std::uint32_t finished = IN_CLOSE_WRITE | IN_MOVED_TO;
constexpr std::uint32_t gone = IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED;
constexpr std::size_t events_bytes = 16'384;  // of one read

struct CloseFolder {
    void operator()(DIR* folder) const { ::closedir(folder); }
};

bool ends_in(std::string_view name, std::string_view end) {
    if (name.size() < end.size()) return false;
    const auto tail = name.substr(name.size() - end.size());
    return std::equal(tail.begin(), tail.end(), end.begin(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? static_cast<char>(a + 32) : a) == b; });
}

std::int64_t nanoseconds(const timespec& t) { return t.tv_sec * 1'000'000'000LL + t.tv_nsec; }

FileStamp stamp_of(const struct stat& s) {
    return {s.st_dev, s.st_ino, s.st_size, nanoseconds(s.st_mtim), nanoseconds(s.st_ctim)};
}

/// Why a name is refused; empty: it is not.
std::string_view fault_of(std::string_view name, std::size_t longest) {
    if (name.size() > longest) return "name-too-long";
    if (is_clean_utf8(name)) return {};
    const auto control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
    return std::any_of(name.begin(), name.end(), control) ? "control-character" : "not-utf8";
}

}  // namespace

bool is_left_alone(std::string_view name) {
    return name.empty() || name.front() == '.' || ends_in(name, ".tmp") || ends_in(name, ".part");
}

Result<WatchedFolder> WatchedFolder::open(const FolderAddress& address, Limits limits, const Clock& clock,
                                          Counters& counters) {
    WatchedFolder made(address.path, limits, clock, counters);
    made.folder_ = Descriptor(::open(address.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!made.folder_.valid()) {
        const auto code = errno == ENOENT ? Errc::not_found : Errc::refused;
        return fail(code, address.path + ": " + system_text(errno));
    }
    made.events_ = Descriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));
    const bool watched =
        made.events_.valid() && ::inotify_add_watch(made.events_.get(), address.path.c_str(),
                                                    finished | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR) >= 0;
    if (!watched) {  // the system's watches are used up: looks are slower and find the same
        made.events_.reset();
        counters.add("without-inotify");
    }
    made.drained_ = clock.now().boot;
    return made;
}

Result<std::vector<Arrival>> WatchedFolder::next(std::chrono::milliseconds limit, const Stop& stop) {
    std::vector<Arrival> out;
    const auto until = clock_->now().boot + limit.count();
    for (;;) {
        if (auto drained = drain(out); !drained) return tl::unexpected(drained.error());
        if (look_now_ || until_look(clock_->now().boot).count() <= 0) {
            if (auto looked = look(out); !looked) return tl::unexpected(looked.error());
        }
        const auto now = clock_->now().boot;
        if (!out.empty() || now >= until) return out;
        const auto wait = std::min<std::int64_t>(until - now, std::max<std::int64_t>(1, until_look(now).count()));
        std::array<pollfd, 2> fds{pollfd{stop.fd(), POLLIN, 0}, pollfd{events_.get(), POLLIN, 0}};
        const int ready = ::poll(fds.data(), fds.size(), static_cast<int>(wait));
        if (stop.requested()) return fail(Errc::closed, "stop requested");
        if (ready < 0 && errno != EINTR) return fail(Errc::unreachable, path_ + ": " + system_text(errno));
    }
}

std::chrono::milliseconds WatchedFolder::until_look(BootTime now) const {
    const auto pace = growing_ ? limits_.look : limits_.rescan;
    return std::chrono::milliseconds((looked_ + pace.count()) - now);
}

/// Reads until no event waits: then nothing is hidden in the queue, and what comes later came later.
Result<void> WatchedFolder::drain(std::vector<Arrival>& out) {
    if (!events_.valid()) return {};
    alignas(inotify_event) std::array<char, events_bytes> buffer{};
    for (;;) {
        const auto before = clock_->now().boot;
        const auto n = ::read(events_.get(), buffer.data(), buffer.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) {
            drained_ = before;
            return {};
        }
        const std::string_view bytes(buffer.data(), static_cast<std::size_t>(n));
        if (auto taken = take_events(bytes, clock_->now().boot, out); !taken) return taken;
    }
}

Result<void> WatchedFolder::take_events(std::string_view bytes, BootTime at, std::vector<Arrival>& out) {
    while (bytes.size() >= sizeof(inotify_event)) {
        inotify_event event{};
        std::memcpy(&event, bytes.data(), sizeof(event));
        const auto name = bytes.substr(sizeof(event), event.len);
        bytes.remove_prefix(sizeof(event) + event.len);
        if ((event.mask & gone) != 0) return fail(Errc::unreachable, path_ + ": the folder was taken away");
        if ((event.mask & IN_Q_OVERFLOW) != 0) {
            counters_->add("overflows");
            look_now_ = true;
        }
        if ((event.mask & finished) != 0 && (event.mask & IN_ISDIR) == 0)
            take_event(std::string(name.substr(0, name.find('\0'))), at, out);
    }
    return {};
}

void WatchedFolder::take_event(const std::string& name, BootTime at, std::vector<Arrival>& out) {
    if (is_left_alone(name)) return;
    FileStamp stamp;
    std::string_view why_not;
    if (!inspect(name, stamp, why_not)) return;  // gone again
    const auto known = known_.find(name);
    const bool room = known != known_.end() || known_.size() < limits_.most_files;
    if (known != known_.end() && known->second.told && known->second.stamp == stamp) return;
    if (room) known_[name] = Known{stamp, drained_, at, 0, true, true};
    if (!why_not.empty()) return counters_->add("refused-" + std::string(why_not));
    out.push_back({name, stamp, drained_, at});
}

bool WatchedFolder::inspect(const std::string& name, FileStamp& stamp, std::string_view& why_not) const {
    struct stat s {};
    if (::fstatat(folder_.get(), name.c_str(), &s, AT_SYMLINK_NOFOLLOW) != 0) return false;
    stamp = stamp_of(s);
    why_not = fault_of(name, limits_.longest_name);
    if (!why_not.empty()) return true;
    if (!S_ISREG(s.st_mode))
        why_not = "no-plain-file";
    else if (s.st_size > limits_.largest)
        why_not = "file-too-large";
    return true;
}

bool WatchedFolder::still_there() const {
    struct stat mine {};
    struct stat named {};
    return ::fstat(folder_.get(), &mine) == 0 && ::stat(path_.c_str(), &named) == 0 && mine.st_ino == named.st_ino &&
           mine.st_dev == named.st_dev;
}

Result<void> WatchedFolder::look(std::vector<Arrival>& out) {
    if (!still_there()) return fail(Errc::unreachable, path_ + ": the folder was taken away");
    const int fd = ::openat(folder_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) return fail(Errc::unreachable, path_ + ": " + system_text(errno));
    const std::unique_ptr<DIR, CloseFolder> list(::fdopendir(fd));
    if (!list) {
        const int error = errno;
        ::close(fd);
        return fail(Errc::unreachable, path_ + ": " + system_text(error));
    }
    const auto now = clock_->now().boot;
    growing_ = look_now_ = false;
    for (auto& [name, file] : known_) file.seen = false;
    std::vector<Arrival> found;
    while (const dirent* entry = ::readdir(list.get()))
        if (!is_left_alone(entry->d_name)) look_at(entry->d_name, now, found);
    std::erase_if(known_, [](const auto& file) { return !file.second.seen; });
    looked_ = now;
    std::sort(found.begin(), found.end(), [](const Arrival& a, const Arrival& b) {
        return std::tie(a.at, a.stamp.modified_ns, a.name) < std::tie(b.at, b.stamp.modified_ns, b.name);
    });
    std::move(found.begin(), found.end(), std::back_inserter(out));
    return {};
}

void WatchedFolder::look_at(const std::string& name, BootTime now, std::vector<Arrival>& out) {
    FileStamp stamp;
    std::string_view why_not;
    if (!inspect(name, stamp, why_not)) return;
    auto at = known_.find(name);
    if (at == known_.end()) {
        if (known_.size() >= limits_.most_files) return counters_->add("refused-too-many-files");
        at = known_.emplace(name, Known{stamp, looked_, now}).first;
    } else if (at->second.stamp != stamp) {
        at->second = Known{stamp, looked_, now};
    } else if (!at->second.told) {
        ++at->second.same;
    }
    auto& file = at->second;
    file.seen = true;
    if (file.told) return;
    if (!why_not.empty()) {
        file.told = true;
        return counters_->add("refused-" + std::string(why_not));
    }
    if (file.same < limits_.stable_looks) {
        growing_ = true;
        return;
    }
    file.told = true;
    out.push_back({name, file.stamp, file.not_before, file.at});
}

Result<std::string> WatchedFolder::read(const Arrival& arrival) const {
    const Descriptor file(
        ::openat(folder_.get(), arrival.name.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    struct stat s {};
    if (!file.valid() || ::fstat(file.get(), &s) != 0 || !S_ISREG(s.st_mode) || stamp_of(s) != arrival.stamp)
        return fail(Errc::busy, printable(arrival.name) + " is another file by now");
    std::string bytes(static_cast<std::size_t>(arrival.stamp.size), '\0');
    std::size_t have = 0;
    while (have < bytes.size()) {
        const auto n = ::read(file.get(), bytes.data() + have, bytes.size() - have);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return fail(Errc::unreachable, printable(arrival.name) + ": " + system_text(errno));
        if (n == 0) return fail(Errc::busy, printable(arrival.name) + " became shorter");
        have += static_cast<std::size_t>(n);
    }
    if (::fstat(file.get(), &s) != 0 || stamp_of(s) != arrival.stamp)
        return fail(Errc::busy, printable(arrival.name) + " was changed while it was read");
    return bytes;
}

Result<void> WatchedFolder::remove(const Arrival& arrival) {
    struct stat s {};
    if (::fstatat(folder_.get(), arrival.name.c_str(), &s, AT_SYMLINK_NOFOLLOW) != 0) return {};
    if (stamp_of(s) != arrival.stamp) return {};
    if (::unlinkat(folder_.get(), arrival.name.c_str(), 0) != 0 && errno != ENOENT)
        return fail(Errc::unreachable, printable(arrival.name) + ": " + system_text(errno));
    known_.erase(arrival.name);
    return {};
}

}  // namespace hefang::link
