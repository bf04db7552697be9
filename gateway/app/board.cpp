#include "app/board.hpp"

#include <algorithm>

namespace hefang::app {
namespace {

web::LinkState link_state(driver::DeviceState state) {
    switch (state) {
        case driver::DeviceState::up: return web::LinkState::up;
        case driver::DeviceState::starting: return web::LinkState::starting;
        case driver::DeviceState::lost:
        case driver::DeviceState::stopped: return web::LinkState::down;
    }
    return web::LinkState::down;
}

}  // namespace

void BoardMaker::add_devices(web::Board& board, const Now& now) const {
    for (auto& device : from_.plant.status()) {
        web::DeviceBoard row;
        row.id = device.id.text();
        row.kind = std::move(device.kind);
        row.link = std::move(device.link);
        row.state = link_state(device.state);
        if (device.last_data) row.age_ms = std::max<std::int64_t>(0, now.boot - *device.last_data);
        row.error = std::move(row.state == web::LinkState::up ? device.condition : device.last_error);
        row.counters = std::move(device.counters);
        board.devices.push_back(std::move(row));
    }
    for (const auto& inlet : from_.plant.inlets())
        board.mailbox.push_back({inlet.device, static_cast<std::int64_t>(inlet.inlet->waiting()),
                                 static_cast<std::int64_t>(device_inlet), inlet.inlet->refused()});
}

void BoardMaker::add_lanes(web::Board& board) const {
    const auto& state = from_.turn.state();
    for (const auto& lane : from_.config.lanes) {
        web::LaneBoard row;
        row.id = lane.id.text();
        row.flow = "parcel-sort";
        row.scale = !lane.scale.empty();
        row.sorter = !lane.sorter.empty();
        for (const auto& [id, open] : state.open.all()) row.open_passages += open.decided.lane == lane.id ? 1 : 0;
        board.lanes.push_back(std::move(row));
    }
}

void BoardMaker::add_store(web::Board& board) const {
    board.store.free_bytes = from_.store.free_bytes().value_or(-1);
    board.store.wal_pages = from_.store.wal_pages();
    board.inbox.waiting = from_.importer.waiting();
    board.inbox.taken = from_.importer.counters().value("files-taken");
    board.inbox.refused = from_.importer.inbox_counters().value("nodes-refused");
    board.inbox.parked = from_.importer.inbox_counters().value("files-refused");
}

std::shared_ptr<const web::Board> BoardMaker::make() const {
    auto board = std::make_shared<web::Board>();
    const Now now = from_.clock.now();
    board->site = from_.config.site.name;
    board->gateway = from_.config.site.gateway;
    board->kind = from_.config.site.kind;
    board->version = HEFANG_VERSION;
    board->mode = web::Mode::running;
    board->freshness = from_.turn.freshness();
    if (from_.turn.freshness() == core::Freshness::degraded || from_.turn.freshness() == core::Freshness::stale) {
        board->mode = web::Mode::degraded;
        board->detail = from_.turn.freshness() == core::Freshness::stale
                            ? "customs status is stale: releases have stopped"
                            : "customs status is not fresh";
    }
    if (from_.turn.mode() == Turn::Mode::stopped) {
        board->mode = web::Mode::stopped;
        board->detail = "the store refuses: " + from_.turn.stopped_because();
    }
    board->clock = now.clock;
    board->last_turn = from_.turn.last_turn();
    board->sync = from_.sync();
    add_lanes(*board);
    add_devices(*board, now);
    add_store(*board);
    for (const auto& [source, counters] : from_.counters)
        for (const auto& row : counters->rows()) board->counters.push_back({source, row.name, row.value});
    return board;
}

}  // namespace hefang::app
