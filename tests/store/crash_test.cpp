#include "scratch.hpp"
#include "shim/vfs_shim.hpp"

#include <sys/wait.h>

#include <csignal>
#include <random>

using namespace hefang;
using namespace hefang::test;

namespace {

std::string waybill_of(std::uint64_t turn_no) { return "W" + std::to_string(turn_no); }

/// Turn `n` of a busy day: facts, register, cursor, snapshot; deterministic.
Result<void> day_turn(store::Store& store, std::uint64_t n) {
    std::vector<core::Fact> facts{decided(waybill_of(n))};
    for (std::uint64_t i = 0; i < n % 4; ++i)
        facts.push_back(core::DeviceWasLost{DeviceId("d"), std::string(700, 'x')});
    core::Version version;
    version.digest = sha256(waybill_of(n));
    core::Receipt receipt;
    receipt.status = 800;
    if (auto done = store.begin(); !done) return done;
    (void)store.append(facts, noon);  // what failed is said again by commit()
    (void)store.put_receipt({"AG", "C" + std::to_string(n + n % 2), "P" + std::to_string(n), ""},
                            receipt);  // some wait
    (void)store.put_declaration({"AG", "C" + std::to_string(n), "", ""}, waybill_of(n), version);
    (void)store.move_cursor("platform", store.head().sequence / 2);
    (void)store.put_snapshot(store.head().sequence, std::string(3000, 's'));
    return store.commit();
}

/// Between turns; failures here lose nothing and are met again.
void rest(store::Store& store) {
    (void)store.index_some(3);
    (void)store.checkpoint_if(store::Pace::quiet);
}

store::StoreOptions small(const Scratch& scratch, const VfsShim& shim) {
    auto options = options_at(scratch, shim.name());
    options.idle_pages = 25;  // several checkpoints in a short day
    options.tail_limit = 6;
    return options;
}

/// What was promised: hash by number, and the last turn that was committed.
struct Promised {
    std::vector<Digest> hashes;
    std::uint64_t turns = 0;
    void note(store::Store& store, std::uint64_t turn_no) {
        for (auto n = hashes.size() + 1; n <= store.head().sequence; ++n) {
            const auto hash = store.hash_at(n);
            REQUIRE(hash);
            hashes.push_back(*hash);
        }
        turns = turn_no;
    }
};

/// Opens what is left and compares; a turn in doubt may be there as a whole.
void check_after(const store::StoreOptions& options, const Promised& promised, bool doubt) {
    auto store = open_store(options);
    const auto facts = journal_of(*store);  // checks the chain
    REQUIRE(facts.size() >= promised.hashes.size());
    for (std::size_t i = 0; i < promised.hashes.size(); ++i) REQUIRE(sha256(facts[i]) == promised.hashes[i]);
    const auto more = facts.size() - promised.hashes.size();
    const auto next_turn = 1 + (promised.turns + 1) % 4;
    const bool whole_or_none = more == 0 || (doubt && (promised.hashes.empty() ? more == 1 : more == next_turn));
    CAPTURE(more, promised.turns);
    REQUIRE(whole_or_none);
    for (std::uint64_t n = 1; n <= promised.turns; ++n) {
        REQUIRE(store->clearance(waybill_of(n)).inventories.size() == 1);
        REQUIRE(store->history(waybill_of(n)).attempts == 1);
    }
    const auto beyond = store->history(waybill_of(promised.turns + 1)).attempts;
    REQUIRE(beyond == (more != 0 && !promised.hashes.empty() ? 1 : 0));
    REQUIRE(day_turn(*store, promised.turns + 10));  // and it works on
}

}  // namespace

