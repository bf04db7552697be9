#include "receiver/ledger.hpp"

#include "broker_process.hpp"
#include "journal_fake.hpp"
#include "receiver/report.hpp"

#include <SQLiteCpp/Database.h>
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace hefang;
using receiver::Batch;
using receiver::Ledger;
using receiver::Prefix;
using receiver::Sighting;

namespace {

struct Bench {
    test::TemporaryFolder folder;
    Counters counters;
    std::string file = folder.file("r.db");
    std::unique_ptr<Ledger> ledger = std::move(*Ledger::open(file, counters));
    test::JournalFake journal{"g1", "e1"};

    std::string batch(std::uint64_t from, std::uint64_t to) {
        std::string out = "[";
        for (auto n = from; n <= to; ++n) out += (n > from ? "," : "") + journal.fact_at(n);
        return out + "]";
    }
    Prefix store(const std::string& payload) {
        auto out = ledger->store({{"g1", payload}}, {}, {1000});
        REQUIRE(out);
        REQUIRE(out->size() == 1);
        return out->front();
    }
    std::vector<std::string> alarms() {
        std::vector<std::string> out;
        REQUIRE(receiver::list_alarms(
            file, [&](const auto& a) { out.push_back(a.kind + " " + std::to_string(a.sequence)); }));
        return out;
    }
    std::vector<std::uint64_t> stored() {
        std::vector<std::uint64_t> out;
        REQUIRE(receiver::list_facts(file, [&](const auto& f) { out.push_back(f.sequence); }));
        return out;
    }
};

sync::Presence presence(std::string state, std::string start, std::uint64_t n) {
    return {std::move(state), "boot", std::move(start), n, "e1", 9, 4, 0, "0.1.0"};
}

}  // namespace

TEST_CASE("facts in order are acknowledged up to the last, with its hash") {
    Bench b;
    b.journal.append(5);
    const auto p = b.store(b.batch(1, 5));
    CHECK(p.through == 5);
    CHECK(p.head == b.journal.hash_at(5));
    CHECK(p.epoch == "e1");
    CHECK(b.counters.value("facts") == 5);
    CHECK(b.alarms().empty());
}

TEST_CASE("a journal that is only sighted is acknowledged through 0") {
    Bench b;
    auto out = b.ledger->store({}, {{"g1", presence("online", "s1", 1)}}, {1});
    REQUIRE(out);
    REQUIRE(out->size() == 1);
    CHECK(out->front().through == 0);
    CHECK(out->front().head == std::string(64, '0'));
}

TEST_CASE("batches out of order are stored, and the whole prefix is acknowledged when the gap closes") {
    Bench b;
    b.journal.append(9);
    CHECK(b.store(b.batch(7, 9)).through == 0);
    CHECK(b.store(b.batch(4, 5)).through == 0);
    CHECK(b.store(b.batch(1, 3)).through == 5);
    const auto p = b.store(b.batch(6, 6));
    CHECK(p.through == 9);
    CHECK(p.head == b.journal.hash_at(9));
}

TEST_CASE("a repeat is counted and changes nothing") {
    Bench b;
    b.journal.append(3);
    (void)b.store(b.batch(1, 3));
    const auto p = b.store(b.batch(2, 3));
    CHECK(p.through == 3);
    CHECK(b.counters.value("facts-repeated") == 2);
    CHECK(b.counters.value("facts") == 3);
    CHECK(b.stored() == std::vector<std::uint64_t>{1, 2, 3});
    const auto status = nlohmann::json::parse(*receiver::status_line(b.file));
    CHECK(status["gateways"][0]["epochs"][0]["repeats"] == 2);
    CHECK(status["gateways"][0]["epochs"][0]["facts"] == 3);
}

TEST_CASE("the same number with another hash is an alarm, kept with its bytes, and the first stays") {
    Bench b;
    b.journal.append(3);
    (void)b.store(b.batch(1, 3));
    const std::string other = test::fact_bytes_of("g1", "e1", 2, b.journal.hash_at(1), 5);
    for (int i = 0; i < 2; ++i) CHECK(b.store("[" + other + "]").head == b.journal.hash_at(3));
    CHECK(b.alarms() == std::vector<std::string>{"other-hash 2"});  // one row, however often it comes
    CHECK(b.counters.value("facts-contradicting") == 2);
}

TEST_CASE("a fact that does not chain is an alarm, and the prefix ends before it") {
    Bench b;
    b.journal.append(3);
    const std::string wrong = test::fact_bytes_of("g1", "e1", 3, std::string(64, 'c'));
    (void)b.store(b.batch(1, 2));
    CHECK(b.store("[" + wrong + "]").through == 2);
    CHECK(b.store(b.batch(1, 1)).through == 2);
    CHECK(b.alarms() == std::vector<std::string>{"chain 3"});
}

TEST_CASE("an epoch must begin with zeros") {
    Bench b;
    CHECK(b.store("[" + test::fact_bytes_of("g1", "e1", 1, std::string(64, 'c')) + "]").through == 0);
    CHECK(b.alarms() == std::vector<std::string>{"chain 1"});
}

