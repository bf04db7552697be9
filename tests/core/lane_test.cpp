#include "lane_fixture.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::core;
using namespace hefang::core::test;

namespace {

const std::string released_at = "20261123090000";

PassageDecided only(const Line& line) {
    const auto all = line.all<PassageDecided>();
    REQUIRE(all.size() == 1);
    return all.front();
}

}  // namespace

TEST_CASE("without a sorter each telegram is one parcel, decided in the turn that reads it") {
    Line line(false);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.scan({"YT1"});
    const auto d = only(line);
    CHECK(d.verdict == Verdict::release);
    CHECK(d.reasons == std::vector{Reason::customs_released});
    CHECK(d.waybill == "YT1");
    CHECK(d.attempt == 1);
    CHECK(d.chute == 0);
    CHECK(line.all<PassageActuated>().empty());
}

TEST_CASE("what the label says") {
    struct Row {
        const char* why;
        std::vector<std::string> codes;
        Reason headline;
        std::string waybill;
    };
    const auto row = GENERATE(values<Row>({
        {"nobody knows the number: it is kept as scanned", {"ZZ9"}, Reason::no_inventory, "ZZ9"},
        {"the known one of several codes is the waybill", {"6901234567892", "YT1"}, Reason::customs_released, "YT1"},
        {"two known numbers on one parcel", {"YT1", "YT2"}, Reason::two_waybills, "YT1"},
        {"the reader could not read", {}, Reason::no_read, ""},
    }));
    INFO(row.why);
    Line line(false);
    line.declare("YT1", 1000_g, {{800, released_at}}, "cop-1");
    line.declare("YT2", 1000_g, {{800, released_at}}, "cop-2");
    line.scan(row.codes);
    const auto d = only(line);
    CHECK(d.reasons.front() == row.headline);
    CHECK(d.waybill == row.waybill);
}

TEST_CASE("reads of one parcel collapse within same_parcel_ms and not after") {
    const auto [gap, passages] = GENERATE(table<std::int64_t, std::size_t>({{1'500, 1}, {1'501, 2}}));
    Line line(false);
    line.scan({"YT1"});
    line.ms += gap;
    line.scan({"YT1"});
    CHECK(line.all<PassageDecided>().size() == passages);
}

TEST_CASE("a number decided release without sorter comes back as a duplicate, with its attempt number") {
    Line line(false);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.scan({"YT1"});
    line.ms += 5'000;
    line.scan({"YT1"});
    const auto all = line.all<PassageDecided>();
    REQUIRE(all.size() == 2);
    CHECK(all[1].attempt == 2);
    CHECK(all[1].verdict == Verdict::hold);
    CHECK(all[1].reasons.front() == Reason::duplicate_waybill);
}

TEST_CASE("a slot takes the telegram of its window, and the verdict is commanded in its session") {
    Line line(true);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.sorter_up();
    line.induct(11);
    line.ms += 120;
    line.scan({"YT1"});
    const auto d = only(line);
    CHECK(d.sequence == 11);
    CHECK(d.session == 7);
    CHECK(d.chute == 1);
    const auto commands = line.commands();
    REQUIRE(commands.size() == 1);
    CHECK(commands[0].sequence == 11);
    CHECK(commands[0].chute == 1);

    line.ack(11);
    CHECK(line.commands().empty());
    line.confirm(11, 1);
    const auto ended = line.all<PassageActuated>();
    REQUIRE(ended.size() == 1);
    CHECK(ended[0].result == Actuation::diverted);
    CHECK(ended[0].left_by_release);
}

TEST_CASE("a reading that was pushed before its induction was polled still joins it") {
    Line line(true);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.sorter_up();
    line.scan({"YT1"});
    CHECK(line.facts.empty());
    SECTION("as long as polling may take") {
        line.ms += ring_slack_ms;
        line.induct(3);
        CHECK(only(line).sequence == 3);
        CHECK(only(line).verdict == Verdict::release);
    }
    SECTION("and not a millisecond longer: it was another parcel's") {
        line.ms += ring_slack_ms + 1;
        line.induct(3);
        CHECK(line.facts.empty());
        line.after(float_for_ms);
        line.after(line.lane().decide_within_ms);
        CHECK(line.passage(3).verdict != Verdict::release);
    }
}

