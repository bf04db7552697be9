#include "register_messages.hpp"
#include "shim/vfs_shim.hpp"

#include <random>

#include <sqlite3.h>

using namespace hefang;
using namespace hefang::test;
using Outcome = store::Taken::Outcome;

TEST_CASE("a declaration and its receipts are found by the waybill, whole") {
    const Scratch scratch;
    auto v = version("one", "P1", "I1");
    v.type = core::AppType::change;
    v.gross = Grams{-3};
    auto r = receipt(-5, "2026", "P1", "I1");
    r.time.second.reset();
    {
        auto store = open_store(options_at(scratch));
        REQUIRE(store->begin());
        const auto declared = store->put_declaration({"AG", "COP", "P1", "I1"}, "W1", v);
        REQUIRE(declared);
        CHECK(declared->outcome == Outcome::taken);
        CHECK(declared->waybills == std::vector<std::string>{"W1"});
        const auto answered = store->put_receipt({"AG", "COP", "P1", "I1"}, r);
        REQUIRE(answered);
        CHECK(answered->outcome == Outcome::taken);
        CHECK(answered->waybills == std::vector<std::string>{"W1"});
        CHECK(store->clearance("W1").inventories.size() == 1);  // this turn included
        REQUIRE(store->commit());
    }
    auto store = open_store(options_at(scratch));
    const auto found = store->clearance("W1");
    REQUIRE(found.inventories.size() == 1);
    const auto& i = found.inventories[0];
    CHECK(i.agent_code == "AG");
    CHECK(i.cop_no == "COP");
    REQUIRE(i.versions.size() == 1);
    CHECK(i.versions[0] == v);
    REQUIRE(i.receipts.size() == 1);
    CHECK(i.receipts[0].same_as(r));
    CHECK(i.receipts[0].time == r.time);
    CHECK(i.receipts[0].pre_no == "P1");
    CHECK(i.receipts[0].invt_no == "I1");
    CHECK(i.receipts[0].taken_ms == 5);
    CHECK(store->clearance("W2").inventories.empty());
    CHECK(store->clearance("").inventories.empty());
}

TEST_CASE("repetition changes nothing, and a rollback takes everything back") {
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    const auto d = declares({"AG", "COP", "", ""}, "W1", "one");
    const auto r = answers({"AG", "COP", "P1", ""}, 120);
    const auto lonely = answers({"AG", "OTHER", "", ""}, 800);
    for (const bool keep : {false, true}) {
        REQUIRE(store->begin());
        CHECK(put(*store, d)->outcome == Outcome::taken);
        CHECK(put(*store, d)->outcome == Outcome::repeated);
        CHECK(put(*store, r)->outcome == Outcome::taken);
        auto later = r;
        later.receipt.taken_ms = 99;  // when it was taken is no identity
        CHECK(put(*store, later)->outcome == Outcome::repeated);
        CHECK(put(*store, r)->waybills.empty());
        CHECK(put(*store, lonely)->outcome == Outcome::parked);
        CHECK(put(*store, lonely)->outcome == Outcome::repeated);
        CHECK(store->parked() == 1);
        if (keep)
            REQUIRE(store->commit());
        else
            store->rollback();
        CHECK(store->parked() == (keep ? 1 : 0));
        CHECK(store->clearance("W1").inventories.size() == (keep ? 1 : 0));
    }
    CHECK(store->clearance("W1").inventories[0].receipts.size() == 1);
}

