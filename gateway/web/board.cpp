#include "web/board.hpp"

#include <nlohmann/json.hpp>

namespace hefang::web {
namespace {

using nlohmann::json;

std::string text(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

json lanes_of(const Board& board) {
    json out = json::array();
    for (const auto& lane : board.lanes) {
        out.push_back({{"id", lane.id},
                       {"flow", lane.flow},
                       {"scale", lane.scale},
                       {"sorter", lane.sorter},
                       {"open_passages", lane.open_passages}});
    }
    return out;
}

json devices_of(const Board& board) {
    json out = json::array();
    for (const auto& device : board.devices) {
        json row = {{"id", device.id}, {"kind", device.kind}, {"link", device.link}, {"state", name_of(device.state)}};
        if (device.age_ms) row["age_ms"] = *device.age_ms;
        if (!device.error.empty()) row["error"] = device.error;
        json& counters = row["counters"] = json::object();
        for (const auto& counter : device.counters) counters[counter.name] = counter.value;
        out.push_back(std::move(row));
    }
    return out;
}

json sync_of(const SyncBoard& sync) {
    json out = {{"state", name_of(sync.state)},
                {"acked", std::to_string(sync.acked)},
                {"last", std::to_string(sync.last)},
                {"detail", sync.detail}};
    if (sync.age_ms) out["age_ms"] = *sync.age_ms;
    return out;
}

json mailbox_of(const Board& board) {
    json out = json::array();
    for (const auto& inlet : board.mailbox) {
        out.push_back({{"name", inlet.name},
                       {"waiting", inlet.waiting},
                       {"capacity", inlet.capacity},
                       {"refused", inlet.refused}});
    }
    return out;
}

json counters_of(const Board& board) {
    json out = json::array();
    for (const auto& row : board.counters)
        out.push_back({{"source", row.source}, {"name", row.name}, {"value", row.value}});
    return out;
}

}  // namespace

std::string_view name_of(Mode mode) {
    switch (mode) {
        case Mode::running: return "running";
        case Mode::degraded: return "degraded";
        case Mode::stopped: return "stopped";
    }
    return "stopped";
}

std::string_view name_of(LinkState state) {
    switch (state) {
        case LinkState::up: return "up";
        case LinkState::down: return "down";
        case LinkState::starting: return "starting";
    }
    return "down";
}

std::string_view name_of(SyncState state) {
    switch (state) {
        case SyncState::alone: return "alone";
        case SyncState::connecting: return "connecting";
        case SyncState::online: return "online";
        case SyncState::offline: return "offline";
        case SyncState::alarm: return "alarm";
    }
    return "alarm";
}

std::string_view name_of(ClockState state) {
    switch (state) {
        case ClockState::synced: return "synced";
        case ClockState::holdover: return "holdover";
        case ClockState::unsynced: return "unsynced";
    }
    return "unsynced";
}

std::string to_json(const Board& board) {
    const json out = {
        {"site", board.site},
        {"gateway", board.gateway},
        {"kind", board.kind},
        {"version", board.version},
        {"mode", name_of(board.mode)},
        {"detail", board.detail},
        {"freshness", core::name_of(board.freshness)},
        {"clock", name_of(board.clock)},
        {"last_turn_boot_ms", board.last_turn.ms},
        {"lanes", lanes_of(board)},
        {"devices", devices_of(board)},
        {"sync", sync_of(board.sync)},
        {"store", {{"free_bytes", board.store.free_bytes}, {"wal_pages", board.store.wal_pages}}},
        {"inbox",
         {{"waiting", board.inbox.waiting},
          {"taken", board.inbox.taken},
          {"refused", board.inbox.refused},
          {"parked", board.inbox.parked}}},
        {"mailbox", mailbox_of(board)},
        {"counters", counters_of(board)},
    };
    return text(out);
}

std::string to_json(const Health& health) {
    json out = {{"ok", healthy(health)}, {"mode", name_of(health.mode)}, {"turn_age_ms", health.turn_age_ms}};
    if (!health.detail.empty()) out["detail"] = health.detail;
    if (health.mode == Mode::stopped) {
        out["reason"] = "stopped";
    } else if (health.turn_age_ms >= turn_limit_ms) {
        out["reason"] = "turn-too-old";
    }
    return text(out);
}

}  // namespace hefang::web
