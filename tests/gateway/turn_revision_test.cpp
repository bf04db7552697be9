#include "turn_bench.hpp"

using namespace hefang;
using namespace hefang::app;
using namespace hefang::app::test;

TEST_CASE("a revision of a refused turn is made anew, and is in the journal before it is commanded") {
    enum class By { import, doubt, overdue };
    struct Row {
        const char* why;
        By by;
        bool acked;  ///< the first command
    };
    const auto row = GENERATE(values<Row>({
        {"a hold comes in; no reading is in the turn", By::import, true},
        {"likewise before the PLC has answered", By::import, false},
        {"tracking is lost", By::doubt, true},
        {"likewise before the PLC has answered", By::doubt, false},
        {"it was not confirmed in time; nothing at all is in the turn", By::overdue, true},
        {"likewise, never answered", By::overdue, false},
    }));
    INFO(row.why);
    Shimmed site("turn-revision");
    auto& [clock, folder, shim, bench] = site;
    import(bench, file_of("YT1", 800, "20261123090000"));
    bench.sorter_up();
    bench.parcel(1, "YT1");
    bench.turn->turn();
    REQUIRE(bench.sorter.heard.back().at(0).chute == 1);
    if (row.acked)
        bench.post(reading::CommandAcked{DeviceId("sorter-1"), bench.at(), 7, 1, 1, reading::AckCode::accepted});
    bench.turn->turn();
    const auto heard = bench.sorter.heard.size();

    clock.boot += row.by == By::overdue ? 30'001 : 1'500;  // quiet: the import has its slice
    shim.fail_every_sync = true;
    if (row.by == By::import) {
        REQUIRE(bench.mailbox.inlet(1).post(Message(FileJudged{receipts_of("622.xml", {{"YT1", 500}})})));
    } else if (row.by == By::doubt) {
        bench.post(reading::TrackingLost{DeviceId("sorter-1"), bench.at(), 7, "an induction is missing", bench.at()});
    }
    bench.turn->turn();
    REQUIRE(bench.turn->mode() == Turn::Mode::stopped);
    const auto& open = bench.turn->state().open.all();
    REQUIRE(open.size() == 1);
    CHECK(open.begin()->second.decided.revision == 1);
    CHECK((open.begin()->second.answer == core::Answer::accepted) == row.acked);
    CHECK(open.begin()->second.may_be_released);
    CHECK_FALSE(open.begin()->second.overdue);
    bench.turns(2, clock);
    CHECK(bench.sorter.heard.size() == heard);
    CHECK(bench.facts_left<core::PassageDecided>().size() == 1);

    shim.reset();
    bench.turns(3, clock);
    CHECK(bench.turn->mode() == Turn::Mode::running);
    const auto decided = bench.facts_left<core::PassageDecided>();
    REQUIRE(decided.size() == 2);
    CHECK(decided[1].passage == decided[0].passage);
    CHECK(decided[1].revision == 2);
    CHECK(decided[1].verdict == core::Verdict::inspect);
    CHECK(decided_in(folder.path) == std::vector<std::string>{"YT1", "YT1"});
    REQUIRE(bench.sorter.heard.size() == heard + 1);
    REQUIRE(bench.sorter.heard.back().size() == 1);
    CHECK(bench.sorter.heard.back()[0].revision == 2);
    CHECK(bench.sorter.heard.back()[0].chute == 2);
}

TEST_CASE(
    "an overdue parcel whose taking back was not answered is commanded once more, also when that turn is refused") {
    Shimmed site("turn-overdue");
    auto& [clock, folder, shim, bench] = site;
    import(bench, file_of("YT1", 800, "20261123090000"));
    bench.sorter_up();
    bench.parcel(1, "YT1");
    bench.turn->turn();
    bench.post(reading::CommandAcked{DeviceId("sorter-1"), bench.at(), 7, 1, 1, reading::AckCode::accepted});
    bench.post(reading::TrackingLost{DeviceId("sorter-1"), bench.at(), 7, "an induction is missing", bench.at()});
    bench.turn->turn();
    REQUIRE(bench.sorter.heard.back().at(0).revision == 2);
    clock.boot += 29'000;
    bench.parcel(2, "YT2");
    bench.turn->turn();
    const auto heard = bench.sorter.heard.size();

    clock.boot += 1'001;
    shim.fail_every_sync = true;
    bench.post(reading::Confirmed{DeviceId("sorter-1"), bench.at(), 7, 2, 3, reading::Left::diverted});
    bench.turn->turn();
    REQUIRE(bench.turn->mode() == Turn::Mode::stopped);
    shim.reset();
    bench.turns(3, clock);
    REQUIRE(bench.turn->mode() == Turn::Mode::running);
    REQUIRE(bench.sorter.heard.size() > heard);
    REQUIRE(bench.sorter.heard.back().size() == 1);
    CHECK(bench.sorter.heard.back()[0].revision == 2);
    CHECK(bench.sorter.heard.back()[0].valid_until > bench.at());
}