TEST_CASE("epochs and gateways are journals of their own") {
    Bench b;
    test::JournalFake second("g1", "e2"), other("g2", "e1");
    b.journal.append(2), second.append(1), other.append(1);
    auto out = b.ledger->store(
        {{"g1", b.batch(1, 2)}, {"g1", "[" + second.fact_at(1) + "]"}, {"g2", "[" + other.fact_at(1) + "]"}}, {}, {1});
    REQUIRE(out);
    REQUIRE(out->size() == 3);
    CHECK((*out)[0].through == 2);
    CHECK((*out)[1].epoch == "e2");
    CHECK((*out)[1].through == 1);
    CHECK((*out)[2].gateway == "g2");
}

TEST_CASE("a fact that is not understood is stored raw, acknowledged and listed") {
    Bench b;
    b.journal.append(2);
    std::string odd = test::fact_bytes_of("g1", "e1", 3, b.journal.hash_at(2));
    odd.replace(odd.find("hefang.passage"), 6, "HEFANG");
    const auto p = b.store("[" + b.journal.fact_at(1) + "," + b.journal.fact_at(2) + "," + odd + "]");
    CHECK(p.through == 3);
    CHECK(p.head == hex(sha256(odd)));
    CHECK(p.quarantined == std::vector<std::uint64_t>{3});
    CHECK(b.store("[" + odd + "]").quarantined == std::vector<std::uint64_t>{3});
    CHECK(b.alarms().empty());
    const std::string next = test::fact_bytes_of("g1", "e1", 4, hex(sha256(odd)));
    CHECK(b.store("[" + next + "]").through == 4);
}

TEST_CASE("a fact that is not understood must chain all the same when its prevhash can be read") {
    const bool later = GENERATE(false, true);
    INFO((later ? "stored beyond a gap first" : "in order"));
    Bench b;
    b.journal.append(2);
    const std::string odd = R"({"specversion":"1.0","id":"e1/3","source":"urn:hefang:g1","epoch":"e1","sequence":"3",)"
                            R"("prevhash":")" +
                            std::string(64, 'e') + R"("})";
    if (later) CHECK(b.store("[" + odd + "]").through == 0);
    CHECK(b.store(b.batch(1, 2)).through == 2);
    CHECK(b.store("[" + odd + "]").through == 2);
    CHECK(b.alarms() == std::vector<std::string>{"chain 3"});
}

TEST_CASE("an alarm keeps the beginning of what was found, not megabytes") {
    Bench b;
    REQUIRE(b.ledger->store({{"g1", std::string(100'000, 'x')}}, {}, {1}));
    SQLite::Database database(b.file);
    CHECK(database.execAndGet("SELECT sum(length(bytes)) FROM alarm").getInt() == 4096);
}

TEST_CASE("a fact without a readable number gets it from its neighbours") {
    Bench b;
    b.journal.append(1);
    const std::string odd = R"({"broken":true})";
    const std::string next = test::fact_bytes_of("g1", "e1", 3, hex(sha256(odd)));
    const auto p = b.store("[" + b.journal.fact_at(1) + "," + odd + "," + next + "]");
    CHECK(p.through == 3);
    CHECK(p.quarantined == std::vector<std::uint64_t>{2});
}

TEST_CASE("what has no key at all is kept as an alarm and not acknowledged") {
    Bench b;
    auto out = b.ledger->store({{"g1", "[{},7]"}, {"g1", "rubbish"}, {"g1", ""}}, {}, {1});
    REQUIRE(out);
    CHECK(out->empty());
    CHECK(b.alarms() == std::vector<std::string>{"unreadable-fact 0", "unreadable-fact 0", "unreadable-batch 0",
                                                 "unreadable-batch 0"});
    CHECK(b.counters.value("batches-refused") == 2);
    CHECK(b.counters.value("facts-unreadable") == 2);
}

TEST_CASE("the record survives a restart and two ledgers share one file") {
    Bench b;
    b.journal.append(6);
    Counters other_counters;
    auto other = std::move(*Ledger::open(b.file, other_counters));
    (void)b.store(b.batch(1, 2));
    auto out = other->store({{"g1", b.batch(5, 6)}}, {}, {1});
    REQUIRE(out);
    CHECK(out->front().through == 2);
    CHECK(b.store(b.batch(3, 4)).through == 6);
    b.ledger.reset();
    other.reset();
    b.ledger = std::move(*Ledger::open(b.file, b.counters));
    CHECK(b.store(b.batch(6, 6)).through == 6);
}

TEST_CASE("a will of an older connection does not hide the newer one") {
    Bench b;
    const auto see = [&](sync::Presence p) { REQUIRE(b.ledger->store({}, {{"g1", std::move(p)}}, {1})); };
    const auto state = [&] {
        return nlohmann::json::parse(*receiver::status_line(b.file))["gateways"][0]["state"].get<std::string>();
    };
    see(presence("online", "s1", 2));
    see(presence("offline", "s1", 1));
    CHECK(state() == "online");
    see(presence("offline", "s0", 2));
    CHECK(state() == "online");
    see(presence("offline", "s1", 2));
    CHECK(state() == "offline");
    CHECK(b.counters.value("presence-outdated") == 2);
}

TEST_CASE("a file that is no database, or cannot be made, is told in words") {
    test::TemporaryFolder folder;
    Counters counters;
    const auto none = Ledger::open(folder.file("no/such/folder/r.db"), counters);
    REQUIRE_FALSE(none);
    CHECK(none.error().detail.find("r.db") != std::string::npos);
    CHECK_FALSE(receiver::status_line(folder.file("absent.db")));
}
