#pragma once
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "sync/outbox.hpp"
#include "sync/status.hpp"

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace hefang::sync {

class EventQueue;
class Session;
struct Standing;

/// Ships the journal to the platform and keeps its presence (contract v1 §1, §2, unsigned mode). One thread of its
/// own, which alone calls `outbox` and `changed`; `changed` must return at once. Nothing here waits on the caller, and
/// the caller never waits on the network, except in stop().
class Uplink {
  public:
    Uplink(UplinkSettings settings, Outbox& outbox, const Clock& clock, Counters& counters,
           std::function<void(SyncStatus)> changed);
    ~Uplink();  ///< stops
    Uplink(const Uplink&) = delete;
    Uplink& operator=(const Uplink&) = delete;

    /// Refused when the broker may not be used or the gateway id cannot stand in a topic.
    [[nodiscard]] Result<void> start();
    /// Says `stopped` to the platform when it can within 2 s, then ends the thread.
    void stop();

    /// Facts up to `last` are on disk. Any thread; only wakes the link.
    void committed(std::uint64_t last);

    [[nodiscard]] SyncStatus status() const;

  private:
    void run();
    [[nodiscard]] bool one_connection(std::uint64_t n);
    void goodbye(Session& session);
    void pump(Session& session, std::int64_t most_ms);
    void rest(std::int64_t ms);  ///< between connections only: forgets what comes meanwhile
    void report(SyncStatus status);

    UplinkSettings settings_;
    Outbox& outbox_;
    const Clock& clock_;
    Counters& counters_;
    std::function<void(SyncStatus)> changed_;
    std::unique_ptr<EventQueue> queue_;
    std::unique_ptr<Standing> standing_;
    std::atomic<bool> stopping_{false};
    std::atomic<std::uint64_t> committed_{0};
    mutable std::mutex mutex_;
    SyncStatus status_;  ///< under mutex_
    SyncStatus told_;    ///< what `changed` heard last; the link's thread
    BootTime told_at_{-1000000};
    std::thread thread_;
};

}  // namespace hefang::sync
