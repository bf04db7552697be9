#include "store/reader.hpp"

#include "evidence/members.hpp"
#include "scratch.hpp"
#include "store/verify.hpp"

#include <atomic>
#include <thread>

#include <sqlite3.h>

using namespace hefang;
using namespace hefang::test;

namespace {

store::Reader reader_of(const Scratch& scratch) {
    auto reader = store::Reader::open(scratch.path());
    INFO((reader ? std::string() : reader.error().detail));
    REQUIRE(reader);
    return std::move(*reader);
}

std::vector<std::uint64_t> numbers(const std::vector<store::Reader::Entry>& entries) {
    std::vector<std::uint64_t> all;
    for (const auto& entry : entries) all.push_back(entry.sequence);
    return all;
}

void outsider(const Scratch& scratch, const std::string& sql) {
    sqlite3* db = nullptr;
    sqlite3_open(scratch.file().c_str(), &db);
    const int rc = sqlite3_exec(
        db,
        ("DROP TRIGGER IF EXISTS journal_never_changes; DROP TRIGGER IF EXISTS journal_keeps_unread;" + sql).c_str(),
        nullptr, nullptr, nullptr);
    CAPTURE(sqlite3_errmsg(db), sql);
    sqlite3_close(db);
    REQUIRE(rc == SQLITE_OK);
}

}  // namespace

TEST_CASE("a reader sees what is committed, and nothing of a turn under way") {
    const Scratch scratch;
    CHECK(store::Reader::open(scratch.path()).error().code == Errc::unreachable);
    auto store = open_store(options_at(scratch));
    auto reader = reader_of(scratch);
    CHECK(reader.last() == 1);
    CHECK(reader.epoch() == store->epoch());
    REQUIRE(store->begin());
    const std::vector<core::Fact> facts{decided("A"), decided("B"), decided("C")};
    REQUIRE(store->append(facts, noon));
    CHECK(reader.last() == 1);
    REQUIRE(store->commit());
    CHECK(reader.last() == 4);
    CHECK(numbers(*reader.facts(2, 2)) == std::vector<std::uint64_t>{2, 3});
    CHECK(numbers(*reader.facts(4, 100)) == std::vector<std::uint64_t>{4});
    CHECK(reader.facts(5, 100)->empty());
    CHECK(numbers(*reader.journal_tail(3)) == std::vector<std::uint64_t>{2, 3, 4});
    CHECK(numbers(*reader.journal_tail(9)) == std::vector<std::uint64_t>{1, 2, 3, 4});
    CHECK(reader.facts(1, 1)->at(0).bytes == journal_of(*store)[0]);
    CHECK(reader.cursor("platform") == 0);
    CHECK(reader.cursor("nobody").error().code == Errc::not_found);
    store.reset();  // without a gateway as well
    CHECK(reader.last() == 4);
    CHECK(reader_of(scratch).last() == 4);
}

