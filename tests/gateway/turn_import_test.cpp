#include "turn_bench.hpp"

using namespace hefang;
using namespace hefang::app;
using namespace hefang::app::test;

namespace {

/// A clock that goes on by itself, as work would take time.
struct BusyClock final : Clock {
    mutable std::int64_t boot = 1'000'000;
    std::int64_t each = 0;
    [[nodiscard]] Now now() const override { return {{1'795'400'000'000 + boot}, {boot += each}, ClockState::synced}; }
};

}  // namespace

TEST_CASE("a hold behind receipts that find no room is taken; the file stays until there is room") {
    Opened site(2);
    auto& [clock, folder, bench] = site;
    import(bench, file_of("YT1", 800, "20261123090000"));
    bench.sorter_up();
    bench.parcel(1, "YT1");
    bench.turn->turn();
    REQUIRE(bench.sorter.heard.back().at(0).chute == 1);
    clock.boot += 2'000;

    const std::vector<std::pair<std::string, int>> rows{
        {"O1", 120}, {"O2", 120}, {"O3", 120}, {"O4", 120}, {"YT1", 500}};
    const auto file = receipts_of("622.xml", rows);
    import(bench, file);
    CHECK(bench.sorter.heard.back().at(0).chute == 2);  // inspection
    CHECK(file->end() == PendingImport::End::put_off);
    CHECK(bench.facts_left<core::MessageTaken>().size() == 1);  // of the first file only
    CHECK(bench.turn->counters().value("import-put-off") == 1);
    CHECK(bench.turn->counters().value("import-rows-put-aside") == 2);
    CHECK(bench.store->parked() == 2);

    const auto again = receipts_of("622.xml", rows);  // the 29th day: nothing has changed
    clock.boot += std::int64_t{29} * 86'400'000;
    import(bench, again);
    CHECK(again->end() == PendingImport::End::put_off);

    clock.boot += 86'400'000;  // to the millisecond 30 days: not yet over
    bench.turn->turn();
    CHECK(bench.store->parked() == 2);
    clock.boot += 3'600'000;
    bench.turn->turn();
    CHECK(bench.store->parked() == 0);
    CHECK(bench.turn->counters().value("receipts-expired") == 2);
    const auto last = receipts_of("622.xml", {{"O3", 120}, {"O4", 120}, {"YT1", 500}});
    import(bench, last);
    CHECK(last->end() == PendingImport::End::committed);
    CHECK(bench.facts_left<core::MessageTaken>().size() == 2);
}

TEST_CASE("one key in thousands of declarations costs little and keeps nobody out") {
    Opened site;
    auto& [clock, folder, bench] = site;
    auto judged = judged_as("CEB621");
    for (int i = 0; i < 3'000; ++i) {
        auto keys = keys_of(waybill(i));
        if (i % 2 == 0) keys.pre_no = "0";  // a template's
        judged.declarations.push_back({keys, waybill(i), version_of(1000_g)});
    }
    const auto file = std::make_shared<PendingImport>("621.xml", std::move(judged));
    const auto began = std::chrono::steady_clock::now();
    import(bench, file);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(20));
    CHECK(file->progress.taken == 3'000);
    CHECK(file->end() == PendingImport::End::committed);
    CHECK(bench.store->clearance(waybill(2'998)).inventories.size() == 1);
    CHECK(bench.store->clearance(waybill(2'999)).inventories.size() == 1);
}

TEST_CASE("a slice of an import ends by its time, too") {
    BusyClock clock;
    Folder folder;
    Bench bench(clock, folder.path);
    REQUIRE(bench.open());
    const auto file = declarations_of(400, "slow.xml");
    auto& inlet = bench.mailbox.inlet(1);
    REQUIRE(inlet.post(Message(FileJudged{file})));
    const bool busy = GENERATE(false, true);
    if (busy) {
        bench.sorter_up();
        bench.parcel(1, "SCAN");
    }
    clock.each = 1;
    bench.turn->turn();
    CHECK(file->progress.next == (busy ? 4 : 20));
}

TEST_CASE("an import gives way to parcels, and is not starved by them") {
    Opened site;
    auto& [clock, folder, bench] = site;
    const auto file = declarations_of(400, "long.xml");
    auto& inlet = bench.mailbox.inlet(1);
    bench.sorter_up();
    bench.parcel(1, "P1");
    bench.turn->turn();
    REQUIRE(inlet.post(Message(FileJudged{file})));
    bench.turn->turn();  // no parcel: a slice, and then a rest
    REQUIRE(file->progress.next == 16);
    std::size_t with_slice = 0;
    std::uint16_t sequence = 2;
    for (int ms = 0; ms < 104; ms += 2) {  // 500 a second, not a turn without one
        const auto before = file->progress.next;
        bench.parcel(sequence, "P" + std::to_string(sequence));
        ++sequence;
        bench.turns(1, clock, 2);
        with_slice += file->progress.next > before ? 1 : 0;
    }
    CHECK(with_slice == 2);
    clock.boot += 2;
    bench.turn->turn();  // none just now
    CHECK(file->progress.next == 64);
}
