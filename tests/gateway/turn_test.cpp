#include "store/sqlite.hpp"
#include "store/verify.hpp"
#include "turn_bench.hpp"

#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::app;
using namespace hefang::app::test;

TEST_CASE("a scan is on disk before its command and its fact leave") {
    Opened site;
    auto& [clock, folder, bench] = site;
    import(bench, file_of("YT1", 800, "20261123090000"));
    bench.sorter_up();
    bench.parcel(1, "YT1");
    bench.turn->turn();
    CHECK(bench.waybills_left() == std::vector<std::string>{"YT1"});
    CHECK(decided_in(folder.path) == std::vector<std::string>{"YT1"});
    REQUIRE_FALSE(bench.sorter.heard.empty());
    REQUIRE(bench.sorter.heard.back().size() == 1);
    CHECK(bench.sorter.heard.back()[0].chute == 1);
}

TEST_CASE("a receipt that comes between decision and divert changes the command and is revision 2 in the journal") {
    Opened site;
    auto& [clock, folder, bench] = site;
    import(bench, file_of("YT1", 800, "20261123090000"));
    bench.sorter_up();
    bench.parcel(1, "YT1");
    bench.turn->turn();
    clock.boot += 2'000;  // lanes quiet
    import(bench, file_of("YT1", 500, "20261123093000"));
    CHECK(bench.waybills_left().size() == 2);
    CHECK(bench.sorter.heard.back()[0].chute == 2);
    CHECK(bench.sorter.heard.back()[0].revision == 2);
}

TEST_CASE("while the disk refuses nothing leaves; when it takes again the parcels read meanwhile are decided once") {
    Shimmed site("turn-refuses");
    auto& [clock, folder, shim, bench] = site;
    bench.sorter_up();
    bench.turn->turn();
    const auto heard_before = bench.sorter.heard.size();

    const bool full = GENERATE(false, true);
    shim.failures_say_full = full;
    (full ? shim.fail_every_write : shim.fail_every_sync) = true;
    bench.parcel(1, "YT1");
    bench.turn->turn();
    CHECK(bench.turn->mode() == Turn::Mode::stopped);
    CHECK(bench.turn->stopped_because().size() > 10);
    CHECK(bench.waybills_left().empty());
    CHECK(bench.sorter.heard.size() == heard_before);

    bench.parcel(2, "YT2");  // waits in the mailbox: nothing is taken while stopped
    bench.turns(3, clock);
    CHECK(bench.waybills_left().empty());
    CHECK(bench.mailbox.waiting() == 2);

    shim.reset();
    bench.turns(4, clock);
    CHECK(bench.turn->mode() == Turn::Mode::running);
    CHECK(bench.waybills_left() == std::vector<std::string>{"YT1", "YT2"});
    CHECK(decided_in(folder.path) == std::vector<std::string>{"YT1", "YT2"});
    CHECK(bench.facts_left<core::StoreRefused>().size() == 1);
    bench.close();
    CHECK(store::verify(folder.path)->good());
}

TEST_CASE("a command of a parcel that was decided late is not wanted any more") {
    Shimmed site("turn-late");
    auto& [clock, folder, shim, bench] = site;
    bench.sorter_up();
    bench.turn->turn();
    shim.fail_every_sync = true;
    bench.parcel(1, "YT1");
    bench.turn->turn();
    shim.reset();
    clock.boot += one_lane().lanes[0].command_valid_ms + 1;
    bench.turns(3, clock, 0);
    CHECK(bench.waybills_left() == std::vector<std::string>{"YT1"});
    CHECK(bench.sorter.sequences().empty());
}

TEST_CASE("the n-th write or sync fails, for every n: what left is on disk, and everything is decided once") {
    for (std::uint64_t n = 1;; ++n) {
        INFO("call " << n);
        Shimmed site("turn-nth");
        auto& [clock, folder, shim, bench] = site;
        shim.reset();
        const bool sync = n % 2 == 0;
        (sync ? shim.fail_sync_at : shim.fail_write_at) = (n + 1) / 2;
        bench.sorter_up();
        for (std::uint16_t i = 1; i <= 5; ++i) {
            bench.parcel(i, "YT" + std::to_string(i));
            bench.turn->turn();
            clock.boot += 1'001;
        }
        bench.turns(4, clock);
        const auto reached = sync ? shim.syncs.load() : shim.writes.load();
        auto left = bench.waybills_left();
        bench.close();
        CHECK(left.size() == 5);
        CHECK(decided_in(folder.path) == left);
        CHECK(store::verify(folder.path)->good());
        if (reached < (n + 1) / 2 && n > 4) break;
    }
}

