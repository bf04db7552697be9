#include "receiver/receiver.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/uuid.hpp"
#include "sync/broker.hpp"
#include "sync/event_queue.hpp"
#include "sync/topics.hpp"
#include "sync/window.hpp"

#include <algorithm>
#include <chrono>

#include <nlohmann/json.hpp>

namespace hefang::receiver {
namespace {

using sync::LinkEvent;

constexpr std::size_t most_messages = 4096, most_bytes = std::size_t{64} << 20;  // that wait for the database
constexpr std::size_t batches_a_commit = 32;
constexpr std::size_t acks_in_flight = 32;
constexpr std::int64_t look_every_ms = 500;

}  // namespace

std::string ack_payload(const Prefix& prefix) {
    nlohmann::json object{{"aud", prefix.gateway},
                          {"epoch", prefix.epoch},
                          {"through", std::to_string(prefix.through)},
                          {"head", prefix.head}};
    for (const std::uint64_t sequence : prefix.quarantined) object["quarantined"].push_back(std::to_string(sequence));
    return object.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Receiver::Receiver(ReceiverSettings settings, const Clock& clock, Counters& counters)
    : settings_(std::move(settings)),
      clock_(clock),
      counters_(counters),
      queue_(std::make_unique<sync::EventQueue>(most_messages, most_bytes)) {}

Receiver::~Receiver() { stop(); }

Result<void> Receiver::start() {
    if (thread_.joinable()) return fail(Errc::busy, "the receiver is already running");
    auto broker = sync::check_broker(settings_.broker);
    if (!broker) return tl::unexpected(broker.error());
    settings_.broker = std::move(*broker);
    for (const auto& gateway : settings_.gateways) {
        if (!sync::is_gateway_id(gateway)) {
            return fail(Errc::refused,
                        "gateway '" + printable(gateway) + "': letters, digits, '.', '-', '_' are allowed");
        }
    }
    auto ledger = Ledger::open(settings_.database, counters_);
    if (!ledger) return tl::unexpected(ledger.error());
    ledger_ = std::move(*ledger);
    if (settings_.client_id.empty()) settings_.client_id = "receiver-" + uuid7(clock_.now().wall);
    stopping_ = false;
    thread_ = std::thread([this] { run(); });
    return {};
}

void Receiver::stop() {
    stopping_ = true;
    queue_->wake();
    if (thread_.joinable()) thread_.join();
    ledger_.reset();
}

void Receiver::run() {
    sync::Backoff backoff(static_cast<std::uint64_t>(clock_.now().wall.ms) | 1U, settings_.reconnect_first_ms,
                          settings_.reconnect_most_ms);
    while (!stopping_) {
        const BootTime began = clock_.now().boot;
        one_connection();
        if (clock_.now().boot - began >= settings_.reconnect_most_ms) backoff.reset();
        if (!stopping_) rest(backoff.next_ms());
    }
}

void Receiver::rest(std::int64_t ms) {
    const BootTime until = clock_.now().boot + ms;
    while (!stopping_) {
        const std::int64_t left = until - clock_.now().boot;
        if (left <= 0) return;
        (void)queue_->take(std::chrono::milliseconds(left));
    }
}

void Receiver::one_connection() {
    const std::uint64_t generation = queue_->next_generation();
    sync::ConnectionSettings how;
    how.broker = settings_.broker;
    how.client_id = settings_.client_id;
    how.connect_timeout_s = std::max<std::int64_t>(1, settings_.connect_timeout_ms / 1000);
    how.most_in_flight = 2 * acks_in_flight;
    how.message_bytes = sync::batch_bytes;
    unconfirmed_ = 0;
    const BootTime began = clock_.now().boot;
    sync::Connection connection(
        how, [queue = queue_.get(), generation](LinkEvent&& e) { queue->post(generation, std::move(e)); });
    bool alive = true;
    while (alive && !stopping_) {
        auto events = queue_->take(std::chrono::milliseconds(look_every_ms));
        for (auto& event : events) {
            if (!(alive = alive && on(event, connection))) break;
            if (batches_.size() >= batches_a_commit) store_waiting(), alive = send_acks(connection);
            if (stopping_) break;
        }
        if (const auto dropped = queue_->take_dropped(); dropped > 0) counters_.add("messages-dropped", dropped);
        store_waiting();
        if (alive) alive = send_acks(connection);
        if (!online_ && clock_.now().boot - began >= settings_.connect_timeout_ms) {
            log(LogLevel::warn, "receiver", "the broker did not answer in time");
            alive = false;
        }
    }
    online_ = false;
    if (alive) connection.disconnect(500);
    (void)queue_->next_generation();
}

/// False when the connection is of no more use.
bool Receiver::on(LinkEvent& event, sync::Connection& connection) {
    switch (event.kind) {
        case LinkEvent::Kind::connected: {
            const auto done =
                connection.subscribe({std::string(sync::shared_events_filter), std::string(sync::presence_filter)});
            if (!done) log(LogLevel::warn, "receiver", "cannot subscribe: " + done.error().detail);
            return done.has_value();
        }
        case LinkEvent::Kind::subscribed: counters_.add("connections"); return online_ = true;
        case LinkEvent::Kind::failed:
        case LinkEvent::Kind::lost: log(LogLevel::warn, "receiver", printable(event.bytes)); return false;
        case LinkEvent::Kind::confirmed:
            if (unconfirmed_ > 0) --unconfirmed_;
            confirmed_at_ = clock_.now().boot;
            return true;
        case LinkEvent::Kind::oversized: return counters_.add("messages-too-large"), true;
        case LinkEvent::Kind::message: return sort(event), true;
    }
    return true;
}

void Receiver::sort(LinkEvent& event) {
    const auto topic = sync::split_topic(event.topic);
    if (!topic) return counters_.add("topics-refused");
    if (!wants(topic->gateway)) return counters_.add("gateways-refused");
    std::string gateway(topic->gateway);
    if (topic->leaf == sync::events_leaf) {
        batches_.push_back({std::move(gateway), std::move(event.bytes)});
    } else if (topic->leaf == sync::presence_leaf) {
        auto presence = sync::parse_presence(event.bytes);
        if (!presence) return counters_.add("presences-refused");
        sightings_.push_back({std::move(gateway), std::move(*presence)});
    } else {
        counters_.add("topics-refused");
    }
}

bool Receiver::wants(std::string_view gateway) const {
    return settings_.gateways.empty() ||
           std::find(settings_.gateways.begin(), settings_.gateways.end(), gateway) != settings_.gateways.end();
}

void Receiver::store_waiting() {
    if (batches_.empty() && sightings_.empty()) return;
    auto stored = ledger_->store(batches_, sightings_, clock_.now().wall);
    batches_.clear();
    sightings_.clear();
    if (!stored) {
        // No ack was given, so every gateway sends these facts again.
        counters_.add("commits-failed");
        return log(LogLevel::error, "receiver", stored.error().detail);
    }
    counters_.add("commits");
    if (!settings_.ack) return;
    for (auto& prefix : *stored) {
        Key key{prefix.gateway, prefix.epoch};
        to_ack_[std::move(key)] = std::move(prefix);
    }
}

bool Receiver::send_acks(sync::Connection& connection) {
    if (!online_) return true;
    const BootTime now = clock_.now().boot;
    if (unconfirmed_ == 0) confirmed_at_ = now;
    while (!to_ack_.empty() && unconfirmed_ < acks_in_flight) {
        const auto next = to_ack_.begin();
        const auto done = connection.publish({sync::topic_of(next->first.first, sync::ack_leaf),
                                              ack_payload(next->second), std::string(sync::json_content_type), false},
                                             0);
        if (!done) {
            log(LogLevel::warn, "receiver", "an ack was not taken: " + done.error().detail);
            return false;
        }
        ++unconfirmed_;
        counters_.add("acks");
        to_ack_.erase(next);
    }
    if (unconfirmed_ > 0 && now - confirmed_at_ >= settings_.confirm_timeout_ms) {
        log(LogLevel::warn, "receiver", "the broker confirms nothing");
        return false;
    }
    return true;
}

}  // namespace hefang::receiver
