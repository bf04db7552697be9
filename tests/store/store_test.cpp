#include "evidence/event.hpp"
#include "scratch.hpp"

#include <fstream>

#include <sqlite3.h>

using namespace hefang;
using namespace hefang::test;

namespace {

/// Somebody with the sqlite3 shell.
int outsider(const std::string& file, const std::string& sql, std::string* said = nullptr) {
    sqlite3* db = nullptr;
    sqlite3_open(file.c_str(), &db);
    const int rc = sqlite3_exec(db, sql.c_str(), nullptr, nullptr, nullptr);
    if (said != nullptr) *said = sqlite3_errmsg(db);
    sqlite3_close(db);
    return rc;
}

core::PassageActuated left_by_release(const std::string& passage) {
    core::PassageActuated f;
    f.passage = core::PassageId(passage), f.waybill = "W", f.left_by_release = true;
    return f;
}

}  // namespace

TEST_CASE("a new database begins an epoch with its first fact") {
    const Scratch scratch;
    std::string epoch;
    {
        const auto store = open_store(options_at(scratch));
        epoch = store->epoch();
        CHECK(epoch.size() == 36);
        const auto facts = journal_of(*store);
        REQUIRE(facts.size() == 1);
        const auto first = evidence::parse_event(facts[0]);
        REQUIRE(first);
        CHECK(first->sequence == 1);
        CHECK(first->prevhash == Digest{});
        CHECK(std::get<core::EpochOpened>(first->fact) == core::EpochOpened{epoch, "", "new-database"});
    }
    const auto again = open_store(options_at(scratch));
    CHECK(again->epoch() == epoch);
    CHECK(journal_of(*again).size() == 1);
}

TEST_CASE("what was committed is there after reopening, what was rolled back is not") {
    const Scratch scratch;
    std::vector<std::string> before;
    store::Head head;
    {
        auto store = open_store(options_at(scratch));
        REQUIRE(turn(*store, {decided("A"), core::DeviceWasLost{DeviceId("scale-1"), "no answer"}}));
        head = store->head();
        CHECK(head.sequence == 3);

        const std::vector<core::Fact> undone{decided("B"), decided("C")};
        REQUIRE(store->begin());
        REQUIRE(store->append(undone, noon));
        CHECK(store->head().sequence == 5);
        CHECK(store->history("B").attempts == 1);
        store->rollback();
        CHECK(store->head() == head);
        CHECK(store->history("B").attempts == 0);

        REQUIRE(turn(*store, {decided("D")}));
        before = journal_of(*store);
        REQUIRE(before.size() == 4);
    }
    auto store = open_store(options_at(scratch));
    CHECK(journal_of(*store) == before);
    CHECK(store->hash_at(3) == head.hash);
    CHECK(store->hash_at(0) == Digest{});
    CHECK(store->hash_at(5).error().code == Errc::not_found);
    const auto fact = evidence::parse_event(before[3]);
    REQUIRE(fact);
    CHECK(std::get<core::PassageDecided>(fact->fact) == decided("D"));
}

TEST_CASE("facts are recorded at a time that is never smaller than that of the fact before") {
    const Scratch scratch;
    const auto recorded = [&](store::Store& store, std::int64_t wall) {
        REQUIRE(turn(store, {core::ClockStepped{1}}, Now{{wall}, {1}, ClockState::unsynced}));
        const auto fact = evidence::parse_event(journal_of(store).back());
        REQUIRE(fact);
        return fact->recorded.wall.ms - noon.wall.ms;
    };
    {
        auto store = open_store(options_at(scratch));
        CHECK(recorded(*store, noon.wall.ms + 500) == 500);
        CHECK(recorded(*store, noon.wall.ms + 499) == 500);
        CHECK(recorded(*store, noon.wall.ms + 501) == 501);
    }
    auto store = open_store(options_at(scratch));
    CHECK(recorded(*store, 0) == 501);
}

TEST_CASE("a turn is used in its order") {
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    const std::vector<core::Fact> facts{decided("A")};
    CHECK(store->append(facts, noon).error().code == Errc::refused);
    CHECK(store->commit().error().code == Errc::refused);
    CHECK(store->move_cursor("platform", 1).error().code == Errc::refused);
    CHECK(store->put_snapshot(1, "x").error().code == Errc::refused);
    CHECK(store->put_receipt({"a", "c", "", ""}, {}).error().code == Errc::refused);
    CHECK(store->put_declaration({"a", "c", "", ""}, "W", {}).error().code == Errc::refused);
    REQUIRE(store->begin());
    CHECK(store->begin().error().code == Errc::refused);
    CHECK(store->index_some(10).error().code == Errc::refused);
    REQUIRE(store->commit());
    REQUIRE(turn(*store, facts));
}