TEST_CASE("power cut at 200 random moments: no fact that had left is missing, the chain holds, scans go on") {
    std::mt19937 random(20261123);
    for (int cycle = 0; cycle < 200; ++cycle) {
        INFO("cycle " << cycle);
        Shimmed site("turn-power");
        auto& [clock, folder, shim, bench] = site;
        shim.reset();
        shim.keep_seed = cycle % 2 == 0 ? 0 : random();
        shim.cut_at = 1 + random() % 60;
        bench.sorter_up();
        for (std::uint16_t i = 1; i <= 20 && shim.powered(); ++i) {
            bench.parcel(i, "YT" + std::to_string(i));
            bench.turn->turn();
            clock.boot += 50;
        }
        const auto left = bench.waybills_left();
        bench.close();
        shim.power_on();
        shim.reset();

        Bench again(clock, folder.path, shim.name());
        REQUIRE(again.open());
        again.sorter_up(8);
        again.parcel(1, "AFTER", 8);
        again.turn->turn();
        CHECK(again.waybills_left().back() == "AFTER");
        again.close();
        auto kept = decided_in(folder.path);
        REQUIRE(kept.size() > left.size());
        CHECK(std::equal(left.begin(), left.end(), kept.begin()));
        for (const auto sequence : bench.sorter.sequences())
            CHECK(std::find(kept.begin(), kept.end(), "YT" + std::to_string(sequence)) != kept.end());
        CHECK(store::verify(folder.path)->good());
    }
}

TEST_CASE("a restart ends every open passage as unknown and doubles nothing") {
    HandClock clock;
    Folder folder;
    {
        Bench bench(clock, folder.path);
        REQUIRE(bench.open());
        bench.sorter_up();
        for (std::uint16_t i = 1; i <= 3; ++i) bench.parcel(i, "YT" + std::to_string(i));
        bench.turn->turn();
        CHECK(bench.turn->state().open.all().size() == 3);
        const bool clean = GENERATE(true, false);
        if (clean) bench.turn->end();
    }
    Bench again(clock, folder.path);
    REQUIRE(again.open());
    CHECK(again.turn->state().open.all().empty());
    const auto ended = again.facts_left<core::PassageActuated>();
    CHECK(ended.size() == 3);
    for (const auto& fact : ended) CHECK(fact.result == core::Actuation::unknown);
    again.sorter_up(8);
    again.turn->turn();
    CHECK(again.sorter.sequences().empty());
}

TEST_CASE("an acknowledgement moves the cursor only with the right hash") {
    Opened site;
    auto& [clock, folder, bench] = site;
    bench.sorter_up();
    bench.parcel(1, "YT1");
    bench.turn->turn();
    const auto through = bench.left.back().first;
    auto& acks = bench.mailbox.inlet(4);
    REQUIRE(acks.post(Message(PlatformAck{through, std::string(64, '0')})));
    bench.turn->turn();
    CHECK(*bench.store->cursor("platform") == 0);
    CHECK(bench.turn->counters().value("ack-wrong-head") == 1);
    REQUIRE(acks.post(Message(PlatformAck{through + 1, hex(evidence::hash_of(bench.left.back().second))})));
    bench.turn->turn();  // of a fact that is not there
    CHECK(*bench.store->cursor("platform") == 0);
    CHECK(bench.turn->counters().value("ack-ahead") == 1);
    REQUIRE(acks.post(Message(PlatformAck{through, hex(evidence::hash_of(bench.left.back().second))})));
    bench.turns(2, clock, 200);
    CHECK(*bench.store->cursor("platform") == through);
}

TEST_CASE("the ack of a fact whose row is damaged stops no lane") {
    Opened site;
    auto& [clock, folder, bench] = site;
    bench.sorter_up();
    bench.parcel(1, "YT1");
    bench.turn->turn();
    const auto [through, bytes] = bench.left.back();
    auto db = store::Database::open(folder.path + "/hefang.db", store::Access::write, {});
    REQUIRE(db->run("DROP TRIGGER journal_never_changes; UPDATE journal SET hash = x'01'"));
    REQUIRE(bench.mailbox.inlet(4).post(Message(PlatformAck{through, hex(evidence::hash_of(bytes))})));
    bench.parcel(2, "YT2");
    bench.turn->turn();
    CHECK(bench.turn->mode() == Turn::Mode::running);
    CHECK(bench.waybills_left() == std::vector<std::string>{"YT1", "YT2"});
    CHECK(bench.turn->counters().value("ack-of-damaged-fact") == 1);
    CHECK(*bench.store->cursor("platform") == 0);
}

