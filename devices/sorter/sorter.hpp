#pragma once
#include "base/strong.hpp"
#include "driver/driver.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hefang::driver {

struct SorterSettings {
    DeviceId id;
    std::string host;
    int port = 502;
    int unit = 1;
    std::int64_t poll_ms = 10;         ///< period of reading the PLC's status block
    std::int64_t heartbeat_ms = 200;   ///< period of our heartbeat while the core is alive
    std::int64_t answer_ms = 300;      ///< limit of the connect and of each answer
    std::int64_t silence_ms = 1000;    ///< a heartbeat of the PLC, or an echo of ours, unchanged for longer: down
    std::int64_t ack_ms = 600;         ///< a command without an acknowledgement for longer is counted and said
    std::int64_t handshake_ms = 3000;  ///< for the PLC to take a session, and to end it once we fell silent
};

/// A sorter behind a PLC that keeps the map of docs/sorter-map.md. live() is one conversation: SorterUp once both
/// heartbeats run, then readings in order, SorterDown at its end. A command is written only in the conversation that
/// its `session` names, not after its valid_until, and not once `core_alive` was seen false: from then on the heartbeat
/// stays silent too, so that the PLC sends everything to its default chute, and only a new conversation beats again.
/// The state bits of the PLC that keep it from obeying stand as the device's condition.
/// Counters: sessions, heartbeats, commands-sent, command-unanswered (again none within ack_ms), command-other-session,
/// command-no-sequence, command-superseded, command-expired, command-displaced (unanswered, its slot was needed),
/// command-unsent (its session ended first), ack-refused, confirmation-refused, tracking-lost, core-silent,
/// plc-without-watchdog.
class SorterDriver final : public Driver, public SorterOutput {
  public:
    /// `core_alive`: true while the last completed turn is young enough; called on the device's thread, must not block.
    SorterDriver(SorterSettings settings, std::function<bool()> core_alive);
    ~SorterDriver() override;
    SorterDriver(const SorterDriver&) = delete;
    SorterDriver& operator=(const SorterDriver&) = delete;

    [[nodiscard]] Error live(Context& context) override;
    void want(std::vector<reading::SorterCommand> commands) override;

  private:
    class Conversation;

    /// The newest set, if one came since the last call.
    std::optional<std::vector<reading::SorterCommand>> take_wanted();

    const SorterSettings settings_;
    const std::function<bool()> core_alive_;
    const int wake_fd_;  // readable: want() was called
    std::mutex mutex_;
    std::vector<reading::SorterCommand> wanted_;  // guarded by mutex_
    bool wanted_is_new_ = false;                  // guarded by mutex_
    std::uint16_t last_edge_session_ = 0;         // the device's thread
};

[[nodiscard]] std::unique_ptr<SorterDriver> make_sorter(SorterSettings settings, std::function<bool()> core_alive);

}  // namespace hefang::driver
