#include "turn_bench.hpp"

using namespace hefang;
using namespace hefang::app;
using namespace hefang::app::test;

namespace {

std::shared_ptr<PendingImport> receipts_of(const std::string& name, const std::vector<std::pair<std::string, int>>& rows) {
    customs::Judged judged;
    judged.kind = "CEB622";
    judged.sha256 = std::string(64, 'd');
    for (const auto& [waybill, status] : rows) judged.receipts.push_back({keys_of(waybill), receipt_of(status, "20261123093000")});
    return std::make_shared<PendingImport>(name, std::move(judged));
}

/// A clock that goes on by itself, as work would take time.
struct BusyClock final : Clock {
    mutable std::int64_t boot = 1'000'000;
    std::int64_t each = 0;
    [[nodiscard]] Now now() const override { return {{1'795'400'000'000 + boot}, {boot += each}, ClockState::synced}; }
};

}  // namespace

TEST_CASE("a hold behind receipts that find no room is taken; the file stays until there is room") {
    HandClock clock;
    Folder folder;
    Bench bench(clock, folder.path);
    bench.parked_limit = 2;
    REQUIRE(bench.open());
    import(bench, file_of("YT1", 800, "20261123090000"));
    bench.sorter_up();
    bench.parcel(1, "YT1");
    bench.turn->turn();
    REQUIRE(bench.sorter.heard.back().at(0).chute == 1);
    clock.boot += 2'000;

    const std::vector<std::pair<std::string, int>> rows{{"O1", 120}, {"O2", 120}, {"O3", 120}, {"O4", 120}, {"YT1", 500}};
    const auto file = receipts_of("622.xml", rows);
    import(bench, file);
    CHECK(bench.sorter.heard.back().at(0).chute == 2);  // inspection
    CHECK(file->end() == PendingImport::End::put_off);
    CHECK(bench.count_left("message.taken") == 1);      // of the first file only
    CHECK(bench.turn->counters().value("import-put-off") == 1);
    CHECK(bench.turn->counters().value("import-rows-put-aside") == 2);
    CHECK(bench.store->parked() == 2);

    const auto again = receipts_of("622.xml", rows);    // the 29th day: nothing has changed
    clock.boot += std::int64_t{29} * 86'400'000;
    import(bench, again);
    CHECK(again->end() == PendingImport::End::put_off);

    clock.boot += 86'400'000;                           // to the millisecond 30 days: not yet over
    bench.turn->turn();
    CHECK(bench.store->parked() == 2);
    clock.boot += 3'600'000;
    bench.turn->turn();
    CHECK(bench.store->parked() == 0);
    CHECK(bench.turn->counters().value("receipts-expired") == 2);
    const auto last = receipts_of("622.xml", {{"O3", 120}, {"O4", 120}, {"YT1", 500}});
    import(bench, last);
    CHECK(last->end() == PendingImport::End::committed);
    CHECK(bench.count_left("message.taken") == 2);
}

TEST_CASE("one key in thousands of declarations costs little, keeps nobody else out, and is said") {
    HandClock clock;
    Folder folder;
    Bench bench(clock, folder.path);
    REQUIRE(bench.open());
    customs::Judged judged;
    judged.kind = "CEB621";
    judged.sha256 = std::string(64, 'e');
    for (int i = 0; i < 3'000; ++i) {
        const std::string waybill = "YT" + std::to_string(10'000 + i);
        core::StreamKeys keys = keys_of(waybill);
        if (i % 2 == 0) keys.pre_no = "0";  // a template's
        judged.declarations.push_back({keys, waybill, version_of(1000_g)});
    }
    const auto file = std::make_shared<PendingImport>("621.xml", std::move(judged));
    const auto began = std::chrono::steady_clock::now();
    import(bench, file);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(20));
    CHECK(file->progress.taken == 1'500 + 65);  // the first, and the 64 that share its key
    CHECK(file->progress.put_aside == 1'500 - 65);
    CHECK(file->end() == PendingImport::End::put_off);
    CHECK(bench.turn->mode() == Turn::Mode::running);
    CHECK(bench.store->clearance("YT12999").inventories.size() == 1);
    CHECK(bench.store->clearance("YT12998").inventories.empty());  // not known: a hold
}

TEST_CASE("a slice of an import ends by its time, too") {
    BusyClock clock;
    Folder folder;
    Bench bench(clock, folder.path);
    REQUIRE(bench.open());
    customs::Judged judged;
    judged.kind = "CEB621";
    judged.sha256 = std::string(64, 'f');
    for (int i = 0; i < 400; ++i)
        judged.declarations.push_back({keys_of(std::to_string(i)), "YT" + std::to_string(i), version_of(1000_g)});
    const auto file = std::make_shared<PendingImport>("slow.xml", std::move(judged));
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
    HandClock clock;
    Folder folder;
    Bench bench(clock, folder.path);
    REQUIRE(bench.open());
    customs::Judged judged;
    judged.kind = "CEB621";
    judged.sha256 = std::string(64, 'a');
    for (int i = 0; i < 400; ++i)
        judged.declarations.push_back({keys_of(std::to_string(i)), "YT" + std::to_string(i), version_of(1000_g)});
    const auto file = std::make_shared<PendingImport>("long.xml", std::move(judged));
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