TEST_CASE("one answer is bounded in bytes, too") {
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    const std::vector<core::Fact> facts(4000, core::StoreRefused{std::string(1024, '"')});
    REQUIRE(turn(*store, facts));
    auto reader = reader_of(scratch);
    const auto first = reader.facts(1, 100'000);
    REQUIRE(first);
    CHECK(first->size() < 4000);
    CHECK(first->size() > 1000);
    CHECK(reader.facts(first->back().sequence + 1, 1)->at(0).sequence == first->size() + 1);
}

TEST_CASE("the outbox reads by number, and hands acks on without believing them") {
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    REQUIRE(turn(*store, {decided("A")}));
    std::vector<std::string> acks;
    bool room = true;
    store::StoreOutbox outbox(reader_of(scratch), [&](std::uint64_t through, const std::string& head) {
        if (room) acks.push_back(std::to_string(through) + " " + head);
        return room;
    });
    CHECK(numbers(*outbox.read(1, 10)) == std::vector<std::uint64_t>{1, 2});
    CHECK(outbox.position().epoch == store->epoch());
    CHECK(outbox.position().last == 2);
    outbox.acked(2, "b07d");
    CHECK(acks == std::vector<std::string>{"2 b07d"});
    CHECK(outbox.position().acked == 0);
    REQUIRE(store->begin());
    REQUIRE(store->move_cursor("platform", 2));
    REQUIRE(store->commit());
    CHECK(outbox.position().acked == 2);

    // While the core takes nothing the newest ack waits here: it may be the last that ever comes.
    room = false;
    outbox.acked(2, "first");
    outbox.acked(2, "newest");
    (void)outbox.position();
    CHECK(acks.size() == 1);
    room = true;
    (void)outbox.position();
    (void)outbox.position();
    CHECK(acks == std::vector<std::string>{"2 b07d", "2 newest"});
}

TEST_CASE("track finds every fact of a number, indexed or not") {
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    auto with_numbers = decided("W1");
    with_numbers.ground.invt_no = "I1", with_numbers.ground.bill_no = "999-1", with_numbers.codes = {"EXTRA\"1", "W2"};
    core::PassageActuated actuated;
    actuated.passage = with_numbers.passage, actuated.waybill = "W1";
    core::MessageTaken message;
    message.sha256 = "5d41";
    REQUIRE(store->begin());
    const std::vector<core::Fact> facts{with_numbers, decided("W2"), actuated,
                                        core::ReceiptTaken{"W1", "I1", "800", "2026"}, message};
    REQUIRE(store->append(facts, noon));
    core::Version version;
    version.invt_no = "I1";
    REQUIRE(store->put_declaration({"AG", "C1", "", "I1"}, "W1", version));
    REQUIRE(store->commit());
    auto reader = reader_of(scratch);
    for (const std::size_t indexed : {0, 2, 4}) {  // facts 2… are found in the tail, in the index, in both
        if (indexed > 0) REQUIRE(store->index_some(2));
        CAPTURE(indexed);
        using List = std::vector<std::uint64_t>;
        const auto w1 = reader.track("W1");
        REQUIRE(w1);
        CHECK(numbers(w1->facts) == List{2, 4, 5});
        CHECK(w1->clearance.inventories.size() == 1);
        CHECK_FALSE(w1->cut);
        CHECK(numbers(reader.track("W2")->facts) == List{2, 3});
        CHECK(numbers(reader.track("EXTRA\"1")->facts) == List{2});
        CHECK(numbers(reader.track("999-1")->facts) == List{2});
        CHECK(numbers(reader.track("5d41")->facts) == List{6});
        const auto by_inventory = reader.track("I1");
        CHECK(by_inventory->waybills == std::vector<std::string>{"I1", "W1"});
        CHECK(by_inventory->clearance.inventories.size() == 1);
        CHECK(numbers(by_inventory->facts) == List{2, 4, 5});
        CHECK(reader.track("nobody")->facts.empty());
        const auto newest = reader.track("W1", 2);
        CHECK(newest->cut);
        CHECK(numbers(newest->facts) == List{4, 5});
    }
}

TEST_CASE("verify finds what is wrong, and where") {
    const Scratch scratch;
    {
        auto store = open_store(options_at(scratch));
        for (int i = 0; i < 20; ++i) REQUIRE(turn(*store, {decided("W" + std::to_string(i)), core::ClockStepped{i}}));
        REQUIRE(store->begin());
        REQUIRE(store->move_cursor("platform", 40));
        REQUIRE(store->commit());
        const auto beside = store::verify(scratch.path());
        REQUIRE(beside);
        CHECK(beside->good());
        CHECK(beside->rows == 41);
        CHECK(beside->head == store->head().hash);
        CHECK(beside->epoch == store->epoch());
    }
    store::VerifyOptions thorough;
    thorough.pages = true;
    REQUIRE(store::verify(scratch.path(), thorough)->good());
    struct Row {
        const char* why;
        const char* sql;
        const char* want;
    };
    const Row rows[] = {
        {"a fact was changed",
         "UPDATE journal SET body = CAST(replace(body, 'hold', 'release') AS BLOB) WHERE sequence = 6", "changed:6"},
        {"a fact and its hash were changed",
         "UPDATE journal SET body = other.body, hash = other.hash FROM journal other"
         " WHERE journal.sequence = 6 AND other.sequence = 8",
         "reordered:6 changed:6"},
        {"a hash was changed", "UPDATE journal SET hash = zeroblob(32) WHERE sequence = 6", "changed:6 changed:6"},
        {"facts are missing", "DELETE FROM journal WHERE sequence BETWEEN 6 AND 9", "missing:6"},
        {"the first fact is missing", "DELETE FROM journal WHERE sequence = 1", "missing:1"},
        {"facts were moved",
         "UPDATE journal SET sequence = 1000 - sequence WHERE sequence IN (6, 7);"
         "UPDATE journal SET sequence = CASE sequence WHEN 994 THEN 7 ELSE 6 END WHERE sequence > 900",
         "reordered:6 reordered:7 changed:7"},
        {"a fact was cut short", "UPDATE journal SET body = substr(body, 1, 100) WHERE sequence = 6", "changed:6"},
        {"the end was cut off", "DELETE FROM journal WHERE sequence > 30", "missing:31"},
        {"everything was cut off", "DELETE FROM journal", "missing:1 missing:1"},
    };
    const auto copy = scratch.path() + "/copy";
    std::filesystem::copy_file(scratch.file(), copy);
    for (const auto& row : rows) {
        INFO(row.why);
        std::filesystem::copy_file(copy, scratch.file(), std::filesystem::copy_options::overwrite_existing);
        outsider(scratch, row.sql);
        const auto seen = store::verify(scratch.path());
        REQUIRE(seen);
        std::string found;
        for (const auto& fault : seen->faults)
            found +=
                (found.empty() ? "" : " ") + std::string(name_of(fault.fault)) + ":" + std::to_string(fault.sequence);
        CHECK(found == row.want);
        CHECK_FALSE(seen->good());
    }
    SECTION("it stops when there is too much, or when told") {
        std::filesystem::copy_file(copy, scratch.file(), std::filesystem::copy_options::overwrite_existing);
        outsider(scratch, "UPDATE journal SET hash = zeroblob(32)");
        store::VerifyOptions few;
        few.most_faults = 3;
        const auto seen = store::verify(scratch.path(), few);
        CHECK(seen->faults.size() >= 3);
        CHECK(seen->faults.size() <= 4);
        CHECK(seen->ended_early);
    }
}

TEST_CASE("readers and verify work beside a busy writer") {
    const Scratch scratch;
    auto options = options_at(scratch);
    options.idle_pages = 30;
    auto store = open_store(options);
    std::atomic<bool> done = false;
    std::atomic<int> rounds = 0;
    std::string trouble;
    std::thread other([&] {
        auto reader = store::Reader::open(scratch.path());
        if (!reader) trouble = reader.error().detail;
        std::uint64_t last = 0;
        while (!done && trouble.empty()) {
            const auto newest = reader->last();
            const auto entries =
                newest ? reader->facts(*newest > 50 ? *newest - 50 : 1, 100) : tl::unexpected(newest.error());
            const auto tracked = reader->track("W3");
            const auto seen = store::verify(scratch.path());
            if (!newest || !entries || !tracked || !seen)
                trouble = "a read failed";
            else if (*newest < last)
                trouble = "the journal went back";
            else if (!seen->good() || seen->last < *newest)
                trouble = "verify found " + std::to_string(seen->faults.size());
            else
                last = *newest, ++rounds;
            for (std::size_t i = 1; entries && i < entries->size(); ++i)
                if ((*entries)[i].sequence != (*entries)[i - 1].sequence + 1) trouble = "a gap";
        }
    });
    for (int i = 0; i < 300 || rounds < 5; ++i) {
        REQUIRE(turn(*store, {decided("W" + std::to_string(i % 10))}));
        if (i % 7 == 0) REQUIRE(store->index_some(5));
        REQUIRE(store->checkpoint_if(store::Pace::quiet));
        REQUIRE(i < 100'000);
    }
    done = true;
    other.join();
    CHECK(trouble.empty());
    CHECK(store->wal_pages() < 2000);  // no reader pinned it for good
}
