#include "sync/window.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using sync::Backoff;
using sync::Window;
using sync::WindowLimits;

namespace {

constexpr BootTime t0{1000000};

Window opened(std::uint64_t cursor, std::size_t receive_maximum = 65535, WindowLimits limits = {}) {
    Window w(limits);
    w.open("e1", cursor, receive_maximum);
    return w;
}

/// Sends `facts` facts in full batches of small size that the broker confirms at once.
void send(Window& w, std::size_t facts, BootTime at = t0, std::size_t bytes_each = 100) {
    while (facts > 0) {
        const std::size_t n = std::min<std::size_t>(facts, w.room_facts());
        REQUIRE(n > 0);
        w.sent(n, n * bytes_each, at);
        w.confirmed();
        facts -= n;
    }
}

}  // namespace

TEST_CASE("a message holds at most 64 facts, and 4,096 facts are sent beyond the cursor") {
    Window w = opened(100);
    CHECK(w.next() == 101);
    CHECK(w.room_facts() == 64);
    send(w, 4095);
    CHECK(w.room_facts() == 1);
    send(w, 1);
    CHECK(w.room_facts() == 0);
    CHECK(w.next() == 101 + 4096);
    CHECK(w.acked("e1", 101, 100000, t0) == Window::Ack::moved);
    CHECK(w.room_facts() == 1);
}

TEST_CASE("messages in flight stay below the broker's Receive Maximum") {
    struct Row {
        const char* why;
        std::size_t receive_maximum, want;
    };
    const auto row = GENERATE(values<Row>({
        {"MQTT 5's default: our own limit holds", 65535, 16},
        {"just enough for 16 beside the margin", 20, 16},
        {"one less", 19, 15},
        {"one above the margin", 5, 1},
        {"the margin itself still lets one through", 4, 1},
        {"a broker that says 1 still gets facts, one by one", 1, 1},
        {"unreadable counts as smallest", 0, 1},
    }));
    INFO(row.why);
    Window w = opened(0, row.receive_maximum);
    for (std::size_t i = 0; i < row.want; ++i) {
        REQUIRE(w.room_facts() == 64);
        w.sent(1, 10, t0);
    }
    CHECK(w.room_facts() == 0);
    w.confirmed();
    CHECK(w.room_facts() == 64);
}

TEST_CASE("the broker's confirmation frees a slot and nothing else") {
    Window w = opened(0);
    w.sent(64, 100000, t0);
    w.confirmed();
    CHECK(w.cursor() == 0);
    CHECK(w.in_flight() == 0);
    CHECK(w.waits_for_ack());
    w.confirmed();  // one too many, e.g. of presence: no slot is invented
    CHECK(w.in_flight() == 0);
}

TEST_CASE("2 MiB at most wait for the platform's ack, and one message has 128 KiB") {
    Window w = opened(0);
    CHECK(w.room_bytes() == 131072);
    for (int i = 0; i < 15; ++i) w.sent(1, 131072, t0), w.confirmed();
    w.sent(1, 131071, t0), w.confirmed();
    CHECK(w.room_bytes() == 1);
    w.sent(1, 1, t0), w.confirmed();
    CHECK(w.room_bytes() == 0);
    CHECK(w.acked("e1", 17, 17, t0) == Window::Ack::moved);
    CHECK(w.room_bytes() == 131072);
}

TEST_CASE("joined bytes count brackets and commas") {
    CHECK(sync::joined_bytes(0, 0) == 2);
    CHECK(sync::joined_bytes(1, 10) == 12);
    CHECK(sync::joined_bytes(64, 640) == 640 + 63 + 2);
}

TEST_CASE("only an ack of this epoch that is new and not ahead moves the cursor") {
    struct Row {
        const char* why;
        const char* epoch;
        std::uint64_t through;
        Window::Ack want;
        std::uint64_t cursor;
    };
    const auto row = GENERATE(values<Row>({
        {"progress", "e1", 150, Window::Ack::moved, 150},
        {"all that was committed", "e1", 200, Window::Ack::moved, 200},
        {"one beyond what was committed", "e1", 201, Window::Ack::ahead, 100},
        {"the cursor again", "e1", 100, Window::Ack::nothing_new, 100},
        {"behind the cursor", "e1", 99, Window::Ack::nothing_new, 100},
        {"the platform has nothing", "e1", 0, Window::Ack::nothing_new, 100},
        {"another epoch", "e0", 150, Window::Ack::other_epoch, 100},
        {"another epoch, and ahead: still only another epoch", "e0", 999, Window::Ack::other_epoch, 100},
        {"sent on an earlier connection, not on this one", "e1", 190, Window::Ack::moved, 190},
    }));
    INFO(row.why);
    Window w = opened(100);
    send(w, 64);
    CHECK(w.acked(row.epoch, row.through, 200, t0) == row.want);
    CHECK(w.cursor() == row.cursor);
    CHECK(w.next() == std::max<std::uint64_t>(165, row.cursor + 1));
}

