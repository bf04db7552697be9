#pragma once
#include "sync/connection.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <utility>
#include <vector>

namespace hefang::sync {

/// What the library's threads hand to the one thread that owns a connection. Bounded: messages beyond `most_messages`
/// or `most_bytes` are dropped and counted, which the senders make good (acks and facts are repeated); what the
/// connection says of itself is bounded by what was asked of it. Posts of an older generation, from a connection that
/// is being torn down, are dropped.
class EventQueue {
  public:
    EventQueue(std::size_t most_messages, std::size_t most_bytes)
        : most_messages_(most_messages), most_bytes_(most_bytes) {}

    void post(std::uint64_t generation, LinkEvent&& event) {
        {
            const std::lock_guard lock(mutex_);
            if (generation != generation_) return;
            const bool is_message = event.kind == LinkEvent::Kind::message || event.kind == LinkEvent::Kind::oversized;
            if (is_message && (messages_ >= most_messages_ || bytes_ + event.bytes.size() > most_bytes_)) {
                ++dropped_;
                return;
            }
            messages_ += is_message ? 1 : 0;
            bytes_ += event.bytes.size();
            events_.push_back(std::move(event));
        }
        arrived_.notify_one();
    }

    /// Ends a take() that waits. Any thread.
    void wake() {
        {
            const std::lock_guard lock(mutex_);
            woken_ = true;
        }
        arrived_.notify_one();
    }

    /// Forgets everything; only posts that name the returned generation count from now on.
    [[nodiscard]] std::uint64_t next_generation() {
        const std::lock_guard lock(mutex_);
        clear();
        return ++generation_;
    }

    /// All that waits, after at most `limit` of waiting for the first. The owner's thread only.
    [[nodiscard]] std::vector<LinkEvent> take(std::chrono::milliseconds limit) {
        std::unique_lock lock(mutex_);
        arrived_.wait_for(lock, limit, [&] { return woken_ || !events_.empty(); });
        woken_ = false;
        std::vector<LinkEvent> out = std::move(events_);
        clear();
        return out;
    }

    /// Messages dropped since the last call.
    [[nodiscard]] std::uint64_t take_dropped() {
        const std::lock_guard lock(mutex_);
        return std::exchange(dropped_, 0);
    }

  private:
    void clear() {
        events_.clear();
        messages_ = 0;
        bytes_ = 0;
    }

    const std::size_t most_messages_, most_bytes_;
    std::mutex mutex_;
    std::condition_variable arrived_;
    std::vector<LinkEvent> events_;
    std::size_t messages_ = 0, bytes_ = 0;
    std::uint64_t dropped_ = 0;
    std::uint64_t generation_ = 0;
    bool woken_ = false;
};

}  // namespace hefang::sync
