#pragma once
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "customs/fd.hpp"
#include "customs/folder.hpp"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::customs {

/// Which files of a folder their writers have finished: closed after writing or renamed in (as inotify says), or
/// unchanged in size and time for limits::quiet_ms. Without inotify the second rule alone holds. One thread.
class Arrivals {
  public:
    struct Ready {
        std::vector<std::string> names;    ///< in order of name, at most limits::scan_names with the hostile ones
        std::vector<std::string> hostile;  ///< finished, with a name that may not be shown or stored
    };
    enum class Woke : std::uint8_t { changed, stopped, timeout };

    /// The folder, clock and counters live longer than this. Entries that are no files are counted as
    /// "entries-ignored" when first seen.
    Arrivals(const Folder& folder, const Clock& clock, Counters& counters);

    [[nodiscard]] Result<Ready> ready();
    /// Waits until something in the folder changed, `stop_fd` is readable, or `limit_ms` passed.
    [[nodiscard]] Woke wait(int stop_fd, int limit_ms) const;

  private:
    struct Seen {
        std::uint64_t inode = 0;
        std::int64_t bytes = 0, changed_ns = 0;
        BootTime since;
        bool closed = false;
        [[nodiscard]] bool same_file(const Seen& o) const {
            return inode == o.inode && bytes == o.bytes && changed_ns == o.changed_ns;
        }
    };

    void hear();
    [[nodiscard]] Result<std::vector<std::string>> lowest_names() const;
    [[nodiscard]] bool finished(const std::string& name, Seen now);

    const Folder& folder_;
    const Clock& clock_;
    Counters& counters_;
    Fd inotify_;
    std::set<std::string> closed_;  ///< heard of since the last scan
    std::map<std::string, Seen> seen_;
    std::set<std::string> ignored_;
};

/// False for names with control characters or invalid UTF-8, and for those longer than limits::name_bytes.
[[nodiscard]] bool is_fit_name(const std::string& name);
/// True for names that are never taken: of files that a transfer client is still writing, and of what is ours.
[[nodiscard]] bool is_left_alone(std::string_view name);

}  // namespace hefang::customs