TEST_CASE("a telegram without any slot is a parcel with lost tracking, and its neighbours are too") {
    Line line(true);
    line.declare("YT1", 1000_g, {{800, released_at}}, "c1");
    line.declare("YT2", 1000_g, {{800, released_at}}, "c2");
    line.sorter_up();
    line.scan({"YT1"});
    line.after(float_for_ms);
    REQUIRE(line.all<PassageDecided>().size() == 1);
    CHECK(line.all<PassageDecided>()[0].verdict == Verdict::inspect);
    CHECK(line.all<PassageDecided>()[0].session == 0);
    CHECK(line.commands().empty());

    line.induct(1);
    line.scan({"YT2"});
    CHECK(line.all<PassageDecided>()[1].reasons.front() == Reason::tracking_lost);

    SECTION("until what was on the line then is past its readers") {
        line.after(531);
        line.declare("YT3", 1000_g, {{800, released_at}}, "c3");
        line.induct(2);
        line.scan({"YT3"});
        CHECK(line.all<PassageDecided>()[2].verdict == Verdict::release);
    }
    SECTION("and not a millisecond earlier") {
        line.after(530);
        line.declare("YT3", 1000_g, {{800, released_at}}, "c3");
        line.induct(2);
        line.scan({"YT3"});
        CHECK(line.all<PassageDecided>()[2].verdict == Verdict::inspect);
    }
}

TEST_CASE("one telegram and two parcels without one: both are inspected, nothing is shifted") {
    Line line(true);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.sorter_up();
    line.induct(1);
    line.ms += 200;
    line.induct(2);
    line.ms += 100;
    line.scan({"YT1"});
    line.after(800);
    const auto all = line.all<PassageDecided>();
    REQUIRE(all.size() == 2);
    for (const auto& d : all) CHECK(d.verdict != Verdict::release);
}

TEST_CASE("a skipped induction sends what follows to inspect, not to its neighbour's verdict") {
    Line line(true);
    line.declare("YT1", 1000_g, {{800, released_at}}, "c1");
    line.sorter_up();
    line.tracking_lost();
    line.induct(2);
    line.scan({"YT1"});
    CHECK(only(line).verdict == Verdict::inspect);
    CHECK(only(line).reasons.front() == Reason::tracking_lost);
}

TEST_CASE("a no-read parcel keeps its slot, and so does one whose reader stays silent") {
    Line line(true);
    line.declare("YT2", 1000_g, {{800, released_at}});
    line.sorter_up();
    SECTION("the reader says no-read") {
        line.induct(1);
        line.scan({});
        line.ms += 600;
        line.induct(2);
        line.scan({"YT2"});
        const auto all = line.all<PassageDecided>();
        REQUIRE(all.size() == 2);
        CHECK(all[0].reasons.front() == Reason::no_read);
        CHECK(all[0].chute == 3);
        CHECK(all[1].sequence == 2);
        CHECK(all[1].verdict == Verdict::release);
    }
    SECTION("nothing comes within decide_within_ms") {
        line.induct(1);
        line.after(799);
        CHECK(line.facts.empty());
        line.after(1);
        CHECK(only(line).reasons.front() == Reason::no_read);
    }
    SECTION("the reader is known to be out of order") {
        line.give(reading::Reading{reading::DeviceLost{reader, line.at(), "unplugged"}});
        line.induct(1);
        line.after(800);
        CHECK(only(line).reasons.front() == Reason::device_fault);
    }
}

TEST_CASE("the scale is waited for, until decide_within_ms and no longer") {
    Line line(true, true);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.sorter_up();
    line.induct(1);
    line.scan({"YT1"});
    CHECK(line.facts.empty());
    SECTION("it answers within tolerance") {
        line.ms += 300;
        line.weigh_in(1050_g);
        CHECK(only(line).verdict == Verdict::release);
        CHECK(only(line).weight->measured == 1050_g);
        CHECK(only(line).weight->allowed == 50_g);
    }
    SECTION("one gram more is weighed again") {
        line.weigh_in(1051_g);
        CHECK(only(line).parcel_class == ParcelClass::reweigh);
        CHECK(only(line).chute == 2);
    }
    SECTION("it stays silent") {
        line.after(800);
        CHECK(only(line).reasons.front() == Reason::weight_missing);
    }
    SECTION("it is out of order: the parcel does not wait") {
        line.give(reading::Reading{reading::DeviceLost{scale, line.at(), "unplugged"}});
        CHECK(only(line).reasons.front() == Reason::weight_missing);
    }
    SECTION("two parcels wait for one weight: neither gets it") {
        line.declare("YT2", 1000_g, {{800, released_at}}, "c2");
        line.ms += 600;
        line.induct(2);
        line.scan({"YT2"});
        line.weigh_in(1000_g);
        const auto all = line.all<PassageDecided>();
        REQUIRE(all.size() == 2);
        for (const auto& d : all) CHECK(d.reasons.front() == Reason::weight_unstable);
    }
}

TEST_CASE("a core that was held up does not give a parcel up before it has looked at the telegram that waits") {
    Line line(true);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.sorter_up();
    const auto seen = line.at();
    line.ms += 5'000;
    line.give(reading::Reading{reading::Induction{sorter, seen, 7, 1, 300, seen}});
    line.give(reading::Reading{reading::CodesRead{reader, seen + 100, std::nullopt, {{"YT1", ""}}}});
    CHECK(only(line).waybill == "YT1");
    CHECK(only(line).sequence == 1);
}

