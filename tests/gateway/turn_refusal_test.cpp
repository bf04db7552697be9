#include "store/verify.hpp"
#include "turn_bench.hpp"

#include <algorithm>
#include <thread>

using namespace hefang;
using namespace hefang::app;
using namespace hefang::app::test;

namespace {

std::vector<core::Actuation> results_of(const Bench& bench) {
    std::vector<core::Actuation> out;
    for (const auto& ended : bench.facts_left<core::PassageActuated>()) out.push_back(ended.result);
    return out;
}

/// A store with many inventories, so that each look-up reads pages of its own.
void fill(const std::string& folder, const Clock& clock) {
    Bench bench(clock, folder);
    REQUIRE(bench.open());
    import(bench, declarations_of(400, "621.xml"));
    std::vector<std::pair<std::string, int>> receipts;
    for (int i = 0; i < 400; ++i) receipts.emplace_back(waybill(i), 800);
    import(bench, receipts_of("622.xml", receipts));
    bench.turn->end();
}

}  // namespace

TEST_CASE("the n-th read fails, for every n: no fact stands alone, and everything is decided once") {
    HandClock clock;
    Folder filled;
    fill(filled.path, clock);
    std::uint64_t failed = 0;
    for (std::uint64_t n = 1;; ++n) {
        INFO("read " << n);
        Folder folder;
        std::filesystem::copy(filled.path, folder.path, std::filesystem::copy_options::recursive);
        hefang::test::VfsShim shim("turn-read");
        Bench bench(clock, folder.path, shim.name());
        REQUIRE(bench.open());
        bench.sorter_up();
        bench.turn->turn();
        shim.reset();
        shim.fail_read_at = n;
        for (std::uint16_t i = 0; i < 6; i += 3) {  // three parcels a turn: facts before the look-up that fails
            for (std::uint16_t k = 0; k < 3; ++k) bench.parcel(i + k, waybill((i + k) * 66));
            bench.turn->turn();
        }
        bench.turns(4, clock);
        const bool reached = shim.reads.load() >= n;
        failed += bench.turn->counters().value("store-refused");
        const auto left = bench.waybills_left();
        CHECK(bench.turn->mode() == Turn::Mode::running);
        bench.close();
        CHECK(left.size() == 6);
        CHECK(decided_in(folder.path) == left);
        CHECK(store::verify(folder.path)->good());
        if (!reached) break;
    }
    CHECK(failed >= 3);  // reads of look-ups were among them
}

TEST_CASE("not even readable while it refuses: nothing of the refused turn is wanted, and it is decided once") {
    Shimmed site("turn-unreadable");
    auto& [clock, folder, shim, bench] = site;
    bench.sorter_up();
    bench.turn->turn();
    shim.fail_every_sync = true;
    shim.fail_every_read = true;
    bench.parcel(1, "YT1");
    bench.turn->turn();
    bench.turns(2, clock);
    CHECK(bench.turn->counters().value("restore-failed") >= 1);
    shim.reset();
    bench.turns(3, clock);
    CHECK(bench.turn->mode() == Turn::Mode::running);
    CHECK(bench.waybills_left() == std::vector<std::string>{"YT1"});
    CHECK(decided_in(folder.path) == std::vector<std::string>{"YT1"});
    CHECK(bench.turn->state().open.all().size() == 1);
}