TEST_CASE("receipts find their declaration by whatever they carry, in every order of arrival") {
    struct Row {
        const char* why;
        std::vector<Message> messages;
        const char* waybill;
        std::vector<std::int32_t> want;  ///< statuses in the clearance
        std::size_t parked;
    };
    const Row rows[] = {
        {"by agent and copNo",
         {declares({"AG", "C1", "", ""}, "W", "1"), answers({"AG", "C1", "", ""}, 2),
          answers({"AG", "C1", "P1", "I1"}, 800)},
         "W",
         {2, 800},
         0},
        {"by preNo alone, which the declaration carries",
         {declares({"AG", "C1", "P1", ""}, "W", "1"), answers({"", "", "P1", ""}, 120),
          answers({"", "C1", "P1", ""}, 800)},
         "W",
         {120, 800},
         0},
        {"by invtNo that only an earlier receipt ties to the stream",
         {declares({"AG", "C1", "", ""}, "W", "1"), answers({"AG", "C1", "P1", "I1"}, 120),
          answers({"", "", "", "I1"}, 800)},
         "W",
         {120, 800},
         0},
        {"a chain of two receipts",
         {declares({"AG", "C1", "", ""}, "W", "1"), answers({"AG", "C1", "P1", ""}, 2),
          answers({"", "", "P1", "I1"}, 120), answers({"", "", "", "I1"}, 800)},
         "W",
         {2, 120, 800},
         0},
        {"a receipt that contradicts the declaration stays out, also by way of another receipt",
         {declares({"AG", "C1", "P1", ""}, "W", "1"), answers({"AG", "C1", "P2", ""}, 800),
          answers({"", "", "P1", "I1"}, 2), answers({"", "", "P2", "I1"}, 899)},
         "W",
         {2},
         2},
        {"another agent's copNo is another stream",
         {declares({"AG", "C1", "", ""}, "W", "1"), answers({"AX", "C1", "", ""}, 800),
          answers({"AG", "C2", "", ""}, 899)},
         "W",
         {},
         2},
        {"a second version gives the number that fits",
         {declares({"AG", "C1", "P1", ""}, "W", "1"), declares({"AG", "C1", "P2", ""}, "W", "2"),
          answers({"AG", "C1", "P2", ""}, 800)},
         "W",
         {800},
         0},
        {"a later version without numbers lets everything of its copNo in",
         {declares({"AG", "C1", "P1", ""}, "W", "1"), declares({"AG", "C1", "", ""}, "W", "2"),
          answers({"AG", "C1", "P2", ""}, 800)},
         "W",
         {800},
         0},
        {"a receipt that fits two streams is in both",
         {declares({"AG", "C1", "P1", ""}, "W", "1"), declares({"AG", "C2", "P1", ""}, "W", "2"),
          answers({"", "", "P1", ""}, 500)},
         "W",
         {500, 500},
         0},
        {"a declaration without copNo is known by its numbers",
         {declares({"AG", "", "P1", ""}, "W", "1"), answers({"AG", "C9", "P1", "I1"}, 120),
          answers({"", "", "", "I1"}, 800), declares({"AG", "C9", "", ""}, "W", "2")},
         "W",
         {120, 120, 800, 800},
         0},
        {"without a declaration all wait",
         {answers({"AG", "C1", "P1", "I1"}, 2), answers({"", "", "P1", ""}, 120), answers({"", "", "", "I1"}, 800)},
         "W",
         {},
         3},
    };
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    for (const auto& row : rows) {
        std::vector<std::size_t> order(row.messages.size());
        for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
        std::string first;
        do {
            INFO(row.why);
            REQUIRE(store->begin());
            for (const auto i : order) REQUIRE(put(*store, row.messages[i]));
            for (const auto i : order) CHECK(put(*store, row.messages[i])->outcome == Outcome::repeated);
            const auto found = store->clearance(row.waybill);
            CAPTURE(order, shown(found));
            CHECK(statuses(found) == row.want);
            CHECK(store->parked() == row.parked);
            if (first.empty()) first = shown(found);
            CHECK(shown(found) == first);
            store->rollback();
        } while (std::next_permutation(order.begin(), order.end()));
    }
}

TEST_CASE("random messages with few keys: any order gives the same register") {
    std::mt19937 random(42);
    const auto one_of = [&](std::initializer_list<const char*> all) {
        return std::string(*(all.begin() + random() % all.size()));
    };
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    for (int round = 0; round < 80; ++round) {
        std::vector<Message> messages;
        for (int i = 0; i < 14; ++i) {
            core::StreamKeys keys{one_of({"AG", "AX", ""}), one_of({"C1", "C2", ""}), one_of({"P1", "P2", "", ""}),
                                  one_of({"I1", "I2", "", ""})};
            if (random() % 3 == 0)
                messages.push_back(declares(keys, one_of({"W1", "W2", "W3"}), std::to_string(i)));
            else if (!(keys.pre_no.empty() && keys.invt_no.empty() && (keys.agent_code.empty() || keys.cop_no.empty())))
                messages.push_back(answers(keys, 100 + i));
        }
        std::string first;
        for (int order = 0; order < 6; ++order) {
            REQUIRE(store->begin());
            for (const auto& message : messages) REQUIRE(put(*store, message));
            std::string all = std::to_string(store->parked());
            for (const char* waybill : {"W1", "W2", "W3"}) all += "\n" + shown(store->clearance(waybill));
            store->rollback();
            if (first.empty()) first = all;
            CAPTURE(round, order);
            REQUIRE(all == first);
            std::shuffle(messages.begin(), messages.end(), random);
        }
    }
}