TEST_CASE("the position returns to the cursor after 5 s, then 10, 20, 40, 60, 60, and after 5 again on progress") {
    Window w = opened(10);
    BootTime now = t0;
    CHECK_FALSE(w.deadline());
    CHECK_FALSE(w.expire(now + 1000000));  // nothing waits, nothing expires
    for (const std::int64_t timeout : {5000, 10000, 20000, 40000, 60000, 60000}) {
        CAPTURE(timeout);
        w.sent(5, 50, now), w.confirmed();
        CHECK_FALSE(w.expire(now + (timeout - 1)));
        CHECK(w.next() == 16);
        CHECK(w.expire(now + timeout));
        CHECK(w.next() == 11);
        CHECK_FALSE(w.waits_for_ack());
        now = now + timeout;
    }
    w.sent(5, 50, now), w.confirmed();
    CHECK(w.acked("e1", 12, 100, now) == Window::Ack::moved);
    CHECK(w.timeout_ms() == 5000);
    CHECK_FALSE(w.expire(now + 4999));
    CHECK(w.expire(now + 5000));
    CHECK(w.next() == 13);  // the part of the batch that was acked is not sent again
}

TEST_CASE("a new connection is no progress: the ack timeout stays until the cursor moves") {
    struct Row {
        const char* why;
        const char* epoch;
        std::uint64_t cursor;
        std::int64_t timeout_ms;
    };
    const auto row = GENERATE(values<Row>({{"the same cursor", "e1", 10, 20000},
                                           {"an ack came in between", "e1", 11, 5000},
                                           {"another epoch", "e2", 0, 5000}}));
    INFO(row.why);
    Window w = opened(10);
    BootTime now = t0;
    for (const std::int64_t timeout : {5000, 10000}) {
        w.sent(5, 50, now);
        REQUIRE(w.expire(now + timeout));
        now = now + timeout;
    }
    w.open(row.epoch, row.cursor, 65535);
    CHECK(w.timeout_ms() == row.timeout_ms);
}

TEST_CASE("a slow platform that makes progress is not sent everything again") {
    Window w = opened(0);
    send(w, 640, t0);
    CHECK(w.acked("e1", 64, 640, t0 + 4000) == Window::Ack::moved);
    CHECK_FALSE(w.expire(t0 + 8999));
    CHECK(w.expire(t0 + 9000));
}

TEST_CASE("messages that the broker still holds count after the position went back") {
    Window w = opened(0);
    for (int i = 0; i < 16; ++i) w.sent(64, 1000, t0);
    REQUIRE(w.expire(t0 + 5000));
    CHECK(w.room_facts() == 0);
    w.confirmed();
    CHECK(w.room_facts() == 64);
    CHECK(w.next() == 1);
    w.open("e1", 0, 65535);  // a new connection: they died with the old one
    CHECK(w.in_flight() == 0);
}

TEST_CASE("a new epoch starts at its own cursor and keeps what is in flight") {
    Window w = opened(50);
    w.sent(10, 100, t0);
    w.follow("e2", 0);
    CHECK(w.next() == 1);
    CHECK(w.in_flight() == 1);
    CHECK(w.acked("e1", 55, 60, t0) == Window::Ack::other_epoch);
    CHECK(w.acked("e2", 1, 1, t0) == Window::Ack::moved);
}

TEST_CASE("reconnect waits are drawn below a ceiling that doubles from 1 s to 60 s") {
    Backoff b(42, 1000, 60000);
    for (const std::int64_t ceiling : {1000, 2000, 4000, 8000, 16000, 32000, 60000, 60000}) {
        CHECK(b.ceiling_ms() == ceiling);
        const auto wait = b.next_ms();
        CHECK(wait >= 0);
        CHECK(wait <= ceiling);
    }
    b.reset();
    CHECK(b.ceiling_ms() == 1000);
}

TEST_CASE("reconnect waits use their whole range, differ by seed and repeat by seed") {
    std::int64_t least = 60000, most = 0, differ = 0;
    Backoff a(1, 60000, 60000), same(1, 60000, 60000), other(2, 60000, 60000);
    for (int i = 0; i < 200; ++i) {
        const auto wait = a.next_ms();
        CHECK(wait == same.next_ms());
        differ += wait != other.next_ms() ? 1 : 0;
        least = std::min(least, wait);
        most = std::max(most, wait);
    }
    CHECK(least < 3000);
    CHECK(most > 57000);
    CHECK(differ > 190);
}
