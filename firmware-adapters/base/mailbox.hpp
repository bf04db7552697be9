#pragma once
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <mutex>
#include <utility>
#include <vector>

namespace hefang {

/// The only object that threads share with the core: many producers, one consumer, order of arrival kept.
/// Each producer owns an Inlet with room of its own, so that a noisy device cannot take another's. A full Inlet
/// refuses: its producer stops reading its descriptor until wait_for_room() says otherwise, and nothing that was read
/// is dropped. Inlets live as long as the Mailbox.
template <class T>
class Mailbox {
  public:
    class Inlet {
      public:
        /// False when the inlet is full; the item is then untouched and still the caller's.
        [[nodiscard]] bool post(T&& item) {
            {
                const std::lock_guard lock(box_->mutex_);
                if (waiting_ >= capacity_) return ++refused_, false;
                ++waiting_;
                box_->queue_.push_back({this, std::move(item)});
            }
            box_->arrived_.notify_one();
            return true;
        }

        /// Waits until post() has room or `limit` is over; true when there is room.
        [[nodiscard]] bool wait_for_room(std::chrono::milliseconds limit) {
            std::unique_lock lock(box_->mutex_);
            return box_->room_.wait_for(lock, limit, [&] { return waiting_ < capacity_; });
        }

        /// How many items wait now, and how often a post was refused since the start.
        [[nodiscard]] std::size_t waiting() const {
            const std::lock_guard lock(box_->mutex_);
            return waiting_;
        }
        [[nodiscard]] std::uint64_t refused() const {
            const std::lock_guard lock(box_->mutex_);
            return refused_;
        }

      private:
        friend class Mailbox;
        Inlet(Mailbox* box, std::size_t capacity) : box_(box), capacity_(capacity) {}
        Mailbox* box_;
        std::size_t capacity_;
        std::size_t waiting_ = 0;
        std::uint64_t refused_ = 0;
    };

    /// A new inlet with room for `capacity` items. Any thread.
    [[nodiscard]] Inlet& inlet(std::size_t capacity) {
        const std::lock_guard lock(mutex_);
        inlets_.push_back(Inlet(this, capacity));
        return inlets_.back();
    }

    /// Waits up to `limit` for the first item, then takes at most `most` without waiting. The consumer's thread only.
    [[nodiscard]] std::vector<T> take(std::size_t most, std::chrono::milliseconds limit) {
        std::vector<T> out;
        bool was_full = false;
        {
            std::unique_lock lock(mutex_);
            arrived_.wait_for(lock, limit, [&] { return !queue_.empty() || woken_; });
            woken_ = false;
            while (!queue_.empty() && out.size() < most) {
                auto& [from, item] = queue_.front();
                was_full = was_full || from->waiting_ == from->capacity_;
                --from->waiting_;
                out.push_back(std::move(item));
                queue_.pop_front();
            }
        }
        if (was_full) room_.notify_all();
        return out;
    }

    /// Ends a take() that waits, e.g. for a stop request.
    void wake() {
        {
            const std::lock_guard lock(mutex_);
            woken_ = true;
        }
        arrived_.notify_one();
    }

    [[nodiscard]] std::size_t waiting() const {
        const std::lock_guard lock(mutex_);
        return queue_.size();
    }

  private:
    mutable std::mutex mutex_;
    std::condition_variable arrived_;
    std::condition_variable room_;
    std::deque<std::pair<Inlet*, T>> queue_;
    std::deque<Inlet> inlets_;  // deque: an Inlet never moves
    bool woken_ = false;
};

}  // namespace hefang
