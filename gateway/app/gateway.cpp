#include "app/gateway.hpp"

#include "app/board.hpp"
#include "app/importer.hpp"
#include "app/plant.hpp"
#include "app/restore.hpp"
#include "app/turn.hpp"
#include "app/web_archive.hpp"
#include "base/log.hpp"
#include "store/images.hpp"
#include "store/reader.hpp"
#include "sync/uplink.hpp"
#include "web/server.hpp"

#include <atomic>
#include <optional>
#include <thread>

#include <systemd/sd-daemon.h>

namespace hefang::app {
namespace {

constexpr std::int64_t board_every_ms = 200;
constexpr std::int64_t end_within_ms = 5'000;  // for what was read before the stop; then what waits is decided no more

web::SyncState web_state(sync::LinkState state) {
    switch (state) {
        case sync::LinkState::offline: return web::SyncState::offline;
        case sync::LinkState::connecting: return web::SyncState::connecting;
        case sync::LinkState::online: return web::SyncState::online;
        case sync::LinkState::alarm: return web::SyncState::alarm;
    }
    return web::SyncState::offline;
}

}  // namespace

/// In order of construction: what comes later uses what came before, so destruction ends the users first.
struct Gateway::Parts {
    Config config;
    std::string vfs;
    SystemClock clock;
    CoreMailbox mailbox;
    std::unique_ptr<store::Store> store;
    std::optional<store::Images> images;
    std::unique_ptr<Plant> plant;
    std::unique_ptr<Turn> turn;
    std::unique_ptr<Importer> importer;
    std::unique_ptr<WebArchive> archive;
    std::unique_ptr<web::Server> server;
    std::uint16_t port = 0;
    Counters sync_counters;
    std::unique_ptr<store::StoreOutbox> outbox;
    std::unique_ptr<sync::Uplink> uplink;
    std::unique_ptr<BoardMaker> board;

    /// Read by sorter threads and the web thread while turns run.
    std::atomic<const Turn*> running{nullptr};

