#pragma once
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "core/fact.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What a screen shows besides passages: plain values, taken by the core's thread after a turn, read by the web thread.
namespace hefang::web {

enum class Mode : std::uint8_t { running, degraded, stopped };
enum class LinkState : std::uint8_t { up, down, starting };
/// `alone`: no platform is configured. `alarm`: the platform contradicts the journal, nothing is sent any more.
enum class SyncState : std::uint8_t { alone, connecting, online, offline, alarm };

struct LaneBoard {
    std::string id, flow;
    bool scale = false, sorter = false;  ///< what the lane has; a lane without one has no such check or output
    std::int64_t open_passages = 0;
};

struct DeviceBoard {
    std::string id, kind, link;
    LinkState state = LinkState::starting;
    std::optional<std::int64_t> age_ms;  ///< since its last sign of life; none when there never was one
    std::string error;  ///< why it is not up; while it is, what it says of itself ("manual mode") or empty
    std::vector<Counters::Row> counters;
};

struct SyncBoard {
    SyncState state = SyncState::alone;
    std::uint64_t acked = 0, last = 0;   ///< the platform's cursor, the newest committed sequence
    std::optional<std::int64_t> age_ms;  ///< since the last acknowledgement
    std::string detail;
};

struct StoreBoard {
    std::int64_t free_bytes = 0;  ///< negative: it could not be asked
    std::int64_t wal_pages = 0;
};

/// Files of customs messages. `parked`: could not be parsed, kept as they came.
struct InboxBoard {
    std::int64_t waiting = 0;
    std::uint64_t taken = 0, refused = 0, parked = 0;
};

/// One inlet of the core's mailbox.
struct InletBoard {
    std::string name;
    std::int64_t waiting = 0, capacity = 0;
    std::uint64_t refused = 0;
};

/// What a part of the gateway counted: refusals, repeats, things put off.
struct CounterBoard {
    std::string source, name;
    std::uint64_t value = 0;
};

struct Board {
    std::string site, gateway, kind, version;
    Mode mode = Mode::running;
    std::string detail;                                        ///< why the mode is not running; empty when it is
    core::Freshness freshness = core::Freshness::not_checked;  ///< of customs' statuses
    std::vector<LaneBoard> lanes;
    std::vector<DeviceBoard> devices;
    SyncBoard sync;
    StoreBoard store;
    InboxBoard inbox;
    std::vector<InletBoard> mailbox;
    std::vector<CounterBoard> counters;
    ClockState clock = ClockState::unsynced;
    BootTime last_turn;
};

/// What /healthz answers from; asked on the web thread for each request.
struct Health {
    std::int64_t turn_age_ms = 0;  ///< since the last completed turn
    Mode mode = Mode::running;
    std::string detail;
};

/// A turn of this age or more is too old: the heartbeat of the sorter and the watchdog use the same limit.
constexpr std::int64_t turn_limit_ms = 1000;

[[nodiscard]] constexpr bool healthy(const Health& health) {
    return health.mode != Mode::stopped && health.turn_age_ms < turn_limit_ms;
}

[[nodiscard]] std::string_view name_of(Mode mode);
[[nodiscard]] std::string_view name_of(LinkState state);
[[nodiscard]] std::string_view name_of(SyncState state);
[[nodiscard]] std::string_view name_of(ClockState state);

/// One JSON object; sequences are decimal strings, absent values are absent.
[[nodiscard]] std::string to_json(const Board& board);
/// {"ok","mode","turn_age_ms","reason"?}
[[nodiscard]] std::string to_json(const Health& health);

}  // namespace hefang::web