TEST_CASE("a change of the waybill ends the declaration of the old one") {
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    auto messages = std::vector{declares({"AG", "C1", "", ""}, "OLD", "1"), declares({"AG", "C1", "", ""}, "NEW", "2"),
                                answers({"AG", "C1", "", ""}, 800)};
    if (GENERATE(false, true)) std::reverse(messages.begin(), messages.end());
    REQUIRE(store->begin());
    std::vector<std::string> touched;
    for (const auto& message : messages) {
        const auto taken = put(*store, message);
        REQUIRE(taken);
        touched.insert(touched.end(), taken->waybills.begin(), taken->waybills.end());
    }
    REQUIRE(store->commit());
    CHECK(std::count(touched.begin(), touched.end(), "OLD") >= 1);
    CHECK(std::count(touched.begin(), touched.end(), "NEW") >= 1);
    const auto by_order = [&](const char* waybill, const char* order_no) {
        const auto found = store->clearance(waybill);
        REQUIRE(found.inventories.size() == 1);
        REQUIRE(found.inventories[0].receipts.size() == 1);
        for (const auto& v : found.inventories[0].versions)
            if (v.order_no == order_no) return v.type;
        return core::AppType{};
    };
    CHECK(by_order("OLD", "O-1") == core::AppType::create);
    CHECK(by_order("OLD", "O-2") == core::AppType::remove);
    CHECK(by_order("NEW", "O-2") == core::AppType::create);
    CHECK(by_order("NEW", "O-1") == core::AppType::remove);
}

TEST_CASE("receipts without a declaration wait up to the limit, and the turn goes on") {
    const Scratch scratch;
    auto options = options_at(scratch);
    options.parked_limit = 3;
    auto store = open_store(options);
    REQUIRE(store->begin());
    for (int i = 0; i < 3; ++i)
        CHECK(put(*store, answers({"AG", "C" + std::to_string(i), "", ""}, 800))->outcome == Outcome::parked);
    const auto over = put(*store, answers({"AG", "C3", "", ""}, 800));
    REQUIRE_FALSE(over);
    CHECK(over.error().code == Errc::full);
    CHECK(put(*store, answers({"AG", "C1", "", ""}, 800))->outcome == Outcome::repeated);  // known: no new place needed
    const auto none = put(*store, answers({"AG", "", "", ""}, 800));
    REQUIRE_FALSE(none);
    CHECK(none.error().code == Errc::refused);
    CHECK(put(*store, declares({"AG", "C1", "", ""}, "W1", "1"))->outcome == Outcome::taken);
    CHECK(store->parked() == 2);
    CHECK(put(*store, answers({"AG", "C3", "", ""}, 800))->outcome == Outcome::parked);
    REQUIRE(store->commit());
    CHECK(statuses(store->clearance("W1")) == std::vector<std::int32_t>{800});
    store.reset();
    CHECK(open_store(options)->parked() == 3);
}

TEST_CASE("a row of the register that is cut is an error, never a half clearance") {
    store::Stream stream;
    stream.agent_code = "AG", stream.cop_no = "C", stream.waybill = "W";
    stream.add(store::KeptVersion{version("1", "P", "I"), "W"});
    stream.add(store::KeptVersion{version("2", "P", "I"), "OTHER"});
    stream.add(store::KeptReceipt{receipt(800, "20260101000000", "P", "I"), "AG", "C"});
    stream.add(store::KeptReceipt{receipt(500, "20260101000000"), "", ""});
    stream.add(store::KeptReceipt{receipt(300, "20260101000000", "P"), "X", "Y"});
    const auto bytes = store::encode(stream);
    auto read = stream;
    REQUIRE(store::decode(bytes, read));
    CHECK(store::encode(read) == bytes);
    CHECK(read.receipts.size() == 3);
    CHECK(read.receipts[0].agent_code == "X");  // ordered by status within the same time
    for (std::size_t n = 0; n < bytes.size(); ++n) {
        CAPTURE(n);
        CHECK_FALSE(store::decode(bytes.substr(0, n), read));
    }
    CHECK_FALSE(store::decode(bytes + "x", read));
    CHECK_FALSE(store::decode("\x03" + bytes.substr(1), read));
    CHECK_FALSE(read.incomplete);
    stream.incomplete = true;
    REQUIRE(store::decode(store::encode(stream), read));
    CHECK(read.incomplete);
    CHECK(store::encode(read).substr(1) == bytes.substr(1));
    const auto parked = store::encode(stream.receipts[0]);
    REQUIRE(store::decode_receipt(parked));
    CHECK(store::decode_receipt(parked)->same_as(stream.receipts[0]));
    for (std::size_t n = 0; n < parked.size(); ++n) CHECK_FALSE(store::decode_receipt(parked.substr(0, n)));
}

