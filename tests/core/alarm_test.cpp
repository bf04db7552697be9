#include "core/alarm.hpp"

#include "lane_fixture.hpp"

using namespace hefang;
using namespace hefang::core;
using namespace hefang::core::test;

namespace {

const DeviceId portal{"rpm-1"};
const DeviceId detector{"etd-1"};

struct Guarded : Line {
    explicit Guarded(bool with_sorter = false) : Line(with_sorter) {
        lane().alarms = {{portal, Reason::radiation_alarm}, {detector, Reason::security_hold}};
        declare("A", Grams{1000}, {{800, "20261123080000"}});
    }
    void says(const DeviceId& device, bool alarm) {
        give(reading::Reading{reading::AlarmState{device, at(), alarm, alarm ? "GA,1" : "GB,1"}});
    }
    void lost(const DeviceId& device) { give(reading::Reading{reading::DeviceLost{device, at(), "silent"}}); }
    void restored(const DeviceId& device) { give(reading::Reading{reading::DeviceRestored{device, at()}}); }
    /// The decision of a parcel that customs has released, read now.
    PassageDecided decide() {
        ms += 5'000;
        scan({"A"});
        after(1'000);
        auto all_decided = all<PassageDecided>();
        known.histories.clear();
        REQUIRE_FALSE(all_decided.empty());
        return all_decided.back();
    }
};

bool holds_for(const PassageDecided& d, Reason reason) {
    return d.verdict == Verdict::hold && d.parcel_class == ParcelClass::security && d.reasons.front() == reason;
}

}  // namespace

TEST_CASE("alarm: a lane is locked until every device that it watches says clear") {
    Guarded line;
    CHECK(holds_for(line.decide(), Reason::security_hold));
    line.says(portal, false);
    CHECK(holds_for(line.decide(), Reason::security_hold));
    line.says(detector, false);
    CHECK(line.decide().verdict == Verdict::release);
}

TEST_CASE("alarm: it stands after the device says clear, until it is acknowledged") {
    Guarded line;
    line.says(portal, false);
    line.says(detector, false);
    line.says(portal, true);
    CHECK(holds_for(line.decide(), Reason::radiation_alarm));
    line.says(portal, false);
    CHECK(holds_for(line.decide(), Reason::radiation_alarm));
    line.says(portal, true);
    line.says(portal, false);
    CHECK(line.all<AlarmRaised>().size() == 1);  // one lock, however often it rings
    evolve(line.state, AlarmAcknowledged{portal, "zhang"}, 99);
    CHECK(line.decide().verdict == Verdict::release);
    line.says(detector, true);
    CHECK(holds_for(line.decide(), Reason::security_hold));
    CHECK(line.all<AlarmRaised>().size() == 2);
}

TEST_CASE("alarm: an acknowledged alarm that still rings locks") {
    Guarded line;
    line.says(detector, false);
    line.says(portal, true);
    evolve(line.state, AlarmAcknowledged{portal, "zhang"}, 99);
    CHECK(holds_for(line.decide(), Reason::security_hold));
    line.says(portal, true);
    CHECK(holds_for(line.decide(), Reason::radiation_alarm));
}

TEST_CASE("alarm: of a device that is lost nobody knows whether one stands") {
    Guarded line;
    line.says(portal, false);
    line.says(detector, false);
    REQUIRE(line.decide().verdict == Verdict::release);
    line.lost(portal);
    CHECK(holds_for(line.decide(), Reason::security_hold));
    line.restored(portal);
    CHECK(holds_for(line.decide(), Reason::security_hold));
    line.says(portal, false);
    CHECK(line.decide().verdict == Verdict::release);
}

TEST_CASE("alarm: what is released and still on the belt is taken back") {
    const auto how = GENERATE(0, 1);
    Guarded line(true);
    line.says(portal, false);
    line.says(detector, false);
    line.sorter_up();
    line.induct(1);
    line.scan({"A"});
    line.after(1'000);
    REQUIRE(line.passage(1).verdict == Verdict::release);
    line.ack(1);
    if (how == 0) line.says(portal, true);
    if (how == 1) line.lost(portal);
    const auto later = line.passage(1);
    CHECK(later.revision == 2);
    CHECK(holds_for(later, how == 0 ? Reason::radiation_alarm : Reason::security_hold));
    CHECK(later.chute == line.lane().chute_of(ParcelClass::security));
    const auto commands = wanted(line.state, line.site, 0, line.at());
    REQUIRE(commands.size() == 1);
    CHECK(commands[0].revision == 2);
    CHECK(commands[0].chute != line.lane().chute_of(ParcelClass::release));
    line.says(portal, false);  // no later revision is milder
    CHECK(line.passage(1).revision == 2);
}

TEST_CASE("alarm: no sorter is told to release while it stands") {
    Guarded line(true);
    line.says(portal, false);
    line.says(detector, false);
    line.sorter_up();
    line.says(portal, true);
    line.induct(1);
    line.scan({"A"});
    line.after(1'000);
    for (const auto& command : wanted(line.state, line.site, 0, line.at()))
        CHECK(command.chute != line.lane().chute_of(ParcelClass::release));
    CHECK(holds_for(line.passage(1), Reason::radiation_alarm));
}

TEST_CASE("alarm: it survives a restart, a clear does not") {
    Guarded line;
    line.says(portal, false);
    line.says(detector, false);
    line.says(portal, true);
    CHECK(facts_that_matter(line.state).size() == 1);
    State next = fresh_state(line.site);
    for (std::size_t i = 0; i < line.facts.size(); ++i) evolve(next, line.facts[i], i + 1);
    CHECK(next.alarms == line.state.alarms);
    line.state = std::move(next);
    line.says(portal, false);
    line.says(detector, false);
    CHECK(holds_for(line.decide(), Reason::radiation_alarm));
}

TEST_CASE("alarm: a lane that watches nothing is not touched, and everything said is a fact") {
    Line line(false);
    line.declare("A", Grams{1000}, {{800, "20261123080000"}});
    line.give(reading::Reading{reading::AlarmState{portal, line.at(), true, "GA"}});
    CHECK(line.all<AlarmRaised>().empty());
    CHECK(line.all<ReadingTaken>().size() == 1);
    line.scan({"A"});
    line.after(1'000);
    CHECK(line.all<PassageDecided>().back().verdict == Verdict::release);
}

TEST_CASE("readings of devices beside the lanes become facts with what they said") {
    Line line(false);
    line.ms = 10'000;
    const DeviceId device("d-1");
    const BootTime at{9'400};
    line.give(reading::Reading{
        reading::PlateRead{device, at, "京A12345", "blue", "forward", 97, 2, "2026", {{std::string(64, 'a'), 5}}}});
    line.give(reading::Reading{reading::ContainerRead{device, at, {"CSQU3054383"}, "agreed", {"l=CSQU3054383", "r="}}});
    line.give(reading::Reading{reading::TagRead{device, at, "3034", 1, -61}});
    line.give(reading::Reading{reading::ValueRead{device, at, "GB", "12.5"}});
    line.give(reading::Reading{reading::ContactChanged{device, at, "emergency", reading::ContactState::active}});
    line.give(reading::Reading{reading::BarrierTold{device, at, reading::BarrierEvent::emergency, "by hand", "p-1"}});
    line.give(reading::Reading{reading::LabelEnded{device, at, "j-1", reading::PrintEnd::not_printed, "no paper"}});
    const auto facts = line.all<ReadingTaken>();
    REQUIRE(facts.size() == 7);
    CHECK(facts[0].kind == "plate");
    CHECK(facts[0].event.ms == wall0 + 9'400);
    CHECK(facts[0].said == std::vector<Said>{{"colour", "blue"},
                                             {"confidence", 97},
                                             {"deviceTime", "2026"},
                                             {"direction", "forward"},
                                             {"line", 2},
                                             {"picture1", std::string(64, 'a')},
                                             {"picture1Bytes", 5},
                                             {"plate", "京A12345"}});
    CHECK(facts[1].said ==
          std::vector<Said>{
              {"agreement", "agreed"}, {"container1", "CSQU3054383"}, {"side1", "l=CSQU3054383"}, {"side2", "r="}});
    CHECK(facts[2].said == std::vector<Said>{{"antenna", 1}, {"epc", "3034"}, {"rssiDbm", -61}});
    CHECK(facts[3].said == std::vector<Said>{{"channel", "GB"}, {"value", "12.5"}});
    CHECK(facts[4].said == std::vector<Said>{{"contact", "emergency"}, {"state", "active"}});
    CHECK(facts[5].said == std::vector<Said>{{"event", "emergency"}, {"passage", "p-1"}, {"why", "by hand"}});
    CHECK(facts[6].said == std::vector<Said>{{"end", "not-printed"}, {"job", "j-1"}, {"why", "no paper"}});
    for (const auto& fact : facts)
        for (std::size_t i = 1; i < fact.said.size(); ++i) CHECK(fact.said[i - 1].name < fact.said[i].name);
}