    [[nodiscard]] bool core_alive() const {
        const auto* now_running = running.load();
        return now_running != nullptr && now_running->mode() == Turn::Mode::running &&
               clock.now().boot - now_running->last_turn() < web::turn_limit_ms;
    }
    [[nodiscard]] web::Health health() const;
    [[nodiscard]] web::SyncBoard sync_board() const;
    Result<void> open_store(const GatewayOptions& options, const std::string& boot);
    Result<void> wire(const std::string& boot);
    Result<void> open_uplink(const std::string& boot);
    void finish_what_was_read();
    void stop();
};

web::Health Gateway::Parts::health() const {
    const auto* now_running = running.load();
    if (now_running == nullptr) return {web::turn_limit_ms, web::Mode::stopped, "not started yet"};
    const bool stopped = now_running->mode() == Turn::Mode::stopped;
    return {clock.now().boot - now_running->last_turn(), stopped ? web::Mode::stopped : web::Mode::running,
            stopped ? "the store refuses" : ""};
}

web::SyncBoard Gateway::Parts::sync_board() const {
    if (!uplink) return {web::SyncState::alone, 0, store->head().sequence, std::nullopt, "no platform is configured"};
    const auto status = uplink->status();
    web::SyncBoard shown{web_state(status.state), status.acked, status.last, std::nullopt, status.detail};
    if (status.last_ack) shown.age_ms = clock.now().boot - *status.last_ack;
    return shown;
}

Result<void> Gateway::Parts::open_store(const GatewayOptions& options, const std::string& boot) {
    store::StoreOptions wanted;
    wanted.path = config.store.path.string();
    wanted.envelope = envelope_of(config, boot);
    wanted.vfs = vfs = options.vfs;
    auto opened = store::Store::open(std::move(wanted), clock.now());
    if (!opened) return tl::unexpected(opened.error());
    store = std::move(*opened);
    return {};
}

Result<void> Gateway::Parts::open_uplink(const std::string& boot) {
    if (!config.platform) return {};
    auto& inlet = mailbox.inlet(ack_inlet);
    auto reader = store::Reader::open(config.store.path.string(), vfs);
    if (!reader) return tl::unexpected(reader.error());
    outbox = std::make_unique<store::StoreOutbox>(std::move(*reader),
                                                  [&inlet](std::uint64_t through, const std::string& head) {
                                                      return inlet.post(PlatformAck{through, head});
                                                  });
    sync::UplinkSettings settings;
    settings.broker = config.platform->uri();
    settings.gateway = config.site.gateway;
    settings.version = HEFANG_VERSION;
    settings.boot = boot;
    uplink = std::make_unique<sync::Uplink>(std::move(settings), *outbox, clock, sync_counters,
                                            [](const sync::SyncStatus&) {});
    return {};
}

Result<void> Gateway::Parts::wire(const std::string& boot) {
    // Below the first step of free space images wait, and their parcels are inspected.
    auto opened = store::Images::open(config.store.path.string(), config.store.free_bytes[0]);
    if (!opened) return tl::unexpected(opened.error());
    images.emplace(std::move(*opened));
    driver::Surroundings around;
    around.core_alive = [this] { return core_alive(); };
    around.keep = [this](std::string_view bytes) { return images->keep(bytes); };
    auto built = Plant::build(config, mailbox, clock, std::move(around));
    if (!built) return tl::unexpected(built.error());
    plant = std::move(*built);

    auto reader = store::Reader::open(config.store.path.string(), vfs);
    if (!reader) return tl::unexpected(reader.error());
    archive = std::make_unique<WebArchive>(std::move(*reader));
    const bool six = config.web.host.find(':') != std::string::npos;
    web::ServerOptions web_options;
    web_options.listen = (six ? "[" + config.web.host + "]" : config.web.host) + ":" + std::to_string(config.web.port);
    server = std::make_unique<web::Server>(web_options, *archive, [this] { return health(); });
    if (auto done = open_uplink(boot); !done) return done;

    Outlets outlets;
    outlets.sorters = plant->sorters(config.lanes);
    outlets.committed = [this](std::uint64_t sequence, std::string bytes) {
        server->committed(sequence, std::move(bytes));
    };
    outlets.journal_grew = [this](std::uint64_t last) {
        if (uplink) uplink->committed(last);
    };
    const StoreLimits limits{config.store.free_bytes[3], config.store.limit_bytes.value_or(0) / 100 * 97};
    turn = std::make_unique<Turn>(site_model(config), *store, clock, mailbox, std::move(outlets), limits);
    auto inbox = customs::Inbox::open((config.store.path / "inbox").string(), clock);
    if (!inbox) return tl::unexpected(inbox.error());
    importer = std::make_unique<Importer>(std::move(*inbox), mailbox, clock);
    board = std::make_unique<BoardMaker>(BoardMaker::Sources{config,
                                                             *turn,
                                                             *store,
                                                             *plant,
                                                             *importer,
                                                             clock,
                                                             [this] { return sync_board(); },
                                                             {{"turn", &turn->counters()},
                                                              {"store", &store->counters()},
                                                              {"importer", &importer->counters()},
                                                              {"inbox", &importer->inbox_counters()},
                                                              {"sync", &sync_counters}}});

    if (auto done = turn->begin(); !done) return done;
    running = turn.get();
    auto bound = server->start();
    if (!bound) return tl::unexpected(bound.error());
    port = *bound;
    if (uplink) return uplink->start();
    return {};
}

/// Devices and the inbox end while turns go on, so that nobody waits in a full inlet with something in hand; then every
/// parcel that was read is decided, at the latest when it is overdue.
void Gateway::Parts::finish_what_was_read() {
    std::atomic<bool> ended = false;
    std::thread ending([&] {
        importer->stop();
        plant->stop();
        ended = true;
        mailbox.wake();
    });
    const auto until = clock.now().boot + end_within_ms;
    const auto waits = [&] { return !ended || mailbox.waiting() > 0 || turn->undecided(); };
    while (waits() && (clock.now().boot < until || !ended)) turn->turn();
    ending.join();
}

void Gateway::Parts::stop() {
    if (importer) importer->stop();
    if (plant) plant->stop();
    running = nullptr;
    if (uplink) uplink->stop();
    if (server) server->stop();
}

Gateway::Gateway(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Gateway::~Gateway() {
    if (parts_) parts_->stop();
}

Result<std::unique_ptr<Gateway>> Gateway::open(const Config& config, const GatewayOptions& options) {
    auto parts = std::make_unique<Parts>();
    parts->config = config;
    const std::string boot = options.boot.empty() ? boot_id() : options.boot;
    if (auto done = parts->open_store(options, boot); !done) return tl::unexpected(done.error());
    if (auto done = parts->wire(boot); !done) {
        parts->stop();
        return tl::unexpected(done.error());
    }
    return std::unique_ptr<Gateway>(new Gateway(std::move(parts)));
}

std::uint16_t Gateway::port() const { return parts_->port; }

void Gateway::run(const link::Stop& stop) {
    auto& p = *parts_;
    p.plant->start();
    p.importer->start();
    ::sd_notify(0, "READY=1\nSTATUS=deciding");
    std::int64_t board_at = 0;
    while (!stop.requested()) {
        p.turn->turn();
        const auto now = p.clock.now().boot.ms;
        if (now - board_at < board_every_ms) continue;
        board_at = now;
        p.server->publish(p.board->make());
        // Also while stopped: a full disk is waited out, not restarted away. A hung core does not come here.
        ::sd_notify(0, "WATCHDOG=1");
    }
    ::sd_notify(0, "STOPPING=1");
    p.finish_what_was_read();
    p.turn->end();
    p.running = nullptr;
    if (p.uplink) p.uplink->stop();
    p.server->stop();
}

}  // namespace hefang::app
