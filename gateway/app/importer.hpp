#pragma once
#include "app/inputs.hpp"
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "customs/inbox.hpp"
#include "link/stop.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace hefang::app {

/// The inbox's own thread: waits for files, judges each whole, hands it to the core in order of name, and files it away
/// once the core has committed it. While the core takes one file the next is judged; never more than these two.
/// After a crash in between a file is read again, harmlessly. A file that was committed
/// and cannot be filed away is not handed over again while this object lives; only the filing is tried again.
class Importer {
  public:
    Importer(std::unique_ptr<customs::Inbox> inbox, CoreMailbox& mailbox, const Clock& clock);
    ~Importer();
    void start();
    /// Ends when the file under way has been read, within seconds; it stays in the inbox.
    void stop();

    /// Any thread.
    [[nodiscard]] std::int64_t waiting() const { return waiting_.load(); }
    /// files-taken, files-put-off, files-unreadable-now, files-not-filed, inbox-unreadable, not-expired
    [[nodiscard]] const Counters& counters() const { return counters_; }
    [[nodiscard]] const Counters& inbox_counters() const { return inbox_->counters(); }

    /// One look at the inbox, as the thread has it: everything that is due. For whoever did not call start().
    void look();

    /// How long a file waits for its next attempt: doubled each time up to `most_ms`.
    struct Wait {
        std::int64_t first_ms, most_ms;
    };

  private:
    /// A file that stays in the inbox for now.
    struct Later {
        BootTime found;         ///< at the first attempt
        customs::Stamp stamp;   ///< another file of the name is looked at without delay
        std::string committed;  ///< SHA-256 of what the core has committed; only the filing is missing
        std::int64_t wait_ms = 0;
        BootTime due;
    };

    /// What the core is taking now.
    struct UnderWay {
        std::shared_ptr<PendingImport> file;
        customs::Identity identity;
    };

    void run();
    void take_ready();
    void take_file(const std::string& name, BootTime found);
    [[nodiscard]] bool is_due(const std::string& name) const;
    void put_off(const std::string& name, BootTime found, const customs::Stamp& stamp, const Wait& wait,
                 std::string committed);
    void hand_over(std::shared_ptr<PendingImport> file, const customs::Identity& identity);
    void settle();
    void file_away(const PendingImport& file, const customs::Identity& identity);
    void expire_daily();
    void watch_sign_of_life();

    std::unique_ptr<customs::Inbox> inbox_;
    CoreMailbox::Inlet& inlet_;
    const Clock& clock_;
    Counters counters_;
    link::Stop stop_;
    std::optional<WallTime> alive_;
    std::optional<BootTime> untold_;      ///< a touch of the sign of life that the mailbox had no room for
    std::map<std::string, Later> later_;  ///< by name, of files in the inbox only
    std::optional<UnderWay> under_way_;
    std::optional<BootTime> expired_at_;
    std::atomic<std::int64_t> waiting_{0};
    std::thread thread_;
};

}  // namespace hefang::app
