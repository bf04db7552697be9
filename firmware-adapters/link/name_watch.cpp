#include "link/name_watch.hpp"

#include <sys/inotify.h>

#include <algorithm>
#include <array>
#include <cstring>

#include <poll.h>
#include <unistd.h>

namespace hefang::link {
namespace {

namespace fs = std::filesystem;
using Steady = std::chrono::steady_clock;

constexpr std::uint32_t news = IN_CREATE | IN_MOVED_TO | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR;

bool is_there(const fs::path& path) {
    std::error_code failed;
    return fs::exists(path, failed);
}

}  // namespace

bool has_name(const LinkAddress& address) {
    const auto* serial = std::get_if<SerialAddress>(&address);
    return serial != nullptr && is_there(serial->path);
}

NameWatch::NameWatch(const LinkAddress& address) {
    const auto* serial = std::get_if<SerialAddress>(&address);
    if (serial == nullptr) return;
    name_ = serial->path;
    notices_ = Descriptor(::inotify_init1(IN_NONBLOCK | IN_CLOEXEC));  // none left: the back-off alone must do
    watch();
}

void NameWatch::watch() {
    if (!notices_.valid()) return;
    if (watched_ >= 0) ::inotify_rm_watch(notices_.get(), watched_);
    // Once more where the next step came while the folder above it was being found.
    for (int tries = 0; tries < 2; ++tries) {
        auto folder = name_.parent_path();
        entry_ = name_.filename();
        for (;; folder = folder.parent_path()) {
            watched_ = ::inotify_add_watch(notices_.get(), folder.empty() ? "." : folder.c_str(), news);
            if (watched_ >= 0 || folder == folder.parent_path()) break;
            entry_ = folder.filename();
        }
        if (entry_ == name_.filename() || !is_there(folder / entry_)) return;
    }
}

bool NameWatch::told() {
    alignas(inotify_event) std::array<char, 4096> buffer{};
    bool meant = false, moved = false;
    for (;;) {
        const auto n = ::read(notices_.get(), buffer.data(), buffer.size());
        if (n <= 0) break;
        for (std::size_t at = 0; at < static_cast<std::size_t>(n);) {
            inotify_event event{};
            std::memcpy(&event, buffer.data() + at, sizeof event);
            const char* said = event.len > 0 ? buffer.data() + at + sizeof event : "";
            at += sizeof event + event.len;
            if (event.wd != watched_) continue;  // of a folder that is watched no more
            const bool step = entry_ == said;
            meant = meant || (step && entry_ == name_.filename());
            moved = moved || step || (event.mask & (IN_DELETE_SELF | IN_MOVE_SELF)) != 0;
        }
    }
    if (!moved) return false;
    if (!meant) watch();  // a folder nearer to the name may be there by now, with the name in it; or ours is gone
    return is_there(name_);
}

NameWatch::Woken NameWatch::wait_for(std::chrono::milliseconds limit, const Stop& stop) {
    const auto until = Steady::now() + limit;
    for (;;) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Steady::now()).count();
        std::array<pollfd, 2> both{{{stop.fd(), POLLIN, 0}, {notices_.get(), POLLIN, 0}}};
        const int n = ::poll(both.data(), both.size(), static_cast<int>(std::clamp<std::int64_t>(left, 0, 3'600'000)));
        if (stop.requested()) return Woken::stopped;
        if (n > 0 && both[1].revents != 0 && told()) return Woken::arrived;
        if (left <= 0) return Woken::nothing;
    }
}

}  // namespace hefang::link