TEST_CASE("telegrams are decided in the order in which they were read, even when a later one is complete first") {
    Line line(true, true);
    line.lane().weigh_window = {0, 150};
    for (const auto* w : {"YT1", "YT2"}) line.declare(w, 1000_g, {{800, released_at}}, w);
    line.sorter_up();
    line.induct(1);
    line.scan({"YT1"});
    line.ms += 200;
    line.induct(2);
    line.scan({"YT2"});
    line.weigh_in(1000_g);  // of the second alone: the first one's window is over
    CHECK(line.all<PassageDecided>().empty());
    line.after(600);
    const auto all = line.all<PassageDecided>();
    REQUIRE(all.size() == 2);
    CHECK(all[0].waybill == "YT1");
    CHECK(all[1].waybill == "YT2");
}

TEST_CASE("a hold that comes after the decision and before the divert changes the command") {
    Line line(true);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.sorter_up();
    line.induct(1);
    line.scan({"YT1"});
    line.ack(1);
    REQUIRE(line.commands().empty());
    line.add_receipt("YT1", 500, "20261123093000");
    const auto all = line.all<PassageDecided>();
    REQUIRE(all.size() == 2);
    CHECK(all[1].revision == 2);
    CHECK(all[1].passage == all[0].passage);
    CHECK(all[1].verdict == Verdict::inspect);
    CHECK(line.all<ReceiptTaken>().size() == 1);
    REQUIRE(line.commands().size() == 1);
    CHECK(line.commands()[0].revision == 2);
    CHECK(line.commands()[0].chute == 2);

    SECTION("the PLC's late ack of the first revision does not count for the second") {
        line.ack(1, 1);
        CHECK(line.commands().size() == 1);
    }
    SECTION("too late: the parcel went out by release, and that is said") {
        line.ack(1, 2, reading::AckCode::too_late);
        line.confirm(1, 1);
        CHECK(line.all<PassageActuated>()[0].result == Actuation::late);
    }
    SECTION("a later release never makes it milder") {
        line.add_receipt("YT1", 800, "20261123094000");
        CHECK(line.all<PassageDecided>().size() == 2);
    }
}

TEST_CASE("a receipt that changes nothing is no fact, nor one of a parcel never seen") {
    Line line(false);
    line.declare("YT1", 1000_g, {{800, released_at}}, "c1");
    line.declare("YT2", 1000_g, {{120, "20261123080000"}}, "c2");
    line.scan({"YT1"});
    line.add_receipt("YT1", 120, "20261123091000");
    line.add_receipt("YT2", 800, "20261123091000");
    CHECK(line.all<ReceiptTaken>().empty());
    line.add_receipt("YT1", 500, "20261123092000");
    CHECK(line.all<ReceiptTaken>().size() == 1);
}

TEST_CASE("a receipt after the exit is said, also when it changes nothing any more, and how late it was") {
    Line line(false);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.scan({"YT1"});
    line.add_receipt("YT1", 120, "20261123091000");
    CHECK(line.all<ReceiptTaken>().empty());
    line.add_receipt("YT1", 502, "20261123092000");
    line.add_receipt("YT1", 500, "20261123091000");
    const auto told = line.all<ReceiptTaken>();
    REQUIRE(told.size() == 2);
    for (const auto& t : told) CHECK(t.after_exit);
}

TEST_CASE("a receipt more than ten minutes old when it comes is late, both sides") {
    const auto [age, late] = GENERATE(table<std::int64_t, bool>({{600, false}, {601, true}}));
    Line line(true);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.sorter_up();
    line.induct(1);
    line.scan({"YT1"});
    Receipt r;
    r.status = 500;
    r.time = customs_time("20261123093000");
    r.taken_ms = (*r.time.second + age) * 1000;
    line.known.clearances["YT1"].inventories[0].receipts.push_back(r);
    line.give(RegisterChanged{"YT1", r});
    REQUIRE(line.all<ReceiptTaken>().size() == 1);
    CHECK(line.all<ReceiptTaken>()[0].late == late);
    CHECK_FALSE(line.all<ReceiptTaken>()[0].after_exit);
}

TEST_CASE("when the PLC conversation ends nothing is commanded any more and every passage ends as unknown") {
    Line line(true);
    for (const auto* w : {"YT1", "YT2"}) line.declare(w, 1000_g, {{800, released_at}}, w);
    line.sorter_up(7);
    line.induct(1);
    line.scan({"YT1"});
    line.ack(1);
    line.induct(2);
    const auto end = GENERATE(0, 1, 2);
    if (end == 0) line.sorter_down(7);
    if (end == 1) line.sorter_up(8);  // the PLC came back before its going was noticed
    if (end == 2) line.give(Started{});
    CHECK(line.commands().empty());
    const auto ended = line.all<PassageActuated>();
    REQUIRE(ended.size() == 2);  // also the parcel that had no telegram yet
    for (const auto& a : ended) CHECK(a.result == Actuation::unknown);
    CHECK(line.state.open.all().empty());
    line.confirm(1, 1);
    CHECK(line.all<PassageActuated>().size() == 2);
}

