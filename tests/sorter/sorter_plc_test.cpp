#include "hil/sorter_plc.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using hil::SorterPlc;
namespace map = codec::sorter;

namespace {

/// A PLC at time 0 with an edge that has offered session 50 and beats once a call of beat().
struct Bench {
    SorterPlc plc{{.travel_ms = 300, .leave_ms = 50, .watchdog_ms = 1000, .heartbeat_ms = 100}, {0}, 7};
    std::uint16_t beats = 0;

    bool write(int first, std::vector<std::uint16_t> values) { return plc.write(first, values); }
    void beat() { CHECK(write(map::reg_edge_heartbeat, {++beats})); }
    void begin(std::uint16_t session = 50) {
        CHECK(write(map::reg_edge_session, {session}));
        beat();
    }
    std::uint16_t command(map::CommandEntry entry, std::uint16_t session = 50, std::size_t slot = 0) {
        map::Commands block;
        block.session = session;
        block.slots[slot] = entry;
        const auto before = plc.status().ack_count;
        CHECK(plc.write(map::reg_command_block, map::encode_commands(block)));
        if (plc.status().ack_count == before) return 0;
        return plc.status().acks[map::newest_index(plc.status().ack_count)].code;
    }
};

}  // namespace

TEST_CASE("sorter PLC: a session is accepted only with a running heartbeat, and never twice") {
    Bench b;
    CHECK(b.write(map::reg_edge_session, {50}));
    CHECK(b.plc.status().accepted_session == 0);  // no heartbeat yet
    b.beat();
    CHECK(b.plc.status().accepted_session == 50);
    CHECK(b.plc.status().echo == 1);
    b.plc.advance({1000});
    CHECK(b.plc.status().accepted_session == 50);  // unchanged for exactly the limit
    b.plc.advance({1001});
    CHECK(b.plc.status().accepted_session == 0);
    b.beat();
    CHECK(b.plc.status().accepted_session == 0);  // the old number is used up
    CHECK(b.write(map::reg_edge_session, {51}));
    CHECK(b.plc.status().accepted_session == 0);  // beats of the old session do not count for the new one
    b.beat();
    CHECK(b.plc.status().accepted_session == 51);
}

TEST_CASE("sorter PLC: the answer to a command") {
    struct Row {
        const char* why;
        std::int64_t at;
        std::uint16_t session;
        map::CommandEntry entry;
        std::uint16_t code;
        std::uint16_t goes_to;
    };
    const auto row = GENERATE(values<Row>({
        {"in time", 299, 50, {1, 4, 0, 2}, 1, 4},
        {"the item is at the divert", 300, 50, {1, 4, 0, 2}, 2, 3},
        {"the item has left", 350, 50, {1, 4, 0, 2}, 2, 3},
        {"no such item", 10, 50, {2, 4, 0, 2}, 3, 3},
        {"an earlier decision than the one in force", 10, 50, {1, 4, 0, 0}, 2, 3},
        {"chute full: the default takes it", 10, 50, {1, 6, 0, 2}, 4, 2},
        {"another session is ignored", 10, 49, {1, 4, 0, 2}, 0, 3},
    }));
    INFO(row.why);
    Bench b;
    b.begin();
    b.plc.set_full(6, true);
    b.plc.induct(std::nullopt, 300);
    CHECK(b.command({1, 3, 0, 1}) == 1);
    b.plc.advance({row.at});
    CHECK(b.command(row.entry, row.session, 1) == row.code);
    b.plc.advance({400});
    REQUIRE(b.plc.diversions().size() == 1);
    CHECK(b.plc.diversions()[0].chute == row.goes_to);
    CHECK(b.plc.diversions()[0].by_default == (row.code == 4));
}

TEST_CASE("sorter PLC: a newer decision that cannot be done takes the one before out of force") {
    Bench b;
    b.begin();
    b.plc.induct(std::nullopt, 300);
    CHECK(b.command({1, 3, 0, 1}) == 1);
    const bool manual = GENERATE(true, false);
    if (manual)
        b.plc.set_manual(true);
    else
        b.plc.set_full(4, true);
    CHECK(b.command({1, 4, 0, 2}, 50, 1) == (manual ? 5 : 4));
    b.plc.set_manual(false);
    CHECK(b.command({1, 3, 0, 1}, 50, 2) == 2);  // and it does not come back
    b.plc.advance({400});
    REQUIRE(b.plc.diversions().size() == 1);
    CHECK(b.plc.diversions()[0].by_default);
    CHECK(b.plc.diversions()[0].chute == 2);
}

TEST_CASE("sorter PLC: a lost heartbeat, a new session and a chute of 0 all mean the default chute") {
    Bench b;
    b.begin();
    SECTION("heartbeat lost") {
        b.plc.advance({900});
        b.plc.induct(std::nullopt, 300);
        CHECK(b.command({1, 4, 0, 1}) == 1);
        b.plc.advance({1001});
    }
    SECTION("new session") {
        b.plc.induct(std::nullopt, 300);
        CHECK(b.command({1, 4, 0, 1}) == 1);
        b.begin(51);
    }
    SECTION("chute 0") {
        b.plc.induct(std::nullopt, 300);
        CHECK(b.command({1, 0, 0, 1}) == 1);
    }
    b.plc.advance({2000});
    REQUIRE(b.plc.diversions().size() == 1);
    CHECK(b.plc.diversions()[0].by_default);
    CHECK(b.plc.diversions()[0].chute == 2);
}

TEST_CASE("sorter PLC: a block written again is not commanded again") {
    Bench b;
    b.begin();
    b.plc.induct(std::nullopt, 300);
    CHECK(b.command({1, 4, 0, 1}) == 1);
    CHECK(b.command({1, 4, 0, 1}) == 0);
    CHECK(b.plc.received().size() == 1);
}

TEST_CASE("sorter PLC: only the edge's registers can be written") {
    Bench b;
    CHECK_FALSE(b.write(map::reg_plc_heartbeat, {1}));
    CHECK_FALSE(b.write(map::reg_edge_heartbeat, {1, 2}));
    CHECK_FALSE(b.write(map::reg_command_block - 1, {1, 2}));
    CHECK_FALSE(b.write(map::reg_command_block, std::vector<std::uint16_t>(map::command_size + 1)));
    CHECK(b.plc.status().edge_heartbeat == 0);
}

TEST_CASE("sorter PLC: a restart forgets all and has another start number") {
    Bench b;
    b.begin();
    b.plc.induct(std::nullopt, 300);
    b.plc.restart();
    CHECK(b.plc.status().start == 8);
    CHECK(b.plc.status().accepted_session == 0);
    CHECK(b.plc.status().induction_count == 0);
    CHECK(b.plc.on_belt() == 0);
    b.plc.advance({1000});
    CHECK(b.plc.diversions().empty());
}
