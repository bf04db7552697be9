#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include "app/inputs.hpp"
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "customs/inbox.hpp"
#include "link/stop.hpp"

namespace hefang::app {

/// The inbox's own thread: waits for files, judges each whole, hands it to the core in order of name, and files it away
/// once the core has committed it. After a crash in between a file is read again, harmlessly.
class Importer {
  public:
    Importer(std::unique_ptr<customs::Inbox> inbox, CoreMailbox& mailbox, const Clock& clock);
    ~Importer();
    void start();
    /// Ends within a second; a file under way stays in the inbox.
    void stop();

    /// Any thread.
    [[nodiscard]] std::int64_t waiting() const { return waiting_.load(); }
    [[nodiscard]] const Counters& counters() const { return counters_; }  ///< files-taken, files-put-off, files-unreadable-now, files-not-filed
    [[nodiscard]] const Counters& inbox_counters() const { return inbox_->counters(); }

  private:
    void run();
    void take_ready();
    void take_file(const std::string& name);
    [[nodiscard]] std::shared_ptr<PendingImport> judge(const std::string& name);
    void expire_daily();
    void watch_sign_of_life();
    [[nodiscard]] bool hand_over(const std::shared_ptr<PendingImport>& file);

    std::unique_ptr<customs::Inbox> inbox_;
    CoreMailbox::Inlet& inlet_;
    const Clock& clock_;
    Counters counters_;
    link::Stop stop_;
    std::int64_t alive_ms_ = 0;
    std::optional<BootTime> expired_at_;
    std::atomic<std::int64_t> waiting_{0};
    std::thread thread_;
};

}  // namespace hefang::app
