#include "sync/window.hpp"

#include <algorithm>
#include <utility>

namespace hefang::sync {

void Window::open(std::string epoch, std::uint64_t cursor, std::size_t receive_maximum) {
    const std::size_t of_broker =
        receive_maximum > limits_.receive_margin ? receive_maximum - limits_.receive_margin : 1;
    most_in_flight_ = std::min(limits_.messages_in_flight, of_broker);
    in_flight_ = 0;
    follow(std::move(epoch), cursor);
}

void Window::follow(std::string epoch, std::uint64_t cursor) {
    // A new connection is no progress: a platform that is slow to acknowledge is not asked more often for it.
    if (epoch != epoch_ || cursor > cursor_) timeout_ms_ = limits_.ack_timeout_ms;
    epoch_ = std::move(epoch);
    cursor_ = cursor;
    forget_sent();
}

void Window::forget_sent() {
    sent_.clear();
    bytes_out_ = 0;
    next_ = cursor_ + 1;
}

std::size_t Window::room_facts() const {
    if (in_flight_ >= most_in_flight_) return 0;
    const std::uint64_t beyond = next_ - 1 - cursor_;
    if (beyond >= limits_.facts_beyond_cursor) return 0;
    return static_cast<std::size_t>(std::min<std::uint64_t>(batch_facts, limits_.facts_beyond_cursor - beyond));
}

std::size_t Window::room_bytes() const {
    if (bytes_out_ >= limits_.bytes_beyond_cursor) return 0;
    return std::min(batch_bytes, limits_.bytes_beyond_cursor - bytes_out_);
}

void Window::sent(std::size_t facts, std::size_t bytes, BootTime now) {
    if (sent_.empty()) progress_ = now;
    next_ += facts;
    bytes_out_ += bytes;
    ++in_flight_;
    sent_.push_back({next_ - 1, bytes, now});
}

void Window::confirmed() {
    if (in_flight_ > 0) --in_flight_;
}

Window::Ack Window::acked(std::string_view epoch, std::uint64_t through, std::uint64_t last, BootTime now) {
    if (epoch != epoch_) return Ack::other_epoch;
    if (through > last) return Ack::ahead;
    if (through <= cursor_) return Ack::nothing_new;
    cursor_ = through;
    next_ = std::max(next_, through + 1);
    while (!sent_.empty() && sent_.front().last <= through) {
        bytes_out_ -= sent_.front().bytes;
        sent_.pop_front();
    }
    progress_ = now;
    timeout_ms_ = limits_.ack_timeout_ms;
    return Ack::moved;
}

std::optional<BootTime> Window::deadline() const {
    if (sent_.empty()) return std::nullopt;
    return std::max(sent_.front().at, progress_) + timeout_ms_;
}

bool Window::expire(BootTime now) {
    const auto due = deadline();
    if (!due || now < *due) return false;
    timeout_ms_ = std::min(timeout_ms_ * 2, limits_.ack_timeout_most_ms);
    forget_sent();
    return true;
}

std::int64_t Backoff::next_ms() {
    // splitmix64 (Steele, Lea, Flood 2014): small, seeded, the same everywhere.
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    z ^= z >> 31;
    const std::int64_t wait = static_cast<std::int64_t>(z % (static_cast<std::uint64_t>(ceiling_ms_) + 1));
    ceiling_ms_ = std::min(ceiling_ms_ * 2, most_ms_);
    return wait;
}

}  // namespace hefang::sync
