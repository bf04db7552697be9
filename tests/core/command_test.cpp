#include <catch2/catch.hpp>

#include "lane_fixture.hpp"

using namespace hefang;
using namespace hefang::core;
using namespace hefang::core::test;

namespace {

const std::string released_at = "20261123090000";

/// A sorter line with parcel 1 decided release at 0.
struct Released : Line {
    Released() : Line(true) {
        declare("YT1", 1000_g, {{800, released_at}});
        sorter_up();
        induct(1);
        scan({"YT1"});
    }
    PassageActuated ended() {
        const auto all_ended = all<PassageActuated>();
        REQUIRE(all_ended.size() == 1);
        return all_ended.front();
    }
};

}  // namespace

TEST_CASE("a stricter revision is wanted until the passage ends, not only as long as the first command") {
    const auto [at, wanted] = GENERATE(table<std::int64_t, bool>({{10'000, true}, {10'001, true}, {30'000, true}, {30'001, false}}));
    Released line;
    line.ack(1);
    line.ms += at;
    line.add_receipt("YT1", 500, "20261123093000");
    REQUIRE(line.commands().size() == (wanted ? 1 : 0));
    if (wanted) CHECK(line.commands()[0].valid_until == line.state.open.all().begin()->second.confirm_until);
}

TEST_CASE("what is said of a command and its parcel") {
    using enum reading::AckCode;
    struct Row {
        const char* why;
        std::optional<reading::AckCode> first, second;  ///< answers to release, and to the inspection that follows
        std::uint16_t chute;
        std::int32_t commanded;
        Actuation result;
        bool left;
    };
    const auto row = GENERATE(values<Row>({
        {"as told", accepted, {}, 1, 1, Actuation::diverted, true},
        {"as told, the second time", accepted, accepted, 2, 2, Actuation::diverted, false},
        {"the second too late: the first was done", accepted, too_late, 1, 2, Actuation::late, true},
        {"the first too late", too_late, {}, 2, 1, Actuation::late, false},
        {"never answered", {}, {}, 2, 1, Actuation::late, false},
        {"chute full", lane_full, {}, 2, 1, Actuation::missed, false},
        {"not in automatic mode", not_in_auto, {}, 2, 1, Actuation::missed, false},
        {"unknown to the PLC", unknown_sequence, {}, 2, 1, Actuation::missed, false},
        {"the second refused: the default took it, and that is no diversion", accepted, lane_full, 2, 2, Actuation::missed, false},
    }));
    INFO(row.why);
    Released line;
    if (row.first) line.ack(1, 1, *row.first);
    if (row.second) {
        line.add_receipt("YT1", 500, "20261123093000");
        line.ack(1, 2, *row.second);
        CHECK(line.commands().empty());
    }
    line.confirm(1, row.chute);
    CHECK(line.ended().commanded == row.commanded);
    CHECK(line.ended().result == row.result);
    CHECK(line.ended().left_by_release == row.left);
}

TEST_CASE("the answer to an earlier revision says nothing of the newer one") {
    Released line;
    line.add_receipt("YT1", 500, "20261123093000");
    line.ack(1, 1);
    line.ack(1, 2, reading::AckCode::too_late);
    line.confirm(1, 1);
    CHECK(line.ended().left_by_release);
    CHECK(line.ended().result == Actuation::late);
}

TEST_CASE("a parcel that is gone before its verdict, or whose conversation is over, was commanded nowhere") {
    Line line(true);
    line.sorter_up();
    line.induct(1);
    const bool confirmed = GENERATE(true, false);
    if (confirmed) line.confirm(1, 2);
    else line.sorter_down();
    const auto ended = line.all<PassageActuated>();
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].commanded == 0);
    CHECK(ended[0].result == (confirmed ? Actuation::late : Actuation::unknown));
}

TEST_CASE("a lane whose sorter has no chute to the scale inspects at once") {
    Line line(true, true);
    line.lane().reweighs = GENERATE(true, false);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.sorter_up();
    line.induct(1);
    line.scan({"YT1"});
    line.weigh_in(1051_g);
    CHECK(line.passage(1).parcel_class == (line.lane().reweighs ? ParcelClass::reweigh : ParcelClass::inspect));
}

TEST_CASE("a declared weight that changes before the divert is compared again") {
    Line line(true, true);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.sorter_up();
    line.induct(1);
    line.scan({"YT1"});
    line.weigh_in(1000_g);
    REQUIRE(line.passage(1).verdict == Verdict::release);
    line.known.clearances["YT1"].inventories[0].versions[0].gross = GENERATE(9000_g, 1040_g);
    const bool off = line.known.clearances["YT1"].inventories[0].versions[0].gross == 9000_g;
    line.give(RegisterChanged{"YT1", std::nullopt});
    CHECK((line.passage(1).verdict == Verdict::inspect) == off);
    if (off) CHECK(line.passage(1).weight->declared == 9000_g);
}
