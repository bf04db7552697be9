#include "turn_bench.hpp"

using namespace hefang;
using namespace hefang::app;
using namespace hefang::app::test;

namespace {

constexpr std::int64_t hour_ms = 3'600'000;
constexpr std::int64_t day_ms = 24 * hour_ms;

}  // namespace

TEST_CASE("a hold waits its 30 days for its declaration, whatever the clock said when it came") {
    struct Row {
        const char* why;
        ClockState state;     ///< when the hold comes
        std::int64_t off_ms;  ///< of that clock
    };
    const auto row = GENERATE(values<Row>({
        {"the clock is right", ClockState::synced, 0},
        {"a box that stood for a year without its battery", ClockState::unsynced, -365 * day_ms},
        {"its clock is years ahead", ClockState::unsynced, 83 * 365 * day_ms},
        {"a clock that is believed and is behind what is recorded", ClockState::holdover, -40 * day_ms},
        {"one that is believed and ahead", ClockState::holdover, 40 * day_ms},
    }));
    INFO(row.why);
    Opened site;
    auto& [clock, folder, bench] = site;
    bench.sorter_up();
    bench.parcel(1, "EARLIER");
    bench.turns(1, clock, 0);
    clock.state = row.state;
    clock.wall += row.off_ms;
    import(bench, receipts_of("622.xml", {{ "YT1", 500 }}));
    REQUIRE(bench.store->parked() == 1);
    bench.turns(3, clock, 2 * hour_ms);  // nothing is forgotten by a clock that is not set

    clock.state = ClockState::synced;
    clock.wall -= row.off_ms;
    bench.turns(3, clock, 2 * hour_ms);
    clock.boot += 29 * day_ms;
    bench.turns(2, clock, 2 * hour_ms);
    CHECK(bench.store->parked() == 1);
    SECTION("and holds when that comes") {
        import(bench, file_of("YT1", 800, "20261123090000"));
        CHECK(bench.store->parked() == 0);
        bench.sorter_up(8);
        bench.parcel(1, "YT1", 8);
        bench.turns(1, clock, 0);
        CHECK(bench.facts_left<core::PassageDecided>().back().verdict == core::Verdict::inspect);
    }
    SECTION("or is forgotten, and said") {
        clock.boot += day_ms;
        bench.turns(2, clock, 2 * hour_ms);
        CHECK(bench.store->parked() == 0);
        CHECK(bench.turn->counters().value("receipts-expired") == 1);
    }
}

TEST_CASE("receipts that do not expire yet keep none behind them") {
    Opened site;
    auto& [clock, folder, bench] = site;
    const auto park = [&](int from, int count) {
        std::vector<std::pair<std::string, int>> rows;
        for (int i = from; i < from + count; ++i) rows.emplace_back(waybill(i), 120);
        import(bench, receipts_of("622.xml", rows));
    };
    clock.state = ClockState::unsynced;
    park(0, 100);  // more than one turn looks at
    clock.state = ClockState::synced;
    park(100, 100);
    CHECK(bench.store->parked() == 200);
    bench.turns(5, clock, 10);
    clock.boot += 31 * day_ms;
    clock.state = ClockState::unsynced;
    park(200, 1);
    bench.turns(5, clock, 10);
    CHECK(bench.store->parked() == 201);
    clock.state = ClockState::synced;
    bench.turns(5, clock, 10);
    CHECK(bench.store->parked() == 1);  // the one dated just now
    CHECK(bench.turn->counters().value("receipts-expired") == 200);
}
