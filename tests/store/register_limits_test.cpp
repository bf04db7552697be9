#include "register_messages.hpp"

using namespace hefang;
using namespace hefang::test;
using Outcome = store::Taken::Outcome;

namespace {

/// `count` declarations W0, W1 … of copNo C0, C1 … with this preNo.
void declare_many(store::Store& store, std::int64_t count, const std::string& pre, const std::string& prefix = {}) {
    for (std::int64_t i = 0; i < count; ++i) {
        const auto n = prefix + std::to_string(i);
        REQUIRE(put(store, declares({"AG", "C" + n, pre, ""}, "W" + n, n))->outcome == Outcome::taken);
    }
}

/// A receipt that takes a tenth of the room of a declaration.
Message large(const core::StreamKeys& keys, std::int32_t status) {
    auto message = answers(keys, status);
    message.receipt.time.raw = std::string(100'000, '0') + std::to_string(status);
    return message;
}

}  // namespace

TEST_CASE("a key that too many declarations carry counts as not carried, and the message by its other keys") {
    struct Row {
        const char* why;
        std::int64_t declarations;  ///< of preNo 0
        Message message;
        std::optional<Outcome> outcome;  ///< none: put aside
        std::size_t reached;             ///< declarations that have the receipt now
    };
    auto removal = declares({"AG", "C0", "0", ""}, "W0", "removed");
    removal.version.type = core::AppType::remove;
    const auto row = GENERATE_COPY(values<Row>({
        {"as many as may: it is in all of them", store::shared_limit, answers({"", "", "0", ""}, 500), Outcome::taken,
         64},
        {"one more: it tells nothing apart", store::shared_limit + 1, answers({"", "", "0", ""}, 500), std::nullopt, 0},
        {"likewise with the number of a stream: that counts", store::shared_limit + 1,
         answers({"AG", "C0", "0", ""}, 500), Outcome::taken, 1},
        {"with a number of customs that is known", store::shared_limit + 1, answers({"", "", "0", "I0"}, 500),
         Outcome::taken, 1},
        {"with one that is not known yet: it waits", store::shared_limit + 1, answers({"", "", "0", "I9"}, 500),
         Outcome::parked, 0},
        {"a removal", store::shared_limit + 1, removal, Outcome::taken, 0},
    }));
    INFO(row.why);
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    REQUIRE(store->begin());
    declare_many(*store, row.declarations, "0");
    REQUIRE(put(*store, answers({"AG", "C0", "", "I0"}, 800))->outcome == Outcome::taken);
    const auto taken = put(*store, row.message);
    CHECK(taken.has_value() == row.outcome.has_value());
    CHECK(store->limited() == !row.outcome);
    if (taken) CHECK(taken->outcome == *row.outcome);
    REQUIRE(store->commit());
    std::size_t reached = 0;
    for (std::int64_t i = 0; i < row.declarations; ++i) {
        const auto found = statuses(store->clearance("W" + std::to_string(i)));
        reached += std::count(found.begin(), found.end(), 500);
    }
    CHECK(reached == row.reached);
    CHECK(store->clearance("W0").inventories.at(0).versions.size() == (row.message.waybill.empty() ? 1 : 2));
    CHECK(store->clearance("W0").gap == core::Gap::none);
}

TEST_CASE("a key that too many waiting receipts carry counts as not carried") {
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    REQUIRE(store->begin());
    const auto n = store::shared_limit + 1;
    for (std::int64_t i = 0; i < n; ++i)
        REQUIRE(put(*store, answers({"AG", "C" + std::to_string(i), "0", ""}, 500))->outcome == Outcome::parked);
    CHECK_FALSE(put(*store, answers({"", "", "0", ""}, 500)));
    CHECK(store->limited());
    CHECK(put(*store, answers({"AG", "C0", "0", ""}, 500))->outcome == Outcome::repeated);
    declare_many(*store, n, "0");
    CHECK(store->parked() == 0);
    for (std::int64_t i = 0; i < n; ++i)
        CHECK(statuses(store->clearance("W" + std::to_string(i))) == std::vector<std::int32_t>{500});
}

TEST_CASE("a message that finds no room in its declaration leaves a gap there, and nothing else") {
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    const core::StreamKeys keys{"AG", "C", "", ""};
    REQUIRE(store->begin());
    REQUIRE(put(*store, declares(keys, "W", "1")));
    REQUIRE(put(*store, declares({"AG", "D", "", ""}, "OTHER", "1")));
    std::vector<std::int32_t> all;
    for (std::int32_t status = 101; status <= 110; ++status) {
        CHECK(put(*store, large(keys, status))->outcome == Outcome::taken);
        all.push_back(status);
    }
    REQUIRE(store->commit());
    CHECK(store->clearance("W").gap == core::Gap::none);

    const bool declaration = GENERATE(false, true);
    auto over = declaration ? declares(keys, "W2", "2") : large(keys, 500);
    if (declaration) over.version.goods = std::string(100'000, 'x');
    for (const bool keep : {false, true}) {
        REQUIRE(store->begin());
        const auto first = put(*store, over);
        REQUIRE(first);
        CHECK_FALSE(store->limited());
        CHECK(first->outcome == Outcome::overfull);
        CHECK(first->waybills == std::vector<std::string>{"W"});
        CHECK(store->clearance("W").gap == core::Gap::damaged);
        const auto again = put(*store, over);
        REQUIRE(again);
        CHECK(again->outcome == Outcome::overfull);
        CHECK(again->waybills.empty());  // nothing is new
        if (keep)
            REQUIRE(store->commit());
        else
            store->rollback();
        CHECK((store->clearance("W").gap == core::Gap::damaged) == keep);
    }
    store.reset();
    store = open_store(options_at(scratch));
    REQUIRE(store->begin());
    CHECK(put(*store, answers(keys, 120))->outcome == Outcome::taken);  // for this one there is room
    all.push_back(120);
    REQUIRE(store->commit());
    CHECK(statuses(store->clearance("W")) == all);
    CHECK(store->clearance("W").gap == core::Gap::damaged);
    CHECK(store->clearance("OTHER").gap == core::Gap::none);
    store::VerifyOptions options;
    options.pages = true;
    CHECK(store::verify(scratch.path(), options)->good());
}

TEST_CASE("a declaration whose receipts lead to too many others is there, with a gap") {
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    REQUIRE(store->begin());
    for (const char* pre : {"P1", "P2", "P3", "P4", "P5"}) {
        declare_many(*store, 60, pre, pre);
        REQUIRE(put(*store, answers({"AG", "C", pre, ""}, pre[1] - '0'))->outcome == Outcome::parked);
    }
    const auto message = declares({"AG", "C", "", ""}, "W", "1");
    const auto taken = put(*store, message);
    REQUIRE(taken);
    CHECK(taken->outcome == Outcome::overfull);
    CHECK(taken->waybills == std::vector<std::string>{"W"});
    CHECK(store->clearance("W").inventories.size() == 1);
    CHECK(store->clearance("W").gap == core::Gap::damaged);
    CHECK(put(*store, message)->outcome == Outcome::repeated);
    REQUIRE(store->commit());
}

TEST_CASE(
    "a waiting receipt that is damaged leaves a gap in the declaration that it may belong to, and stops no other") {
    struct Row {
        const char* why;
        core::StreamKeys declaration;
        core::Gap gap;
    };
    const auto row = GENERATE(values<Row>({
        {"its own", {"AG", "C", "", ""}, core::Gap::damaged},
        {"one of its preNo, without a number of its own", {"AG", "", "P", ""}, core::Gap::damaged},
        {"one of its preNo and of another number", {"AG", "D", "P", ""}, core::Gap::none},
        {"one that has nothing of it", {"AG", "D", "", ""}, core::Gap::none},
    }));
    INFO(row.why);
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    REQUIRE(store->begin());
    REQUIRE(put(*store, answers({"AG", "C", "P", ""}, 500))->outcome == Outcome::parked);
    REQUIRE(store->commit());
    auto db = store::Database::open(scratch.file(), store::Access::write, {});
    REQUIRE(db->run("UPDATE parked SET body = x'01ff'"));
    REQUIRE(store->begin());
    CHECK(put(*store, declares(row.declaration, "W", "1"))->outcome == Outcome::taken);
    REQUIRE(store->commit());
    CHECK(store->clearance("W").inventories.size() == 1);
    CHECK(store->clearance("W").gap == row.gap);
}

TEST_CASE("a key that leads to a row that is damaged or gone stops no message of another") {
    const bool gone = GENERATE(false, true);
    CAPTURE(gone);
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    REQUIRE(store->begin());
    REQUIRE(put(*store, declares({"AG", "A", "P", ""}, "A", "1")));
    REQUIRE(put(*store, declares({"AG", "B", "P", ""}, "B", "1")));
    REQUIRE(store->commit());
    auto db = store::Database::open(scratch.file(), store::Access::write, {});
    REQUIRE(db->run(gone ? "DELETE FROM inventory WHERE waybill = 'A'"
                         : "UPDATE inventory SET body = x'01ff' WHERE waybill = 'A'"));
    REQUIRE(store->begin());
    CHECK(put(*store, answers({"AG", "B", "P", ""}, 500))->outcome == Outcome::taken);
    CHECK(put(*store, answers({"", "", "P", ""}, 300))->outcome == Outcome::taken);
    CHECK(put(*store, declares({"AG", "C", "P", ""}, "C", "1"))->outcome == Outcome::taken);
    REQUIRE(store->commit());
    CHECK(statuses(store->clearance("B")) == std::vector<std::int32_t>{300, 500});
    CHECK(statuses(store->clearance("C")) == std::vector<std::int32_t>{300});
    CHECK(store->counters().value(gone ? "register-stream-missing" : "register-row-damaged") >= 3);
    CHECK(store->clearance("A").gap == (gone ? core::Gap::none : core::Gap::damaged));
}

TEST_CASE("two declarations of one number are told once when a receipt changes both") {
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    REQUIRE(store->begin());
    for (const char* cop : {"C1", "C2"}) REQUIRE(put(*store, declares({"AG", cop, "", "I"}, "W", cop)));
    const auto taken = put(*store, answers({"", "", "", "I"}, 500));
    REQUIRE(taken);
    CHECK(taken->waybills == std::vector<std::string>{"W"});
    CHECK(statuses(store->clearance("W")) == std::vector<std::int32_t>{500, 500});
    REQUIRE(store->commit());
}

TEST_CASE("a number in more declarations than anybody looks through is known, and none of them is read") {
    const auto [count, gap] = GENERATE(table<std::int64_t, core::Gap>({
        {store::shared_limit, core::Gap::none},
        {store::shared_limit + 1, core::Gap::too_many},
    }));
    const Scratch scratch;
    auto store = open_store(options_at(scratch));
    REQUIRE(store->begin());
    for (std::int64_t i = 0; i < count; ++i)
        REQUIRE(put(*store, declares({"AG", "C" + std::to_string(i), "", ""}, "TEST", std::to_string(i))));
    REQUIRE(store->commit());
    const auto found = store->clearance("TEST");
    CHECK(found.gap == gap);
    CHECK(found.known());
    CHECK(found.inventories.size() == (gap == core::Gap::none ? static_cast<std::size_t>(count) : 0));
}
