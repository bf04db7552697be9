#pragma once
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "link/address.hpp"
#include "link/descriptor.hpp"
#include "link/stop.hpp"

#include <chrono>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::link {

/// What tells one content of a file from the next, as far as the file system says.
struct FileStamp {
    std::uint64_t device = 0, inode = 0;
    std::int64_t size = 0;
    std::int64_t modified_ns = 0, changed_ns = 0;
    friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

/// A file of a drop folder that is complete as far as the folder can tell: closed by its writer, moved in, or
/// unchanged for some looks. What is in it says nobody yet. It got its content between `not_before` and `at`.
struct Arrival {
    std::string name;  ///< clean UTF-8, no '/', never to be given to a shell
    FileStamp stamp;
    BootTime not_before;  ///< {0}: it may have been there before the folder was watched
    BootTime at;
};

/// A folder into which another program drops files. Watched by inotify, and looked through now and then as well:
/// inotify does not tell what another machine wrote over NFS or SMB, nor what came before it was there, and loses
/// events when there are too many. Names that begin with '.' or end in .tmp or .part are left alone. What is no plain
/// file of a sane name and size is refused, counted once, and never opened; links are not followed. For one thread.
/// Counters: refused-<not-utf8, control-character, name-too-long, no-plain-file, file-too-large, too-many-files>,
/// overflows, without-inotify.
class WatchedFolder {
  public:
    struct Limits {
        std::chrono::milliseconds look{500};     ///< between looks while a file waits to be called complete
        std::chrono::milliseconds rescan{2000};  ///< between looks otherwise
        int stable_looks = 2;                    ///< so many looks more have found it unchanged
        std::int64_t largest = 64LL << 20;       ///< bytes of a file
        std::size_t most_files = 4096;           ///< remembered at once; what is beyond waits for its event or for room
        std::size_t longest_name = 128;          ///< bytes
    };

    /// The folder must be there. `clock` and `counters` outlive the object. Fails with not_found or refused.
    [[nodiscard]] static Result<WatchedFolder> open(const FolderAddress& address, Limits limits, const Clock& clock,
                                                    Counters& counters);

    /// The next files, in the order in which they were completed; of a look, by time and name. Each content once: a
    /// file that stays is told again only when it was changed. Empty: nothing within `limit`. Fails with closed (stop
    /// requested) or unreachable (the folder is gone).
    [[nodiscard]] Result<std::vector<Arrival>> next(std::chrono::milliseconds limit, const Stop& stop);

    /// Its bytes. Fails with busy when the file is another by now (it will be told again), else unreachable.
    [[nodiscard]] Result<std::string> read(const Arrival& arrival) const;
    /// Takes the file out of the folder; what was put in its place meanwhile stays, to be told.
    [[nodiscard]] Result<void> remove(const Arrival& arrival);

  private:
    struct Known {
        FileStamp stamp;
        BootTime not_before, at;  ///< when it got this stamp
        int same = 0;             ///< looks that found it unchanged
        bool told = false;        ///< or refused
        bool seen = false;        ///< by the look that goes on now
    };

    WatchedFolder(std::string path, Limits limits, const Clock& clock, Counters& counters)
        : path_(std::move(path)), limits_(limits), clock_(&clock), counters_(&counters) {}
    [[nodiscard]] Result<void> drain(std::vector<Arrival>& out);
    [[nodiscard]] Result<void> take_events(std::string_view bytes, BootTime at, std::vector<Arrival>& out);
    void take_event(const std::string& name, BootTime at, std::vector<Arrival>& out);
    [[nodiscard]] Result<void> look(std::vector<Arrival>& out);
    void look_at(const std::string& name, BootTime at, std::vector<Arrival>& out);
    [[nodiscard]] bool still_there() const;
    /// The stamp of the entry; `why_not` when it is none that is ever opened.
    [[nodiscard]] bool inspect(const std::string& name, FileStamp& stamp, std::string_view& why_not) const;
    [[nodiscard]] std::chrono::milliseconds until_look(BootTime now) const;

    std::string path_;
    Limits limits_;
    const Clock* clock_;
    Counters* counters_;
    Descriptor folder_, events_;
    std::map<std::string, Known, std::less<>> known_;
    BootTime drained_;  ///< no event waited then
    BootTime looked_;   ///< begin of the last look; {0}: none yet
    bool look_now_ = true;
    bool growing_ = false;  ///< something waits to be called complete
};

/// True for names that a writer uses for what is not finished.
[[nodiscard]] bool is_left_alone(std::string_view name);

}  // namespace hefang::link