TEST_CASE("cursors move on only, and never beyond the journal") {
    const Scratch scratch;
    {
        auto store = open_store(options_at(scratch));
        REQUIRE(turn(*store, {decided("A"), decided("B")}));
        CHECK(store->cursor("platform") == 0);
        CHECK(store->cursor("nobody").error().code == Errc::not_found);
        REQUIRE(store->begin());
        CHECK(store->move_cursor("platform", 3));
        CHECK(store->move_cursor("platform", 2));
        CHECK(store->cursor("platform") == 3);
        CHECK(store->move_cursor("platform", 4).error().code == Errc::refused);
        CHECK(store->move_cursor("other", 1));
        REQUIRE(store->commit());
        REQUIRE(store->begin());
        CHECK(store->move_cursor("other", 2));
        store->rollback();
    }
    auto store = open_store(options_at(scratch));
    CHECK(store->cursor("platform") == 3);
    CHECK(store->cursor("other") == 1);
}

TEST_CASE("snapshot and small values") {
    const Scratch scratch;
    {
        auto store = open_store(options_at(scratch));
        CHECK_FALSE(*store->snapshot());
        CHECK_FALSE(*store->meta("inbox"));
        REQUIRE(store->begin());
        REQUIRE(store->put_snapshot(1, std::string("\0one", 4)));
        REQUIRE(store->put_meta("inbox", "in a turn"));
        REQUIRE(store->commit());
        REQUIRE(store->begin());
        REQUIRE(store->put_snapshot(1, "two"));
        store->rollback();
        REQUIRE(store->put_meta("age", "5 boot"));
    }
    auto store = open_store(options_at(scratch));
    REQUIRE(*store->snapshot());
    CHECK((*store->snapshot())->bytes == std::string("\0one", 4));
    CHECK((*store->snapshot())->sequence == 1);
    CHECK(*store->meta("inbox") == "in a turn");
    CHECK(*store->meta("age") == "5 boot");
    std::vector<std::uint64_t> seen;
    REQUIRE(turn(*store, {decided("A"), decided("B"), decided("C")}));
    REQUIRE(store->facts_after(1, [&](std::uint64_t n, std::string_view) { return seen.push_back(n), n < 3; }));
    CHECK(seen == std::vector<std::uint64_t>{2, 3});
}

TEST_CASE("a second gateway is refused by the lock") {
    const Scratch scratch;
    {
        const auto first = open_store(options_at(scratch));
        const auto second = store::Store::open(options_at(scratch), noon);
        REQUIRE_FALSE(second);
        CHECK(second.error().code == Errc::busy);
        CHECK_THAT(second.error().detail, Catch::Contains("another gateway"));
    }
    CHECK(store::Store::open(options_at(scratch), noon));
}

TEST_CASE("a newer schema is refused and not touched") {
    const Scratch scratch;
    { open_store(options_at(scratch)); }
    REQUIRE(outsider(scratch.file(), "PRAGMA journal_mode = DELETE; PRAGMA user_version = 3") == SQLITE_OK);
    const auto size = std::filesystem::file_size(scratch.file());
    const auto refused = store::Store::open(options_at(scratch), noon);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::refused);
    CHECK_THAT(refused.error().detail, Catch::Contains("schema 3"));
    CHECK_FALSE(std::filesystem::exists(scratch.file() + "-wal"));
    CHECK(std::filesystem::file_size(scratch.file()) == size);
    REQUIRE(outsider(scratch.file(), "PRAGMA user_version = 2") == SQLITE_OK);
    CHECK(store::Store::open(options_at(scratch), noon));
}

TEST_CASE("a history from before the passage that left was kept is taken over without it") {
    const Scratch scratch;
    {
        auto store = open_store(options_at(scratch));
        REQUIRE(store->begin());
        REQUIRE(store->append(std::vector<core::Fact>{decided("W"), left_by_release("first")}, noon));
        REQUIRE(store->commit());
        while (*store->index_some(10) > 0) {
        }
    }
    REQUIRE(outsider(scratch.file(), "ALTER TABLE passage DROP COLUMN released; PRAGMA user_version = 1") == SQLITE_OK);
    auto store = open_store(options_at(scratch));
    CHECK(store->history("W") == core::History{1, true, false, {}});
    REQUIRE(store->begin());
    REQUIRE(store->append(std::vector<core::Fact>{left_by_release("later")}, noon));
    REQUIRE(store->commit());
    CHECK(store->history("W").released == core::PassageId("later"));
    while (*store->index_some(10) > 0) {
    }
    CHECK(store->history("W").released == core::PassageId("later"));
}

TEST_CASE("what is no store is refused with words") {
    const Scratch scratch;
    { std::ofstream(scratch.file()) << std::string(5000, 'x'); }
    const auto refused = store::Store::open(options_at(scratch), noon);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::corrupt);
    auto nowhere = options_at(scratch);
    nowhere.path = "/proc/nowhere";
    CHECK(store::Store::open(nowhere, noon).error().code == Errc::unreachable);
}

