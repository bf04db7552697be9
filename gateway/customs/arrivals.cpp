#include "customs/arrivals.hpp"

#include "base/text.hpp"
#include "customs/limits.hpp"

#include <sys/inotify.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstring>

#include <fcntl.h>
#include <poll.h>

namespace hefang::customs {

bool is_left_alone(std::string_view name) {
    return name.starts_with('.') || name.ends_with(".tmp") || name.ends_with(".part") || name == "done" ||
           name == "refused";
}

bool is_fit_name(const std::string& name) { return name.size() <= limits::name_bytes && is_clean_utf8(name); }

Arrivals::Arrivals(const Folder& folder, const Clock& clock, Counters& counters)
    : folder_(folder), clock_(clock), counters_(counters), inotify_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)) {
    const auto self = "/proc/self/fd/" + std::to_string(folder_.fd());
    if (!inotify_.open() || ::inotify_add_watch(inotify_.get(), self.c_str(), IN_CLOSE_WRITE | IN_MOVED_TO) < 0) {
        counters_.add("inotify-missing");
        inotify_ = Fd();
    }
}

void Arrivals::hear() {
    alignas(inotify_event) std::array<char, 16'384> buffer;
    while (inotify_.open()) {
        const auto n = ::read(inotify_.get(), buffer.data(), buffer.size());
        if (n <= 0) return;
        for (std::size_t at = 0; at < static_cast<std::size_t>(n);) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            const char* name = buffer.data() + at + sizeof event;
            // Beyond the bound, and when the kernel's queue overflows, the quiet time decides.
            if (event.len > 0 && closed_.size() < limits::scan_names) closed_.emplace(name);
            at += sizeof event + event.len;
        }
    }
}

Result<std::vector<std::string>> Arrivals::lowest_names() const {
    std::vector<std::string> names;
    const auto cut = [&] {
        if (names.size() <= limits::scan_names) return;
        std::nth_element(names.begin(), names.begin() + limits::scan_names, names.end());
        names.resize(limits::scan_names);
    };
    auto listed = folder_.each_name([&](const char* name) {
        if (is_left_alone(name)) return;
        names.emplace_back(name);
        if (names.size() >= 2 * limits::scan_names) cut();
    });
    if (!listed) return tl::unexpected(listed.error());
    cut();
    std::sort(names.begin(), names.end());
    return names;
}

bool Arrivals::finished(const std::string& name, Seen now) {
    if (const auto before = seen_.find(name); before != seen_.end() && before->second.same_file(now)) {
        now.since = before->second.since;
        now.closed = before->second.closed;
    }
    if (closed_.contains(name)) now.closed = true;
    seen_[name] = now;
    // An empty file that was closed may only mark a place: it waits like one still being written.
    return (now.closed && now.bytes > 0) || clock_.now().boot - now.since >= limits::quiet_ms;
}

Result<Arrivals::Ready> Arrivals::ready() {
    hear();
    auto names = lowest_names();
    if (!names) return tl::unexpected(names.error());
    std::erase_if(seen_, [&](const auto& s) { return !std::binary_search(names->begin(), names->end(), s.first); });
    Ready found;
    std::set<std::string> ignored;
    const auto now = clock_.now().boot;
    for (auto& name : *names) {
        struct stat s {};
        if (::fstatat(folder_.fd(), name.c_str(), &s, AT_SYMLINK_NOFOLLOW) != 0) continue;  // gone meanwhile
        if (!S_ISREG(s.st_mode)) {
            if (!ignored_.contains(name)) counters_.add("entries-ignored");
            ignored.insert(std::move(name));
            continue;
        }
        if (!finished(name, {s.st_ino, s.st_size, s.st_mtim.tv_sec * 1'000'000'000 + s.st_mtim.tv_nsec, now, false}))
            continue;
        (is_fit_name(name) ? found.names : found.hostile).push_back(std::move(name));
    }
    ignored_ = std::move(ignored);
    closed_.clear();
    return found;
}

Arrivals::Woke Arrivals::wait(int stop_fd, int limit_ms) const {
    std::array<pollfd, 2> fds{{{stop_fd, POLLIN, 0}, {inotify_.get(), POLLIN, 0}}};  // a negative one is passed over
    if (::poll(fds.data(), fds.size(), limit_ms) <= 0) return Woke::timeout;
    return fds[0].revents != 0 ? Woke::stopped : Woke::changed;
}

}  // namespace hefang::customs
