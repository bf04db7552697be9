#pragma once
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "sync/connection.hpp"
#include "sync/outbox.hpp"
#include "sync/presence.hpp"
#include "sync/status.hpp"
#include "sync/window.hpp"

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace hefang::sync {

/// What outlives a connection: the cursor's window, an alarm, and when the platform last answered.
struct Standing {
    Window window;
    std::string alarm;  ///< not empty: nothing is sent while the epoch is `alarm_epoch`
    std::string alarm_epoch;
    std::optional<BootTime> last_ack;
    std::uint64_t last = 0;  ///< newest committed
};

/// One connection of the uplink from CONNECT to its end. Lives on the link's thread; events and times come in.
class Session {
  public:
    Session(const UplinkSettings& settings, Outbox& outbox, Counters& counters, Standing& standing, std::uint64_t n,
            BootTime now, std::function<void(LinkEvent&&)> post);

    void on(LinkEvent&& event, BootTime now);
    /// Does what is due: time limits, presence, sending. To be called after events, and when wake_at() has come.
    void tick(BootTime now);
    [[nodiscard]] BootTime wake_at(BootTime now) const;

    [[nodiscard]] bool over() const noexcept { return over_; }
    [[nodiscard]] bool up() const noexcept { return phase_ == Phase::up; }
    [[nodiscard]] SyncStatus status() const;

    /// Publishes `stopped`; true when the broker has confirmed it (ask again after further events).
    void begin_goodbye(BootTime now);
    [[nodiscard]] bool goodbye_said() const noexcept { return goodbye_ && unconfirmed_.empty(); }
    void disconnect(std::int64_t limit_ms) { connection_.disconnect(limit_ms); }

  private:
    enum class Phase : std::uint8_t { connecting, subscribing, up };
    struct Unconfirmed {
        bool facts;
        BootTime at;
    };

    void end(std::string why);
    void connected(std::uint64_t receive_maximum, BootTime now);
    void confirmed();
    void arrived(const std::string& topic, const std::string& payload, BootTime now);
    void take_ack(const std::string& payload, BootTime now);
    [[nodiscard]] std::optional<bool> head_is_ours(std::uint64_t through, const std::string& head);
    void raise_alarm(std::string why);
    void follow_journal(BootTime now);
    [[nodiscard]] bool check_limits(BootTime now);
    void publish_presence(const char* state, BootTime now);
    void send(BootTime now);
    [[nodiscard]] bool send_batch(BootTime now);
    [[nodiscard]] bool fill(std::size_t most);
    [[nodiscard]] std::size_t choose(std::size_t most, std::size_t& sum) const;
    [[nodiscard]] Presence presence(const char* state) const;

    const UplinkSettings& settings_;
    Outbox& outbox_;
    Counters& counters_;
    Standing& standing_;
    const std::uint64_t n_;
    Outbox::Position position_;
    Phase phase_ = Phase::connecting;
    bool over_ = false, goodbye_ = false, silent_ = false, answered_ = false;
    std::string detail_;
    std::string verified_head_;  ///< of the last ack that was compared: the same need not be read again
    BootTime phase_since_;
    BootTime presence_due_;
    std::optional<BootTime> answer_due_;     ///< a presence waits for the platform's answer until then
    std::optional<BootTime> read_again_at_;  ///< after the outbox failed
    std::deque<Unconfirmed> unconfirmed_;    ///< by the broker, in order of sending
    std::vector<Outbox::Entry> ahead_;       ///< read and not yet sent
    Connection connection_;                  ///< last: its callbacks end before the rest does
};

}  // namespace hefang::sync