TEST_CASE("an import does not delay parcels: busy lanes get small slices, quiet ones large") {
    Opened site;
    auto& [clock, folder, bench] = site;
    bench.sorter_up();
    bench.turn->turn();
    const auto file = declarations_of(1'000, "big.xml");
    auto& inlet = bench.mailbox.inlet(1);
    REQUIRE(inlet.post(Message(FileJudged{file})));
    bench.parcel(1, "SCAN");
    bench.turn->turn();
    CHECK(bench.waybills_left() == std::vector<std::string>{"SCAN"});
    CHECK(file->progress.next == 16);
    clock.boot += 2'000;
    bench.turn->turn();
    CHECK(file->progress.next == 516);
    bench.turn->turn();
    CHECK(file->wait(std::chrono::milliseconds(0)));
}

TEST_CASE("the lanes stop before the disk is full, say why, and take nothing more") {
    struct Row {
        const char* why;
        StoreLimits limits;
        bool stops;
        const char* says;
    };
    const auto row = GENERATE(values<Row>({
        {"no limits", {0, 0}, false, ""},
        {"the file system has more than it must", {1, 0}, false, ""},
        {"no file system has so much", {std::int64_t{1} << 62, 0}, true, "free_gib"},
        {"the store is larger than it may be", {0, 1}, true, "limit_gib"},
        {"the store is smaller than it may be", {0, std::int64_t{1} << 40}, false, ""},
    }));
    INFO(row.why);
    HandClock clock;
    Folder folder;
    Bench bench(clock, folder.path);
    REQUIRE(bench.open(row.limits));
    bench.sorter_up();
    bench.parcel(1, "YT1");
    bench.turns(3, clock);
    CHECK((bench.turn->mode() == Turn::Mode::stopped) == row.stops);
    CHECK(bench.waybills_left().empty() == row.stops);
    CHECK(bench.turn->stopped_because().find(row.says) != std::string::npos);
}

TEST_CASE("the age of the customs data outlives a restart, and not a reboot") {
    const bool same_boot = GENERATE(true, false);
    Opened site;
    auto& [clock, folder, bench] = site;
    import(bench, file_of("YT1", 800, "20261123090000"));
    if (!same_boot) REQUIRE(bench.store->put_meta("inbox.seen", "another-boot 1"));
    bench.close();

    Bench again(clock, folder.path);
    again.checks_inbox = true;
    REQUIRE(again.open());
    again.sorter_up();
    again.parcel(1, "YT1");
    again.turn->turn();
    CHECK(again.turn->freshness() == (same_boot ? core::Freshness::fresh : core::Freshness::stale));
}

TEST_CASE("the customs data are as old as the sign of life was when it was seen, however long it waited to be taken") {
    using F = core::Freshness;
    constexpr std::int64_t minute_ms = 60'000;
    struct Row {
        const char* why;
        std::int64_t age_ms;
        F freshness;
    };
    const auto row = GENERATE(values<Row>({
        {"of this moment", 0, F::fresh},
        {"fresh to the minute", 30 * minute_ms, F::fresh},
        {"and no longer", 30 * minute_ms + 1, F::degraded},
        {"to the end of the grace", 270 * minute_ms, F::degraded},
        {"beyond it", 270 * minute_ms + 1, F::stale},
    }));
    const bool file = GENERATE(false, true);
    CAPTURE(row.why, file);
    Opened site;
    auto& [clock, folder, bench] = site;
    bench.close();
    bench.checks_inbox = true;
    REQUIRE(bench.open());
    clock.boot += 300 * minute_ms;
    const auto seen = bench.at() + -row.age_ms;
    const auto tell = [&](BootTime at) {
        if (!file) return (void)bench.inlet.post(Message(InboxAlive{at}));
        const auto late = file_of("YT1", 800, "20261123090000");
        late->found = at;
        import(bench, late);
    };
    tell(seen);
    tell(seen + -1);  // an older one takes nothing back
    bench.turns(2, clock, 0);
    CHECK(bench.turn->freshness() == row.freshness);
}

TEST_CASE("a parcel that waits for the rest of its readings is seen as undecided, until it is overdue") {
    Opened site;
    auto& [clock, folder, bench] = site;
    bench.sorter_up();
    bench.turn->turn();
    CHECK_FALSE(bench.turn->undecided());
    bench.post(reading::Induction{DeviceId("sorter-1"), bench.at(), 7, 1, 300, bench.at()});
    bench.turn->turn();
    CHECK(bench.turn->undecided());
    bench.turns(1, clock, one_lane().lanes[0].decide_within_ms - 1);
    CHECK(bench.turn->undecided());
    bench.turns(1, clock, 1);
    CHECK_FALSE(bench.turn->undecided());
    CHECK(bench.waybills_left().size() == 1);
}

TEST_CASE("a telegram that waits for its induction is undecided too, a clean end waits for it") {
    Opened site;
    auto& [clock, folder, bench] = site;
    bench.sorter_up();
    bench.turn->turn();
    bench.post(reading::CodesRead{DeviceId("reader-1"), bench.at(), std::nullopt, {{"YT1", ""}}});
    bench.turns(1, clock, 0);
    CHECK(bench.turn->undecided());
    CHECK(bench.waybills_left().empty());
    bench.turns(1, clock, core::float_for_ms + 1);
    CHECK_FALSE(bench.turn->undecided());
    CHECK(bench.waybills_left() == std::vector<std::string>{"YT1"});
}