TEST_CASE("the newest fact is checked when the store is opened") {
    const Scratch scratch;
    {
        auto store = open_store(options_at(scratch));
        REQUIRE(turn(*store, {decided("A")}));
    }
    const char* why = GENERATE(
        "UPDATE journal SET body = CAST(replace(body, 'line-1', 'line-2') AS BLOB) WHERE sequence = 2",
        "UPDATE journal SET hash = zeroblob(32) WHERE sequence = 2",
        "UPDATE journal SET sequence = 7 WHERE sequence = 2", "UPDATE meta SET value = x'41' WHERE key = 'epoch'");
    CAPTURE(why);
    REQUIRE(outsider(scratch.file(), std::string("DROP TRIGGER journal_never_changes;") + why) == SQLITE_OK);
    CHECK(store::Store::open(options_at(scratch), noon).error().code == Errc::corrupt);
}

TEST_CASE("the journal refuses changes from inside the database") {
    const Scratch scratch;
    {
        auto store = open_store(options_at(scratch));
        REQUIRE(turn(*store, {decided("A"), decided("B")}));
        REQUIRE(store->begin());
        REQUIRE(store->move_cursor("platform", 3));
        REQUIRE(store->commit());
    }
    std::string said;
    CHECK(outsider(scratch.file(), "UPDATE journal SET hash = zeroblob(32) WHERE sequence = 2", &said) != SQLITE_OK);
    CHECK_THAT(said, Catch::Contains("append-only"));
    CHECK(outsider(scratch.file(), "DELETE FROM journal WHERE sequence = 1", &said) != SQLITE_OK);
    CHECK_THAT(said, Catch::Contains("not read everywhere"));  // the passages have not been indexed
    CHECK(outsider(scratch.file(), "DELETE FROM cursor; DELETE FROM journal WHERE sequence = 1", &said) != SQLITE_OK);
}

TEST_CASE("the WAL goes back into the database by the pace of the lanes, and at the limit in any case") {
    const Scratch scratch;
    auto options = options_at(scratch);
    CHECK(options.quiet_pages == 200);
    CHECK(options.idle_pages == 1000);
    CHECK(options.most_pages == 4000);
    options.quiet_pages = 60, options.idle_pages = 120, options.most_pages = 400;
    auto store = open_store(options);
    const auto fill = [&](int pages) {
        while (store->wal_pages() < pages) REQUIRE(turn(*store, {decided("A")}));
    };
    REQUIRE(store->wal_pages() > 0);
    CHECK_FALSE(*store->checkpoint_if(store::Pace::quiet));  // too few pages even then
    fill(options.quiet_pages);
    CHECK_FALSE(*store->checkpoint_if(store::Pace::idle));
    CHECK(*store->checkpoint_if(store::Pace::quiet));
    fill(options.idle_pages);
    CHECK_FALSE(*store->checkpoint_if(store::Pace::busy));
    CHECK(*store->checkpoint_if(store::Pace::idle));
    REQUIRE(turn(*store, {decided("A")}));
    CHECK(store->wal_pages() < 20);  // begun anew
    std::vector<core::Fact> many(200, decided("B"));
    while (store->wal_pages() < options.most_pages) REQUIRE(turn(*store, many));
    CHECK(*store->checkpoint_if(store::Pace::busy));
    REQUIRE(turn(*store, {decided("A")}));
    CHECK(store->wal_pages() < 20);
    CHECK(journal_of(*store).size() > 400);
}

TEST_CASE("the reserve is really there, and can be given back") {
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    const auto reserve = store->reserve();
    CHECK_FALSE(reserve.whole());
    REQUIRE(reserve.create());
    CHECK(reserve.whole());
    CHECK(std::filesystem::file_size(scratch.path() + "/reserve") == 4 << 20);
    REQUIRE(reserve.create());
    REQUIRE(reserve.release());
    CHECK_FALSE(reserve.whole());
    REQUIRE(reserve.release());
    CHECK(*store->free_bytes() > 0);
}

TEST_CASE("a gateway of another name is told that the store is not its own") {
    const Scratch scratch;
    auto options = options_at(scratch);
    open_store(options).reset();
    options.envelope.gateway = "ncbz-bw03-g08";
    const auto opened = store::Store::open(options, noon);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::refused);
    CHECK(opened.error().detail.find("ncbz-bw03-g07") != std::string::npos);
    CHECK(opened.error().detail.find("[site] gateway") != std::string::npos);
    options.envelope.gateway = "ncbz-bw03-g07";
    CHECK(store::Store::open(options, noon));
}

TEST_CASE("what is no database is named as the file that it is") {
    const Scratch scratch;
    std::ofstream(scratch.file()) << std::string(8'192, 'x');
    const auto opened = store::Store::open(options_at(scratch), noon);
    REQUIRE_FALSE(opened);
    CHECK(opened.error().detail.find(scratch.file() + ": file is not a database") != std::string::npos);
}
