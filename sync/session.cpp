#include "sync/session.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "digest/sha256.hpp"
#include "sync/ack.hpp"
#include "sync/topics.hpp"

#include <algorithm>
#include <utility>

namespace hefang::sync {
namespace {

constexpr std::size_t other_messages = 16;  // presence beside facts: far more than one a minute needs

ConnectionSettings connection_of(const UplinkSettings& settings, const Presence& will) {
    ConnectionSettings out;
    out.broker = settings.broker;
    out.client_id = settings.gateway;
    out.connect_timeout_s = std::max<std::int64_t>(1, settings.connect_timeout_ms / 1000);
    out.most_in_flight = static_cast<std::int64_t>(settings.window.messages_in_flight + other_messages);
    out.message_bytes = down_bytes;
    out.will = {topic_of(settings.gateway, presence_leaf), to_json(will), std::string(json_content_type), true};
    return out;
}

}  // namespace

std::string_view name_of(LinkState state) {
    switch (state) {
        case LinkState::offline: return "offline";
        case LinkState::connecting: return "connecting";
        case LinkState::online: return "online";
        case LinkState::alarm: return "alarm";
    }
    return "offline";
}

Session::Session(const UplinkSettings& settings, Outbox& outbox, Counters& counters, Standing& standing,
                 std::uint64_t n, BootTime now, std::function<void(LinkEvent&&)> post)
    : settings_(settings),
      outbox_(outbox),
      counters_(counters),
      standing_(standing),
      n_(n),
      position_(outbox.position()),
      phase_since_(now),
      presence_due_(now),
      connection_(connection_of(settings, presence("offline")), std::move(post)) {
    standing_.last = position_.last;
}

Presence Session::presence(const char* state) const {
    return {state, settings_.boot,   settings_.start, n_, position_.epoch, position_.last, position_.acked,
            0,     settings_.version};
}

void Session::end(std::string why) {
    if (over_) return;
    over_ = true;
    detail_ = std::move(why);
}

void Session::on(LinkEvent&& event, BootTime now) {
    if (over_) return;
    switch (event.kind) {
        case LinkEvent::Kind::connected: return connected(event.number, now);
        case LinkEvent::Kind::failed:
            return end("cannot " + std::string(phase_ == Phase::connecting ? "connect: " : "subscribe: ") +
                       printable(event.bytes));
        case LinkEvent::Kind::lost: return end("connection lost: " + printable(event.bytes));
        case LinkEvent::Kind::subscribed:
            if (phase_ == Phase::subscribing) phase_ = Phase::up, presence_due_ = now;
            return;
        case LinkEvent::Kind::confirmed: return confirmed();
        case LinkEvent::Kind::oversized: return counters_.add("ack-too-large"), counters_.add("acks-refused");
        case LinkEvent::Kind::message: return arrived(event.topic, event.bytes, now);
    }
}

void Session::connected(std::uint64_t receive_maximum, BootTime now) {
    position_ = outbox_.position();
    standing_.last = position_.last;
    standing_.window.open(position_.epoch, position_.acked, static_cast<std::size_t>(receive_maximum));
    if (standing_.alarm_epoch != position_.epoch) standing_.alarm.clear();
    phase_ = Phase::subscribing;
    phase_since_ = now;
    if (const auto done = connection_.subscribe({topic_of(settings_.gateway, "down/#")}); !done) {
        end("cannot subscribe: " + done.error().detail);
    }
}

void Session::confirmed() {
    if (unconfirmed_.empty()) return;
    if (unconfirmed_.front().facts) standing_.window.confirmed();
    unconfirmed_.pop_front();
}

void Session::arrived(const std::string& topic, const std::string& payload, BootTime now) {
    const auto parts = split_topic(topic);
    if (parts && parts->gateway == settings_.gateway) {
        if (parts->leaf == ack_leaf) return take_ack(payload, now);
        if (parts->leaf == feed_leaf) return counters_.add("feed-refused-unsigned");
        if (parts->leaf == beacon_leaf) return counters_.add("beacon-refused-unsigned");
    }
    counters_.add("topic-refused");
}

void Session::take_ack(const std::string& payload, BootTime now) {
    const auto ack = parse_ack(payload, settings_.gateway);
    if (!ack) {
        counters_.add(counter_of(ack.error()));
        return counters_.add("acks-refused");
    }
    counters_.add("acks");
    answered_ = true;
    silent_ = false;
    answer_due_.reset();
    standing_.last_ack = now;
    if (!standing_.alarm.empty()) return counters_.add("acks-ignored-in-alarm");
    position_ = outbox_.position();
    follow_journal(now);
    if (ack->epoch != standing_.window.epoch()) return counters_.add("acks-other-epoch");
    if (ack->through > position_.last) {
        return raise_alarm("the platform acknowledged fact " + std::to_string(ack->through) +
                           ", but the journal ends at " + std::to_string(position_.last));
    }
    if (ack->through < standing_.window.cursor()) return counters_.add("acks-behind");
    if (ack->through == 0 || (ack->through == position_.acked && ack->head == verified_head_)) return;
    const auto ours = head_is_ours(ack->through, ack->head);
    if (!ours) return counters_.add("acks-unverified");
    if (!*ours) {
        outbox_.acked(ack->through, ack->head);  // the journal's owner judges it too, and records its alarm
        return raise_alarm("the platform's hash of fact " + std::to_string(ack->through) + " is not the journal's");
    }
    verified_head_ = ack->head;
    const bool moved = standing_.window.acked(ack->epoch, ack->through, position_.last, now) == Window::Ack::moved;
    if (moved && ack->quarantined > 0) counters_.add("acks-with-quarantine");
    // The journal's owner may have had no room for an earlier ack: its own cursor says whether it still wants this one.
    if (ack->through > position_.acked) outbox_.acked(ack->through, ack->head);
}

/// None when the journal cannot be read now: the platform says the same again.
std::optional<bool> Session::head_is_ours(std::uint64_t through, const std::string& head) {
    const auto found = outbox_.read(through, 1);
    if (!found) return std::nullopt;
    // A row that was pruned was acknowledged with the right hash before: then there is nothing to compare.
    if (found->empty() || found->front().sequence != through) {
        return through == standing_.window.cursor() ? std::optional(true) : std::nullopt;
    }
    return hex(sha256(found->front().bytes)) == head;
}

void Session::raise_alarm(std::string why) {
    counters_.add("alarms");
    log(LogLevel::error, "sync", why);
    standing_.alarm = std::move(why);
    standing_.alarm_epoch = standing_.window.epoch();
}

/// The journal may have opened a new epoch, or its owner may have moved the cursor for an earlier connection's ack.
void Session::follow_journal(BootTime now) {
    standing_.last = position_.last;
    if (phase_ == Phase::connecting) return;
    if (position_.epoch == standing_.window.epoch()) {
        (void)standing_.window.acked(position_.epoch, position_.acked, position_.last, now);
        return;
    }
    standing_.window.follow(position_.epoch, position_.acked);
    ahead_.clear();
    presence_due_ = phase_since_;  // in the past: the platform must hear of the new epoch at once
    if (standing_.alarm_epoch != position_.epoch) standing_.alarm.clear();
}

void Session::begin_goodbye(BootTime now) {
    if (over_ || phase_ != Phase::up) return;
    goodbye_ = true;
    publish_presence("stopped", now);
}

void Session::publish_presence(const char* state, BootTime now) {
    Message message{topic_of(settings_.gateway, presence_leaf), to_json(presence(state)),
                    std::string(json_content_type), true};
    if (const auto done = connection_.publish(std::move(message), 0); !done) {
        return end("presence was not taken: " + done.error().detail);
    }
    unconfirmed_.push_back({false, now});
    presence_due_ = now + settings_.presence_every_ms;
    if (!answer_due_) answer_due_ = now + settings_.silence_ms;
    counters_.add("presences");
}

}  // namespace hefang::sync
