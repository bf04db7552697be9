#pragma once
#include "base/clock.hpp"
#include "sync/topics.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace hefang::sync {

/// Contract v1 §1. Only tests set other figures.
struct WindowLimits {
    std::uint64_t facts_beyond_cursor = 4096;
    std::size_t messages_in_flight = 16;
    std::size_t receive_margin = 4;  ///< of the broker's Receive Maximum, left for presence and requests
    std::size_t bytes_beyond_cursor = std::size_t{2} << 20;
    std::int64_t ack_timeout_ms = 5000;
    std::int64_t ack_timeout_most_ms = 60000;
};

/// What the sender of facts may do next. Pure: no clock, no I/O, no thread.
///
/// Two bounds work together. The broker's confirmation frees a slot among the messages in flight and means nothing
/// more. Only the platform's ack moves the cursor, and with it the bounds on facts and bytes sent beyond it: they keep
/// a broker whose consumer is slow from growing.
class Window {
  public:
    explicit Window(WindowLimits limits = {}) : limits_(limits), timeout_ms_(limits.ack_timeout_ms) {}

    /// A new connection: nothing is in flight, sending starts behind the cursor. The ack timeout stays as long as it
    /// was unless the cursor has moved.
    void open(std::string epoch, std::uint64_t cursor, std::size_t receive_maximum);
    /// Another epoch on the same connection: what is in flight still is.
    void follow(std::string epoch, std::uint64_t cursor);

    [[nodiscard]] const std::string& epoch() const noexcept { return epoch_; }
    [[nodiscard]] std::uint64_t cursor() const noexcept { return cursor_; }
    [[nodiscard]] std::uint64_t next() const noexcept { return next_; }  ///< the sequence to be sent next
    [[nodiscard]] std::size_t in_flight() const noexcept { return in_flight_; }
    [[nodiscard]] bool waits_for_ack() const noexcept { return !sent_.empty(); }
    [[nodiscard]] std::int64_t timeout_ms() const noexcept { return timeout_ms_; }

    /// How many facts the next message may hold, 0 = none now.
    [[nodiscard]] std::size_t room_facts() const;
    /// How many bytes the next message may have.
    [[nodiscard]] std::size_t room_bytes() const;

    /// One message went out: the facts next() … next() + facts − 1.
    void sent(std::size_t facts, std::size_t bytes, BootTime now);

    /// The broker confirmed one message of facts.
    void confirmed();

    enum class Ack : std::uint8_t {
        moved,        ///< the cursor is now at `through`
        nothing_new,  ///< at or behind the cursor: no change
        other_epoch,  ///< no change
        ahead,        ///< of all that was ever committed: no change, the caller must stop and say so
    };
    /// `last` is the newest committed sequence. The caller has checked the head.
    [[nodiscard]] Ack acked(std::string_view epoch, std::uint64_t through, std::uint64_t last, BootTime now);

    /// When the oldest unacknowledged fact, or the last progress, is too old; none while nothing waits.
    [[nodiscard]] std::optional<BootTime> deadline() const;

    /// True when the deadline has come: the position is back at the cursor and the next timeout is twice as long.
    [[nodiscard]] bool expire(BootTime now);

  private:
    struct Sent {
        std::uint64_t last;  ///< sequence of the message's last fact
        std::size_t bytes;
        BootTime at;
    };
    void forget_sent();

    WindowLimits limits_;
    std::string epoch_;
    std::uint64_t cursor_ = 0;
    std::uint64_t next_ = 1;
    std::size_t most_in_flight_ = 1;
    std::size_t in_flight_ = 0;
    std::size_t bytes_out_ = 0;
    std::deque<Sent> sent_;  ///< beyond the cursor, in order
    BootTime progress_{};    ///< of the cursor; counts only while something waits
    std::int64_t timeout_ms_;
};

/// The bytes of `[` facts joined by `,` `]`, for `facts` facts of `sum` bytes together.
[[nodiscard]] constexpr std::size_t joined_bytes(std::size_t facts, std::size_t sum) {
    return 2 + sum + (facts > 0 ? facts - 1 : 0);
}

/// Full jitter: each wait is drawn evenly from 0 … ceiling, and the ceiling doubles up to `most`.
class Backoff {
  public:
    Backoff(std::uint64_t seed, std::int64_t first_ms, std::int64_t most_ms)
        : state_(seed), first_ms_(first_ms), most_ms_(most_ms), ceiling_ms_(first_ms) {}

    [[nodiscard]] std::int64_t next_ms();
    void reset() { ceiling_ms_ = first_ms_; }
    [[nodiscard]] std::int64_t ceiling_ms() const noexcept { return ceiling_ms_; }

  private:
    std::uint64_t state_;
    std::int64_t first_ms_, most_ms_, ceiling_ms_;
};

}  // namespace hefang::sync
