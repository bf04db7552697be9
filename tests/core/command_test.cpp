#include "lane_fixture.hpp"

#include <catch2/catch.hpp>

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
    const auto at = GENERATE(std::int64_t{10'000}, 10'001, 30'000);
    Released line;
    line.ack(1);
    line.after(at);
    line.add_receipt("YT1", 500, "20261123093000");
    REQUIRE(line.commands().size() == 1);
    CHECK(line.commands()[0].valid_until == line.at() + line.lane().confirm_within_ms);
}

TEST_CASE("commands that take a release back go first, those of overdue parcels last") {
    Line line(true);
    for (int n = 1; n <= 4; ++n)
        line.declare("YT" + std::to_string(n), 1000_g, {{800, released_at}}, "cop-" + std::to_string(n));
    line.sorter_up();
    const auto parcel = [&](std::uint16_t n, std::int64_t after) {
        line.after(after);
        line.induct(n);
        line.scan({"YT" + std::to_string(n)});
    };
    parcel(1, 0);
    line.ack(1);
    parcel(2, 26'000);
    parcel(3, 600);
    parcel(4, 600);
    line.after(2'801);  // the first is overdue
    line.add_receipt("YT3", 500, "20261123093000");
    std::vector<std::uint16_t> order;
    for (const auto& c : line.commands()) order.push_back(c.sequence);
    CHECK(order == std::vector<std::uint16_t>{3, 2, 4, 1});
}

TEST_CASE("an overdue parcel whose taking back was never answered is commanded once more") {
    Released line;
    line.ack(1);
    line.add_receipt("YT1", 500, "20261123093000");
    line.after(30'001);
    REQUIRE(line.commands().size() == 1);
    CHECK(line.commands()[0].valid_until == line.at() + 30'000);
    CHECK(line.passage(1).revision == 2);
}

TEST_CASE("a number that comes round belongs to its new item") {
    struct Row {
        const char* why;
        std::uint16_t next;
        bool ends;
    };
    const auto row = GENERATE(values<Row>({
        {"the same number", 1, true},
        {"half a round later", 32'769, true},
        {"one before that", 32'768, false},
        {"one after that", 32'770, false},
    }));
    INFO(row.why);
    Released line;
    line.ack(1);
    line.after(30'001);
    line.induct(row.next);
    CHECK(line.all<PassageActuated>().size() == (row.ends ? 1 : 0));
    if (row.ends) CHECK(line.ended().result == Actuation::unknown);
}

TEST_CASE("a telegram that names an overdue item") {
    Released line;
    line.ack(1);
    line.after(30'001);
    SECTION("with other codes is of the next item of that number") {
        line.scan({"YT2"}, 1);
        CHECK(line.passage(1).revision == 2);
        line.induct(1);
        CHECK(line.passage(1).waybill == "YT2");
    }
    SECTION("with its own codes says nothing new: the belt stands in front of the reader") {
        line.scan({"YT1"}, 1);
        line.after(float_for_ms);
        CHECK(line.without_place().empty());
        CHECK(line.passage(1).revision == 2);
    }
}

TEST_CASE("a belt that stands: what is not confirmed in time is opened, and stays on the books while the PLC talks") {
    const auto [stood, doubted] = GENERATE(table<std::int64_t, bool>({{30'000, false}, {30'001, true}}));
    Released line;
    line.ack(1);
    line.after(stood);
    REQUIRE(line.commands().size() == (doubted ? 1 : 0));
    CHECK(line.all<PassageActuated>().empty());
    CHECK((line.passage(1).verdict == Verdict::inspect) == doubted);
    if (!doubted) return;
    CHECK(line.commands()[0].chute == 2);
    CHECK(line.commands()[0].valid_until == line.at() + 30'000);

    SECTION("it goes where it was sent last") {
        line.ack(1, 2);
        line.after(100'000);
        line.confirm(1, 2);
        CHECK(line.ended().result == Actuation::diverted);
        CHECK_FALSE(line.ended().left_by_release);
    }
    SECTION("it left by release all the same, and that is not forgotten") {
        line.ack(1, 2, reading::AckCode::too_late);
        line.after(100'000);
        line.confirm(1, 1);
        CHECK(line.ended().left_by_release);
        line.induct(2);
        line.scan({"YT1"});
        CHECK(line.passage(2).reasons.front() == Reason::duplicate_waybill);
        CHECK(line.passage(2).duplicate_of == line.passage(1).passage);
    }
    SECTION("a hold that comes still later is commanded, with time of its own") {
        line.ack(1, 2);
        line.after(70'000);
        line.known.clearances["YT1"].inventories[0].receipts.clear();
        line.add_receipt("YT1", 600, "20261123093000");
        REQUIRE(line.passage(1).verdict == Verdict::hold);
        REQUIRE(line.commands().size() == 1);
        CHECK(line.commands()[0].revision == 3);
        CHECK(line.commands()[0].valid_until == line.at() + 30'000);
    }
    SECTION("the conversation ends, and with it all that is known of the parcel") {
        line.sorter_down();
        CHECK(line.ended().result == Actuation::unknown);
    }
    SECTION("no answer: it is not commanded for ever") {
        line.after(30'001);
        CHECK(line.commands().empty());
        CHECK(line.all<PassageActuated>().empty());
    }
}

TEST_CASE("passages that wait for a confirmation past their time are bounded, the oldest end") {
    Line line(true);
    line.sorter_up();
    for (std::size_t n = 1; n <= max_overdue + 2; ++n) {
        line.induct(static_cast<std::uint16_t>(n));
        line.scan({"ZZ" + std::to_string(n)});
    }
    line.after(line.lane().confirm_within_ms + 1);
    const auto ended = line.all<PassageActuated>();
    REQUIRE(ended.size() == 2);
    CHECK(ended[0].waybill == "ZZ1");
    CHECK(ended[1].waybill == "ZZ2");
    CHECK(ended[0].result == Actuation::unknown);
    CHECK(line.state.open.all().size() == max_overdue);
}

TEST_CASE("the same number again while the first parcel may still leave by release") {
    using enum reading::AckCode;
    struct Row {
        const char* why;
        std::optional<reading::AckCode> second;  ///< answer to the inspection that replaced the release
        bool duplicate;
    };
    const auto row = GENERATE(values<Row>({
        {"not answered yet", {}, true},
        {"too late: the release stands", too_late, true},
        {"the PLC does not know it: it may have left", unknown_sequence, true},
        {"taken", accepted, false},
        {"refused: the default takes it", lane_full, false},
    }));
    INFO(row.why);
    Released line;
    line.ack(1);
    line.tracking_lost();
    REQUIRE(line.passage(1).verdict == Verdict::inspect);
    if (row.second) line.ack(1, 2, *row.second);
    line.after(2'000);
    line.induct(2);  // unsure itself, as the one behind lost tracking
    line.after(2'000);
    line.induct(3);
    line.scan({"YT1"});
    CHECK((line.passage(3).verdict == Verdict::hold) == row.duplicate);
    CHECK((line.passage(3).verdict == Verdict::release) != row.duplicate);
    CHECK(line.passage(3).duplicate_of == (row.duplicate ? line.passage(1).passage : PassageId()));
}

TEST_CASE("a second number of the label that becomes known before the divert takes the release back") {
    Line line(true);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.sorter_up();
    line.induct(1);
    line.scan({"YT1", "YT9"});
    REQUIRE(line.passage(1).verdict == Verdict::release);
    line.declare("YT9", 1000_g, {{800, released_at}}, "cop-9");
    line.give(RegisterChanged{"YT9", std::nullopt});
    CHECK(line.passage(1).revision == 2);
    CHECK(line.passage(1).verdict == Verdict::hold);
    CHECK(line.passage(1).reasons.front() == Reason::two_waybills);
    line.give(RegisterChanged{"YT9", std::nullopt});
    CHECK(line.passage(1).revision == 2);
}

TEST_CASE("a command that never went to the sorter's driver commanded nothing") {
    Released line;
    line.hands_out = false;
    line.after(600);
    line.induct(2);
    line.scan({"YT2"});
    line.sorter_down();
    const auto ended = line.all<PassageActuated>();
    REQUIRE(ended.size() == 2);
    CHECK(ended[0].commanded == 1);
    CHECK(ended[1].commanded == 0);
}

TEST_CASE("a revision that was not handed out is not said to be commanded by the command before it") {
    Released line;
    line.hands_out = false;
    line.add_receipt("YT1", 500, "20261123093000");
    line.sorter_down();
    CHECK(line.ended().revision == 2);
    CHECK(line.ended().commanded == 0);
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
        {"unknown to the PLC", unknown_sequence, {}, 2, 1, Actuation::late, false},
        {"the second unknown to it: what it did before stands", accepted, unknown_sequence, 1, 2, Actuation::late,
         true},
        {"the second refused: the default took it, and that is no diversion", accepted, lane_full, 2, 2,
         Actuation::missed, false},
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
    if (confirmed)
        line.confirm(1, 2);
    else
        line.sorter_down();
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