TEST_CASE("a damaged row of the register holds its parcel and no other, and verify names it") {
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    REQUIRE(store->begin());
    for (const char* name : {"A", "B"}) REQUIRE(put(*store, declares({"AG", name, "", ""}, name, "1")));
    REQUIRE(store->commit());
    store.reset();
    sqlite3* db = nullptr;
    REQUIRE(sqlite3_open(scratch.file().c_str(), &db) == SQLITE_OK);
    REQUIRE(sqlite3_exec(db, "UPDATE inventory SET body = x'01ff' WHERE waybill = 'A'", nullptr, nullptr, nullptr) ==
            SQLITE_OK);
    sqlite3_close(db);

    store = open_store(options_at(scratch));
    REQUIRE(store->begin());
    CHECK(store->clearance("A").inventories.empty());
    CHECK(store->clearance("A").gap == core::Gap::damaged);
    CHECK(store->clearance("B").inventories.size() == 1);
    CHECK(store->clearance("B").gap == core::Gap::none);
    CHECK(store->counters().value("register-row-damaged") == 2);
    const auto answer = put(*store, answers({"AG", "A", "", ""}, 500));
    REQUIRE_FALSE(answer);
    CHECK(store->limited());  // its message is put aside, the turn goes on
    CHECK(put(*store, answers({"AG", "B", "", ""}, 500)));
    REQUIRE(store->commit());
    CHECK(statuses(store->clearance("B")) == std::vector<std::int32_t>{500});

    store::VerifyOptions options;
    CHECK(store::verify(scratch.path(), options)->good());
    options.pages = true;
    const auto seen = store::verify(scratch.path(), options);
    REQUIRE(seen);
    CHECK_FALSE(seen->good());
    CHECK(seen->faults.empty());
    REQUIRE(seen->page_faults.size() == 1);
    CHECK(seen->page_faults[0].find("inventory row 1") != std::string::npos);
    CHECK(seen->register_rows == 2);
}

TEST_CASE("after a write failed, none of the turn is made by itself") {
    const Scratch scratch(true);
    VfsShim shim("register-alone");
    auto options = options_at(scratch, shim.name());
    auto store = open_store(options);
    REQUIRE(store->begin());
    REQUIRE(put(*store, declares({"AG", "A", "", ""}, "A", "1")));
    store->rollback();
    store.reset();
    store = open_store(options);  // nothing is cached
    REQUIRE(store->begin());
    const std::vector<core::Fact> facts{decided("A")};
    REQUIRE(store->append(facts, noon));
    shim.fail_every_read = true;
    CHECK(store->history("B") == core::History{});  // no answer
    shim.reset();
    const auto why = store->append(facts, noon);
    REQUIRE_FALSE(why);
    CHECK_FALSE(put(*store, declares({"AG", "C", "", ""}, "C", "1")));
    CHECK_FALSE(store->limited());
    CHECK_FALSE(store->put_meta("x", "y"));
    CHECK_FALSE(store->put_snapshot(1, "1"));
    CHECK_FALSE(store->move_cursor("platform", 1));
    CHECK_FALSE(store->commit());
    CHECK(store->head().sequence == 1);
    CHECK(*store->meta("x") == std::nullopt);
    CHECK(store->clearance("C").inventories.empty());
    REQUIRE(turn(*store, facts));
    CHECK(journal_of(*store).size() == 2);
}