TEST_CASE("the n-th failing flush or write: the turn is refused whole, the next one counts") {
    const bool syncs = GENERATE(true, false);
    const bool full = GENERATE(false, true);
    constexpr std::uint64_t turns = 7;
    std::uint64_t n = 1;
    for (bool survived = false; !survived; ++n) {
        REQUIRE(n < 2000);
        CAPTURE(syncs, full, n);
        VfsShim shim("shim");
        const Scratch scratch(true);
        const auto options = small(scratch, shim);
        shim.failures_say_full = full;
        (syncs ? shim.fail_sync_at : shim.fail_write_at) = n;
        Promised promised;
        {
            auto opened = store::Store::open(options, noon);
            if (!opened) {  // while it was being made: nothing was promised
                CHECK_FALSE(opened.error().detail.empty());
                opened = store::Store::open(options, noon);
            }
            REQUIRE(opened);
            auto& store = **opened;
            promised.note(store, 0);
            for (std::uint64_t turn_no = 1; turn_no <= turns; ++turn_no) {
                const auto head = store.head();
                if (auto done = day_turn(store, turn_no); !done) {
                    CHECK(done.error().code == (full ? Errc::full : Errc::unreachable));
                    REQUIRE(store.head() == head);
                    REQUIRE(store.history(waybill_of(turn_no)).attempts == 0);
                    REQUIRE(day_turn(store, turn_no));
                }
                promised.note(store, turn_no);
                rest(store);
            }
            survived = (syncs ? shim.syncs : shim.writes) < n;
        }
        shim.reset();
        check_after(options, promised, false);
    }
    CHECK(n > 20);  // the day had that many
}

TEST_CASE("from the n-th flush on nothing works: what was promised is there at the next start") {
    for (std::uint64_t last_good = 1; last_good < 14; ++last_good) {
        CAPTURE(last_good);
        VfsShim shim("shim");
        const Scratch scratch(true);
        const auto options = small(scratch, shim);
        Promised promised;
        {
            auto store = open_store(options);
            promised.note(*store, 0);
            for (std::uint64_t turn_no = 1;; ++turn_no) {
                if (turn_no > last_good) shim.fail_every_sync = true;
                const auto done = day_turn(*store, turn_no);
                REQUIRE(done.has_value() == (turn_no <= last_good));
                if (!done) break;
                promised.note(*store, turn_no);
                rest(*store);
            }
            CHECK_FALSE(day_turn(*store, last_good + 1));
        }
        shim.reset();
        check_after(options, promised, true);
    }
}

TEST_CASE("power cuts at 200 moments: no promised fact is missing, the chain is whole") {
    VfsShim shim("shim");
    std::uint64_t calls = 0;
    constexpr std::uint64_t turns = 18;
    std::mt19937 random(2026);
    for (int cut = -1; cut < 200; ++cut) {  // the first day has no cut: it counts the calls
        const Scratch scratch(true);
        const auto options = small(scratch, shim);
        shim.reset();
        if (cut >= 0) shim.cut_at = 1 + random() % calls;
        shim.keep_seed = cut % 2 == 0 ? 0 : static_cast<std::uint64_t>(cut);
        CAPTURE(cut, shim.cut_at.load());
        Promised promised;
        {
            auto opened = store::Store::open(options, noon);
            if (opened) {
                auto& store = **opened;
                promised.note(store, 0);
                for (std::uint64_t turn_no = 1; turn_no <= turns; ++turn_no) {
                    if (!day_turn(store, turn_no)) break;
                    if (!shim.powered()) FAIL("a turn was promised after the power had gone");
                    promised.note(store, turn_no);
                    rest(store);
                    if (!shim.powered()) break;
                }
                if (cut < 0) calls = shim.calls;
            }
        }
        shim.power_cut();
        shim.power_on();
        shim.reset();
        check_after(options, promised, true);
    }
    CHECK(calls > 200);
}

