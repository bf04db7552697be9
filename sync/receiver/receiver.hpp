#pragma once
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "receiver/ledger.hpp"
#include "sync/connection.hpp"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace hefang::sync {
class EventQueue;
}

namespace hefang::receiver {

struct ReceiverSettings {
    std::string broker;  ///< "mqtt://127.0.0.1:1883"; see sync::check_broker()
    std::filesystem::path database;
    std::vector<std::string> gateways;  ///< empty: every gateway
    bool ack = true;                    ///< false: stores and says nothing
    std::string client_id;              ///< empty: made at start()
    std::int64_t reconnect_first_ms = 1000, reconnect_most_ms = 60000;
    std::int64_t connect_timeout_ms = 5000;
    std::int64_t confirm_timeout_ms = 15000;  ///< a broker that confirms no ack for so long is given up
};

/// An ack as it goes on the wire in unsigned mode.
[[nodiscard]] std::string ack_payload(const Prefix& prefix);

/// The platform's side of contract v1, unsigned mode: stores facts and presence of gateways, and acks after the commit.
/// One thread of its own, which alone uses the database.
class Receiver {
  public:
    Receiver(ReceiverSettings settings, const Clock& clock, Counters& counters);
    ~Receiver();  ///< stops
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

    /// Opens the database and begins to connect; the broker may come later.
    [[nodiscard]] Result<void> start();
    /// Finishes the transaction under way; what still waits in the queue will be sent again by the gateways.
    void stop();
    /// Subscribed and taking facts. Any thread.
    [[nodiscard]] bool online() const noexcept { return online_; }

  private:
    using Key = std::pair<std::string, std::string>;  // gateway, epoch

    void run();
    void one_connection();
    [[nodiscard]] bool on(sync::LinkEvent& event, sync::Connection& connection);
    void sort(sync::LinkEvent& event);
    void store_waiting();
    [[nodiscard]] bool send_acks(sync::Connection& connection);
    [[nodiscard]] bool wants(std::string_view gateway) const;
    void rest(std::int64_t ms);  ///< between connections only: forgets what comes meanwhile

    ReceiverSettings settings_;
    const Clock& clock_;
    Counters& counters_;
    std::unique_ptr<sync::EventQueue> queue_;
    std::unique_ptr<Ledger> ledger_;
    std::vector<Batch> batches_;  ///< taken from the queue, not yet stored
    std::vector<Sighting> sightings_;
    std::map<Key, Prefix> to_ack_;  ///< the newest word for each journal
    std::size_t unconfirmed_ = 0;   ///< acks the broker has not confirmed
    BootTime confirmed_at_{};       ///< the last confirmation, or when the first unconfirmed ack went out
    std::atomic<bool> stopping_{false};
    std::atomic<bool> online_{false};
    std::thread thread_;
};

}  // namespace hefang::receiver
