// The sending half of a session: what is due, and facts out of the outbox.
#include "base/log.hpp"
#include "sync/session.hpp"
#include "sync/topics.hpp"

#include <algorithm>
#include <utility>

namespace hefang::sync {
namespace {

constexpr std::int64_t read_again_ms = 1000;

}  // namespace

void Session::tick(BootTime now) {
    if (over_ || !check_limits(now) || phase_ != Phase::up || goodbye_) return;
    position_ = outbox_.position();
    follow_journal(now);
    if (now >= presence_due_) publish_presence("online", now);
    if (standing_.window.expire(now)) {
        counters_.add("ack-timeouts");
        silent_ = true;
        ahead_.clear();
    }
    send(now);
}

bool Session::check_limits(BootTime now) {
    if (phase_ != Phase::up && now - phase_since_ >= settings_.connect_timeout_ms) {
        end("the broker did not answer within " + std::to_string(settings_.connect_timeout_ms) + " ms");
    } else if (!unconfirmed_.empty() && now - unconfirmed_.front().at >= settings_.confirm_timeout_ms) {
        counters_.add("broker-stalled");
        end("the broker has confirmed nothing for " + std::to_string(settings_.confirm_timeout_ms) + " ms");
    }
    if (answer_due_ && now >= *answer_due_) silent_ = true;
    return !over_;
}

BootTime Session::wake_at(BootTime now) const {
    BootTime at = now + settings_.presence_every_ms;
    const auto sooner = [&](BootTime t) { at = std::min(at, t); };
    if (phase_ != Phase::up) sooner(phase_since_ + settings_.connect_timeout_ms);
    if (phase_ == Phase::up && !goodbye_) sooner(presence_due_);
    if (!unconfirmed_.empty()) sooner(unconfirmed_.front().at + settings_.confirm_timeout_ms);
    if (answer_due_ && !silent_) sooner(*answer_due_);
    if (phase_ != Phase::up || goodbye_) return at;  // nothing is sent then: what waits for an ack is not looked at
    if (read_again_at_) sooner(*read_again_at_);
    if (const auto due = standing_.window.deadline()) sooner(*due);
    return at;
}

void Session::send(BootTime now) {
    if (read_again_at_ && now < *read_again_at_) return;
    read_again_at_.reset();
    while (!over_ && standing_.alarm.empty() && send_batch(now)) {
    }
}

/// True when a batch went out and another may follow.
bool Session::send_batch(BootTime now) {
    const std::uint64_t next = standing_.window.next();
    const std::size_t most = standing_.window.room_facts();
    if (most == 0 || position_.last < next) return false;
    if (ahead_.empty() || ahead_.front().sequence != next) ahead_.clear();
    if (ahead_.size() < most && !fill(most)) {
        read_again_at_ = now + read_again_ms;
        return false;
    }
    std::size_t sum = 0;
    const std::size_t count = choose(most, sum);
    if (count == 0) return false;

    std::string payload;
    payload.reserve(joined_bytes(count, sum));
    for (std::size_t i = 0; i < count; ++i) {
        payload += i == 0 ? '[' : ',';
        payload += ahead_[i].bytes;
    }
    payload += ']';
    const std::size_t size = payload.size();
    Message message{topic_of(settings_.gateway, events_leaf), std::move(payload), std::string(batch_content_type),
                    false};
    if (const auto done = connection_.publish(std::move(message), 0); !done) {
        end("facts were not taken: " + done.error().detail);
        return false;
    }
    ahead_.erase(ahead_.begin(), ahead_.begin() + static_cast<std::ptrdiff_t>(count));
    unconfirmed_.push_back({true, now});
    standing_.window.sent(count, size, now);
    counters_.add("batches");
    counters_.add("facts", count);
    counters_.add("bytes", size);
    return true;
}

/// Reads behind what is already read; false when the outbox fails or breaks its promise.
bool Session::fill(std::size_t most) {
    const std::uint64_t from = standing_.window.next() + ahead_.size();
    if (from > position_.last) return true;
    auto found = outbox_.read(from, most - ahead_.size());
    if (!found) {
        counters_.add("outbox-failed");
        detail_ = "the journal cannot be read: " + found.error().detail;
        return false;
    }
    for (auto& entry : *found) {
        if (entry.sequence != standing_.window.next() + ahead_.size() || entry.bytes.size() > fact_bytes) {
            counters_.add("outbox-failed");
            detail_ = "the journal gave fact " + std::to_string(entry.sequence) + " of " +
                      std::to_string(entry.bytes.size()) + " bytes, out of order or too large";
            return false;
        }
        ahead_.push_back(std::move(entry));
    }
    detail_.clear();
    return true;
}

/// How many of the facts that are read fit into one message; 0 when an ack must come first.
std::size_t Session::choose(std::size_t most, std::size_t& sum) const {
    const std::size_t room = standing_.window.room_bytes();
    std::size_t count = 0;
    while (count < std::min(most, ahead_.size())) {
        const std::size_t with = joined_bytes(count + 1, sum + ahead_[count].bytes.size());
        if (with > room) {
            // Cut short by the bytes that wait for an ack, not by the size of a message: better a full one later.
            if (with <= batch_bytes && standing_.window.waits_for_ack()) return 0;
            break;
        }
        sum += ahead_[count++].bytes.size();
    }
    return count;
}

SyncStatus Session::status() const {
    SyncStatus out{LinkState::connecting, standing_.last_ack, standing_.window.cursor(), standing_.last, detail_};
    if (!standing_.alarm.empty()) {
        out.state = LinkState::alarm;
        out.detail = standing_.alarm;
    } else if (over_) {
        out.state = LinkState::offline;
    } else if (phase_ != Phase::up) {
        out.state = LinkState::connecting;
    } else if (!answered_ || silent_) {
        if (silent_ && detail_.empty()) out.detail = "the broker is there, the platform does not answer";
    } else {
        out.state = LinkState::online;
    }
    return out;
}

}  // namespace hefang::sync