TEST_CASE("the shim itself forgets what was not flushed") {
    // Without this the test above would prove nothing: with synchronous=OFF a commit must be lost.
    VfsShim shim("shim");
    const Scratch scratch(true);
    auto db = store::Database::open(scratch.file(), store::Access::write, shim.name());
    REQUIRE(db);
    REQUIRE(
        db->run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t(x); INSERT INTO t VALUES(1)"));
    REQUIRE(db->run("PRAGMA synchronous = OFF; INSERT INTO t VALUES(2)"));
    CHECK(*db->number("SELECT count(*) FROM t") == 2);
    shim.power_cut();
    CHECK_FALSE(db->run("INSERT INTO t VALUES(3)"));
    CHECK_FALSE(store::Database::open(scratch.file(), store::Access::write, shim.name()));
    *db = store::Database();
    shim.power_on();
    db = store::Database::open(scratch.file(), store::Access::write, shim.name());
    REQUIRE(db);
    CHECK(*db->number("SELECT count(*) FROM t") == 1);
    CHECK(*db->number("SELECT x FROM t") == 1);
}

TEST_CASE("killed again and again: every fact that was promised is there") {
    const Scratch scratch;
    std::mt19937 random(9);
    std::uint64_t turns = 0, facts = 1;
    for (int round = 0; round < 10; ++round) {
        int ends[2];
        REQUIRE(::pipe(ends) == 0);
        const pid_t child = ::fork();
        REQUIRE(child >= 0);
        if (child == 0) {  // no Catch, no destructors here
            auto opened = store::Store::open(options_at(scratch), noon);
            for (auto n = turns + 1; opened; ++n) {
                if (!day_turn(**opened, n)) ::_exit(1);
                const std::uint64_t said[2] = {n, (*opened)->head().sequence};
                if (::write(ends[1], said, sizeof said) != sizeof said) ::_exit(2);
                rest(**opened);
            }
            ::_exit(3);
        }
        ::close(ends[1]);
        std::uint64_t said[2] = {turns, facts};
        for (auto wait = 1 + random() % 40; wait > 0; --wait)
            if (::read(ends[0], said, sizeof said) != sizeof said) break;
        ::kill(child, SIGKILL);
        while (::read(ends[0], said, sizeof said) == sizeof said) {
        }
        ::close(ends[0]);
        int status = 0;
        REQUIRE(::waitpid(child, &status, 0) == child);
        REQUIRE(WIFSIGNALED(status));
        CAPTURE(round, said[0], said[1]);
        auto store = open_store(options_at(scratch));
        const auto there = journal_of(*store).size();
        const bool whole_turns = there == said[1] || there == said[1] + 1 + (said[0] + 1) % 4;
        REQUIRE(whole_turns);
        turns = said[0] + (there == said[1] ? 0 : 1);
        facts = there;
        for (std::uint64_t n = 1; n <= turns; ++n) REQUIRE(store->history(waybill_of(n)).attempts == 1);
    }
    CHECK(turns >= 10);
}

TEST_CASE("a full disk: the turn is refused as full, the head stays, and with room it goes on") {
    VfsShim shim("shim");
    const Scratch scratch(true);
    auto store = open_store(options_at(scratch, shim.name()));
    std::uint64_t n = 1;
    REQUIRE(day_turn(*store, n++));
    shim.size_limit = 400'000;
    store::Head head;
    Result<void> done;
    for (;; ++n) {
        head = store->head();
        if (done = day_turn(*store, n); !done) break;
        REQUIRE(n < 1000);
    }
    CHECK(done.error().code == Errc::full);
    CHECK_THAT(done.error().detail, Catch::Contains("full"));
    CHECK(store->head() == head);
    CHECK(journal_of(*store).size() == head.sequence);
    CHECK(store->clearance(waybill_of(n)).inventories.empty());
    CHECK_FALSE(day_turn(*store, n));
    shim.size_limit = -1;
    REQUIRE(turn(*store, {core::StoreRefused{done.error().detail}}));
    REQUIRE(day_turn(*store, n));
    CHECK(store->hash_at(head.sequence) == head.hash);
}

TEST_CASE("a slow disk only makes a turn slow") {
    VfsShim shim("shim");
    const Scratch scratch(true);
    auto store = open_store(options_at(scratch, shim.name()));
    shim.sync_delay_ms = 30;
    const auto begun = std::chrono::steady_clock::now();
    REQUIRE(day_turn(*store, 1));
    CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::milliseconds(30));
}