TEST_CASE("a number on the belt as released is held when it comes a second time") {
    Line line(true);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.sorter_up();
    line.induct(1);
    line.scan({"YT1"});
    line.ms += 2'000;
    line.induct(2);
    line.scan({"YT1"});
    CHECK(line.all<PassageDecided>()[1].reasons.front() == Reason::duplicate_waybill);
}

TEST_CASE("only a parcel that went down the release chute counts as released") {
    struct Row {
        const char* why;
        reading::Left left;
        std::uint16_t chute;
        bool duplicate;
    };
    const auto row = GENERATE(values<Row>({
        {"diverted to release", reading::Left::diverted, 1, true},
        {"missed its divert and went to the default", reading::Left::missed, 2, false},
        {"came round again", reading::Left::recirculated, 0, false},
        {"lost", reading::Left::lost, 0, false},
    }));
    INFO(row.why);
    Line line(true);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.sorter_up();
    line.induct(1);
    line.scan({"YT1"});
    line.ack(1);
    line.confirm(1, row.chute, row.left);
    line.ms += 3'000;
    line.induct(2);
    line.scan({"YT1"});
    CHECK((line.all<PassageDecided>()[1].reasons.front() == Reason::duplicate_waybill) == row.duplicate);
}

TEST_CASE("a command is wanted until its validity is over, both sides") {
    Line line(true);
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.sorter_up();
    line.induct(1);
    line.scan({"YT1"});
    line.ms += 10'000;
    CHECK(line.commands().size() == 1);
    line.ms += 1;
    CHECK(line.commands().empty());
}

TEST_CASE("stale data hold what customs has released, degraded data mark it") {
    const auto [freshness, headline] = GENERATE(table<Freshness, Reason>({
        {Freshness::fresh, Reason::customs_released},
        {Freshness::degraded, Reason::released_degraded},
        {Freshness::stale, Reason::stale_data},
    }));
    Line line(false);
    line.freshness = freshness;
    line.declare("YT1", 1000_g, {{800, released_at}});
    line.scan({"YT1"});
    CHECK(only(line).reasons.front() == headline);
    CHECK(only(line).freshness == freshness);
}

TEST_CASE("a step of the wall clock beyond two seconds is a fact") {
    const auto [by, told] =
        GENERATE(table<std::int64_t, std::size_t>({{2'000, 0}, {2'001, 1}, {-2'001, 1}, {-2'000, 0}}));
    Line line(false);
    line.after(100);
    line.wall_offset += by;
    line.after(100);
    CHECK(line.all<ClockStepped>().size() == told);
}

TEST_CASE("losing and regaining a device is said once") {
    Line line(false);
    for (int i = 0; i < 3; ++i) line.give(reading::Reading{reading::DeviceLost{reader, line.at(), "unplugged"}});
    for (int i = 0; i < 3; ++i) line.give(reading::Reading{reading::DeviceRestored{reader, line.at()}});
    CHECK(line.all<DeviceWasLost>().size() == 1);
    CHECK(line.all<DeviceWasRestored>().size() == 1);
}

TEST_CASE("replay of the facts gives the state that lived") {
    Line line(true);
    for (const auto* w : {"YT1", "YT2", "YT3"}) line.declare(w, 1000_g, {{800, released_at}}, w);
    line.sorter_up();
    line.give(reading::Reading{reading::DeviceLost{scale, line.at(), "unplugged"}});
    for (std::uint16_t seq = 1; seq <= 3; ++seq) {
        line.induct(seq);
        line.scan({"YT" + std::to_string(seq)});
        line.ms += 1'000;
    }
    line.ack(1);
    line.confirm(1, 1);
    line.add_receipt("YT2", 500, "20261123093000");

    State replayed = fresh_state(line.site);
    for (std::size_t i = 0; i < line.facts.size(); ++i) evolve(replayed, line.facts[i], i + 1);
    CHECK(facts_that_matter(replayed) == facts_that_matter(line.state));
    REQUIRE(replayed.open.all().size() == 2);

    State from_snapshot = fresh_state(line.site);
    for (const auto seq : facts_that_matter(line.state)) evolve(from_snapshot, line.facts[seq - 1], seq);
    CHECK(facts_that_matter(from_snapshot) == facts_that_matter(line.state));
    for (const auto& [id, open] : line.state.open.all()) CHECK(from_snapshot.open.find(id)->decided == open.decided);
}
