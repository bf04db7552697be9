#include "plc/sorter_map.hpp"

#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

using namespace hefang;
namespace map = codec::sorter;

namespace {

/// Registers that hold their own address plus 1000: a field taken from a wrong place shows its number.
template <std::size_t N>
std::array<std::uint16_t, N> numbered() {
    std::array<std::uint16_t, N> out{};
    std::iota(out.begin(), out.end(), std::uint16_t{1000});
    return out;
}

}  // namespace

TEST_CASE("sorter map: every field of the status block lies where docs/sorter-map.md says") {
    const auto s = map::decode_status(numbered<map::status_size>()).value();
    struct Row {
        const char* why;
        std::uint32_t got;
        std::uint32_t want;
    };
    const auto row = GENERATE_COPY(values<Row>({
        {"edge heartbeat 0", s.edge_heartbeat, 1000},
        {"PLC heartbeat 1", s.plc_heartbeat, 1001},
        {"echo 2", s.echo, 1002},
        {"state 3", s.state, 1003},
        {"edge session 4", s.edge_session, 1004},
        {"start number 5", s.start, 1005},
        {"accepted session 6", s.accepted_session, 1006},
        {"induction count 7", s.induction_count, 1007},
        {"confirmation count 8", s.confirmation_count, 1008},
        {"ack count 9", s.ack_count, 1009},
        {"first ack 10", s.acks[0].sequence, 1010},
        {"revision of the first ack 11", s.acks[0].revision, 1011},
        {"code of the last ack 33", s.acks[7].code, 1033},
        {"first induction 34", s.inductions[0].sequence, 1034},
        {"length 35", s.inductions[0].length_mm, 1035},
        {"position, high word first 36-37", s.inductions[0].position, 1036U << 16U | 1037U},
        {"last position 64-65", s.inductions[7].position, 1064U << 16U | 1065U},
        {"first confirmation 66", s.confirmations[0].sequence, 1066},
        {"chute 67", s.confirmations[0].chute, 1067},
        {"result of the last confirmation 89", s.confirmations[7].result, 1089},
    }));
    INFO(row.why);
    CHECK(row.got == row.want);
}

TEST_CASE("sorter map: every field of the command block lies where docs/sorter-map.md says") {
    const auto c = map::decode_commands(numbered<map::command_size>()).value();
    CHECK(c.session == 1000);  // register 100
    CHECK(c.slots[0] == map::CommandEntry{1001, 1002, 1003, 1004});
    CHECK(c.slots[7] == map::CommandEntry{1029, 1030, 1031, 1032});  // …132
}

TEST_CASE("sorter map: the first command of the worked exchange in docs/sorter-map.md") {
    map::Commands c;
    c.session = 23456;
    c.slots[0] = {.sequence = 19, .chute = 1, .reason = 0, .revision = 1};
    map::CommandRegisters want{0x5BA0, 0x0013, 0x0001, 0x0000, 0x0001};
    CHECK(map::encode_commands(c) == want);
}

TEST_CASE("sorter map: encoding gives back the same registers") {
    const auto status = numbered<map::status_size>();
    CHECK(map::encode_status(map::decode_status(status).value()) == status);
    const auto commands = numbered<map::command_size>();
    CHECK(map::encode_commands(map::decode_commands(commands).value()) == commands);
}

TEST_CASE("sorter map: both blocks fit one request of the protocol") {
    CHECK(map::status_size <= 125);
    CHECK(map::command_size <= 123);
    CHECK(65536 % map::depth == 0);
}

TEST_CASE("sorter map: any other number of registers is refused") {
    const std::vector<std::uint16_t> registers(200);
    const std::span<const std::uint16_t> all(registers);
    for (std::size_t n = 0; n <= registers.size(); ++n) {
        CAPTURE(n);
        CHECK(map::decode_status(all.first(n)).has_value() == (n == map::status_size));
        CHECK(map::decode_commands(all.first(n)).has_value() == (n == map::command_size));
    }
    CHECK(map::decode_status(all.first(89)).error().code == Errc::refused);
}

TEST_CASE("sorter map: news of a ring") {
    struct Row {
        const char* why;
        std::uint16_t seen, count;
        map::RingNews want;
    };
    const auto row = GENERATE(values<Row>({
        {"nothing came", 5, 5, {5, 0, 0}},
        {"the very first entry is at index 0", 0, 1, {0, 1, 0}},
        {"one more", 5, 6, {5, 1, 0}},
        {"over the end of the ring", 7, 10, {7, 3, 0}},
        {"exactly full: nothing lost yet", 5, 13, {5, 8, 0}},
        {"one too many: one lost, the eight newest are there", 5, 14, {6, 8, 1}},
        {"the count wraps", 65535, 1, {7, 2, 0}},
        {"the count wraps and the ring is overrun", 65530, 10, {2, 8, 8}},
        {"a count that goes back is an overrun, not nothing", 6, 5, {5, 8, 65527}},
    }));
    INFO(row.why);
    CHECK(map::ring_news(row.seen, row.count) == row.want);
}

TEST_CASE("sorter map: the newest entry and the next number") {
    CHECK(map::newest_index(1) == 0);
    CHECK(map::newest_index(8) == 7);
    CHECK(map::newest_index(9) == 0);
    CHECK(map::newest_index(0) == 7);  // 65536 entries so far
    CHECK(map::next_sequence(1) == 2);
    CHECK(map::next_sequence(65534) == 65535);
    CHECK(map::next_sequence(65535) == 1);  // 0 stands for "none"
}

TEST_CASE("sorter map: what keeps the PLC from obeying, in words") {
    struct Row {
        std::uint16_t state;
        const char* want;
    };
    const auto row = GENERATE(values<Row>({
        {0x0001, ""},
        {0x0000, "not running"},
        {0x0002, "emergency stop, not running"},
        {0x0005, "manual mode"},
        {0x0009, "fault"},
        {0x0101, "chute 1 full"},
        {0x8801, "chute 4 full, chute 8 full"},
        {0x00F1, ""},
    }));
    CAPTURE(row.state);
    CHECK(map::condition(row.state) == row.want);
}