TEST_CASE("a refused turn forgets nothing of what the PLC said before it") {
    using A = core::Actuation;
    struct Row {
        const char* why;
        std::optional<reading::AckCode> ack;  ///< of the command
        bool ack_in_refused_turn;
        reading::Left left;
        std::int32_t chute;  ///< of the confirmation; 3 was commanded
        A result;
    };
    const auto row = GENERATE(values<Row>({
        {"acknowledged, then missed: the sorter's fault", reading::AckCode::accepted, false, reading::Left::missed, 9,
         A::missed},
        {"likewise, all in the refused turn", reading::AckCode::accepted, true, reading::Left::missed, 9, A::missed},
        {"never acknowledged, then missed: our command was late", std::nullopt, false, reading::Left::missed, 9,
         A::late},
        {"refused as too late, left by the same chute by chance", reading::AckCode::too_late, false,
         reading::Left::diverted, 3, A::late},
        {"acknowledged and diverted", reading::AckCode::accepted, false, reading::Left::diverted, 3, A::diverted},
    }));
    INFO(row.why);
    Shimmed site("turn-volatile");
    auto& [clock, folder, shim, bench] = site;
    bench.sorter_up();
    bench.parcel(1, "YT1");
    bench.turn->turn();
    REQUIRE(bench.sorter.heard.back().at(0).chute == 3);
    const auto ack = [&] {
        if (row.ack) bench.post(reading::CommandAcked{DeviceId("sorter-1"), bench.at(), 7, 1, 1, *row.ack});
    };
    if (!row.ack_in_refused_turn) {
        ack();
        bench.turn->turn();
    }
    shim.fail_every_sync = true;
    if (row.ack_in_refused_turn) ack();
    bench.post(
        reading::Confirmed{DeviceId("sorter-1"), bench.at(), 7, 1, static_cast<std::uint16_t>(row.chute), row.left});
    bench.turn->turn();
    REQUIRE(bench.turn->mode() == Turn::Mode::stopped);
    shim.reset();
    bench.turns(3, clock);
    CHECK(results_of(bench) == std::vector{row.result});
}

