#include "sync/uplink.hpp"

#include "base/log.hpp"
#include "base/uuid.hpp"
#include "sync/broker.hpp"
#include "sync/event_queue.hpp"
#include "sync/session.hpp"
#include "sync/topics.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace hefang::sync {
namespace {

constexpr std::size_t most_messages = 256, most_bytes = std::size_t{4} << 20;  // acks that wait for our thread
constexpr std::int64_t goodbye_ms = 2000;
constexpr std::int64_t tell_every_ms = 250;  // of progress alone; a change of state is told at once

}  // namespace

Uplink::Uplink(UplinkSettings settings, Outbox& outbox, const Clock& clock, Counters& counters,
               std::function<void(SyncStatus)> changed)
    : settings_(std::move(settings)),
      outbox_(outbox),
      clock_(clock),
      counters_(counters),
      changed_(std::move(changed)),
      queue_(std::make_unique<EventQueue>(most_messages, most_bytes)),
      standing_(std::make_unique<Standing>(Standing{Window(settings_.window), {}, {}, {}, 0})) {}

Uplink::~Uplink() { stop(); }

Result<void> Uplink::start() {
    if (thread_.joinable()) return fail(Errc::busy, "the uplink is already running");
    auto broker = check_broker(settings_.broker);
    if (!broker) return tl::unexpected(broker.error());
    if (!is_gateway_id(settings_.gateway)) {
        return fail(Errc::refused, "gateway id: 1 to 64 letters, digits, '.', '-', '_' are allowed");
    }
    settings_.broker = std::move(*broker);
    const Now now = clock_.now();
    if (settings_.start.empty()) settings_.start = uuid7(now.wall);
    if (settings_.seed == 0) settings_.seed = static_cast<std::uint64_t>(now.wall.ms ^ (now.boot.ms << 20)) | 1U;
    stopping_ = false;
    thread_ = std::thread([this] { run(); });
    return {};
}

void Uplink::stop() {
    stopping_ = true;
    queue_->wake();
    if (thread_.joinable()) thread_.join();
}

void Uplink::committed(std::uint64_t last) {
    committed_.store(last, std::memory_order_relaxed);
    queue_->wake();
}

SyncStatus Uplink::status() const {
    const std::lock_guard lock(mutex_);
    SyncStatus out = status_;
    out.last = std::max(out.last, committed_.load(std::memory_order_relaxed));
    return out;
}

void Uplink::report(SyncStatus status) {
    const BootTime now = clock_.now().boot;
    {
        const std::lock_guard lock(mutex_);
        status_ = status;
    }
    if (status == told_) return;
    const bool only_progress = status.state == told_.state && status.detail == told_.detail;
    if (only_progress && now - told_at_ < tell_every_ms && status.acked != status.last) return;
    told_ = status;
    told_at_ = now;
    if (changed_) changed_(std::move(status));
}

void Uplink::run() {
    Backoff backoff(settings_.seed, settings_.reconnect_first_ms, settings_.reconnect_most_ms);
    for (std::uint64_t n = 1; !stopping_; ++n) {
        if (n > 1) counters_.add("reconnects");
        const BootTime began = clock_.now().boot;
        const bool was_up = one_connection(n);
        if (was_up && clock_.now().boot - began >= settings_.settled_ms) backoff.reset();
        if (!stopping_) rest(backoff.next_ms());
    }
}

void Uplink::rest(std::int64_t ms) {
    const BootTime until = clock_.now().boot + ms;
    while (!stopping_) {
        const std::int64_t left = until - clock_.now().boot;
        if (left <= 0) return;
        (void)queue_->take(std::chrono::milliseconds(left));
    }
}

/// True when the connection had come as far as being up.
bool Uplink::one_connection(std::uint64_t n) {
    const std::uint64_t generation = queue_->next_generation();
    Session session(settings_, outbox_, counters_, *standing_, n, clock_.now().boot,
                    [queue = queue_.get(), generation](LinkEvent&& e) { queue->post(generation, std::move(e)); });
    report(session.status());
    bool was_up = false;
    while (!session.over() && !stopping_) {
        pump(session, settings_.presence_every_ms);
        was_up = was_up || session.up();
        report(session.status());
    }
    if (!session.over()) goodbye(session);
    (void)queue_->next_generation();  // what the dying client still says is of no interest
    SyncStatus status = session.status();
    if (status.state != LinkState::alarm) status.state = LinkState::offline;
    if (stopping_)
        status.detail = status.state == LinkState::alarm ? status.detail : "stopped";
    else
        log(LogLevel::warn, "sync", status.detail);
    report(std::move(status));
    return was_up;
}

void Uplink::pump(Session& session, std::int64_t most_ms) {
    const BootTime before = clock_.now().boot;
    const std::int64_t wait = std::clamp<std::int64_t>(session.wake_at(before) - before, 0, most_ms);
    auto events = queue_->take(std::chrono::milliseconds(wait));
    const BootTime now = clock_.now().boot;
    for (auto& event : events) session.on(std::move(event), now);
    if (const auto dropped = queue_->take_dropped(); dropped > 0) counters_.add("acks-dropped", dropped);
    session.tick(now);
}

void Uplink::goodbye(Session& session) {
    const BootTime until = clock_.now().boot + goodbye_ms;
    session.begin_goodbye(clock_.now().boot);
    while (!session.over() && session.up() && !session.goodbye_said()) {
        const std::int64_t left = until - clock_.now().boot;
        if (left <= 0) break;
        pump(session, left);
    }
    if (!session.over() && session.up()) session.disconnect(goodbye_ms / 4);
}

}  // namespace hefang::sync