TEST_CASE(
    "a clock that is set is one fact, also in a refused turn, and no fact is recorded earlier than the one before") {
    const std::int64_t by = GENERATE(-3'600'000, 3'600'000, -2'001, -1'999);
    const bool refused = GENERATE(false, true);
    CAPTURE(by, refused);
    Shimmed site("turn-clock");
    auto& [clock, folder, shim, bench] = site;
    bench.sorter_up();
    bench.parcel(1, "YT1");
    bench.turns(2, clock, 100);
    clock.wall += by;
    shim.fail_every_sync = refused;
    bench.parcel(2, "YT2");
    bench.turns(1, clock, 100);
    CHECK((bench.turn->mode() == Turn::Mode::stopped) == refused);
    shim.reset();
    bench.turns(3, clock);
    bench.parcel(3, "YT3");
    bench.turns(2, clock, 100);
    CHECK(bench.waybills_left().size() == 3);
    CHECK(bench.facts_left<core::ClockStepped>().size() == (std::abs(by) > 2'000 ? 1 : 0));
    std::int64_t before = 0;
    for (const auto& [n, bytes] : bench.left) {
        const auto event = evidence::parse_event(bytes);
        REQUIRE(event);
        CHECK(event->recorded.wall.ms >= before);
        before = event->recorded.wall.ms;
        if (const auto* d = std::get_if<core::PassageDecided>(&event->fact); d != nullptr && d->waybill == "YT3")
            CHECK(std::abs(d->event.ms - clock.now().wall.ms) < 1'000);  // the clock that is set is the one believed
    }
}

TEST_CASE("a refusal is announced to the uplink like any fact") {
    Shimmed site("turn-announced");
    auto& [clock, folder, shim, bench] = site;
    shim.fail_sync_at = shim.syncs + 1;
    bench.sorter_up();
    bench.parcel(1, "YT1");
    bench.turn->turn();
    REQUIRE(bench.facts_left<core::StoreRefused>().size() == 1);
    CHECK(bench.grew.back() == bench.left.back().first);
}

TEST_CASE("a gateway that starts while its disk refuses begins stopped, and goes on by itself") {
    enum class Disk { full, broken, no_reserve };
    const auto disk = GENERATE(Disk::full, Disk::broken, Disk::no_reserve);
    HandClock clock;
    Folder folder;
    {
        Bench bench(clock, folder.path);
        REQUIRE(bench.open());
        bench.sorter_up();
        bench.parcel(1, "YT1");
        bench.turn->turn();
    }
    hefang::test::VfsShim shim("turn-start");
    const std::string reserve = folder.path + "/reserve";
    if (disk == Disk::no_reserve) {
        std::filesystem::remove(reserve);
        std::filesystem::create_directory(reserve);
    } else {
        (disk == Disk::full ? shim.fail_every_write : shim.fail_every_sync) = true;
        shim.failures_say_full = disk == Disk::full;
    }
    Bench bench(clock, folder.path, shim.name());
    REQUIRE(bench.open());
    CHECK(bench.turn->mode() == Turn::Mode::stopped);
    CHECK_FALSE(bench.turn->stopped_because().empty());
    CHECK(bench.turn->last_turn().ms == 0);  // no heartbeat
    bench.sorter_up(8);
    bench.parcel(2, "YT2", 8);
    bench.turns(2, clock);
    CHECK(bench.waybills_left().empty());
    CHECK(bench.sorter.heard.empty());

    shim.reset();
    if (disk == Disk::no_reserve) std::filesystem::remove(reserve);
    bench.turns(4, clock);
    CHECK(bench.turn->mode() == Turn::Mode::running);
    CHECK(bench.waybills_left() == std::vector<std::string>{"YT2"});
    CHECK(results_of(bench) == std::vector{core::Actuation::unknown});  // of YT1, once
    CHECK(bench.facts_left<core::StoreRefused>().size() == 1);
    bench.close();
    CHECK(store::verify(folder.path)->good());
}

TEST_CASE("what decides nothing costs no flush") {
    Shimmed site("turn-flushes");
    auto& [clock, folder, shim, bench] = site;
    bench.sorter_up();
    bench.parcel(1, "YT1");
    bench.turns(1, clock, 10);
    auto& acks = bench.mailbox.inlet(4);
    const auto flushes = [&](int turns, std::int64_t step_ms) {
        shim.reset();
        bench.turns(turns, clock, step_ms);
        return shim.syncs.load();
    };
    SECTION("time that passes") { CHECK(flushes(20, 10) == 0); }
    SECTION("an induction") {
        bench.post(reading::Induction{DeviceId("sorter-1"), bench.at(), 7, 2, 300, bench.at()});
        CHECK(flushes(1, 10) == 0);
    }
    SECTION("a command that was acknowledged") {
        bench.post(reading::CommandAcked{DeviceId("sorter-1"), bench.at(), 7, 1, 1, reading::AckCode::accepted});
        CHECK(flushes(1, 10) == 0);
    }
    SECTION("a decision costs one, the index of passages none while the lane works") {
        bench.parcel(2, "YT2");
        CHECK(flushes(1, 10) == 1);
        CHECK(bench.store->lag() > 0);
        CHECK(flushes(1, 2'000) == 1);  // quiet: now the index
        CHECK(bench.store->lag() == 0);
    }
    SECTION("a confirmation costs one of its own only when nothing comes within a moment") {
        const bool company = GENERATE(true, false);
        bench.post(reading::Confirmed{DeviceId("sorter-1"), bench.at(), 7, 1, 1, reading::Left::diverted});
        std::thread reader([&] {  // the next parcel is read once the confirmation has been taken
            while (bench.mailbox.waiting() > 0) std::this_thread::yield();
            if (company) bench.parcel(2, "YT2");
        });
        CHECK(flushes(1, 0) == 1);
        reader.join();
        CHECK(bench.facts_left<core::PassageActuated>().size() == 1);
        if (company) CHECK(bench.waybills_left().back() == "YT2");
    }
    SECTION("the platform's ack waits for a decision") {
        REQUIRE(
            acks.post(Message(PlatformAck{bench.left.back().first, hex(evidence::hash_of(bench.left.back().second))})));
        CHECK(flushes(2, 99) == 0);
        CHECK(*bench.store->cursor("platform") == 0);
        bench.parcel(2, "YT2");
        CHECK(flushes(1, 1) == 1);
        CHECK(*bench.store->cursor("platform") > 0);
    }
    SECTION("or 200 ms") {
        REQUIRE(
            acks.post(Message(PlatformAck{bench.left.back().first, hex(evidence::hash_of(bench.left.back().second))})));
        CHECK(flushes(2, 199) == 0);
        CHECK(flushes(1, 1) == 1);
        CHECK(*bench.store->cursor("platform") > 0);
    }
    SECTION("or the end") {
        REQUIRE(
            acks.post(Message(PlatformAck{bench.left.back().first, hex(evidence::hash_of(bench.left.back().second))})));
        bench.turns(1, clock, 1);
        bench.turn->end();
        CHECK(*bench.store->cursor("platform") > 0);
    }
}
