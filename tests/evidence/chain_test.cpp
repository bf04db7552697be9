#include "evidence/chain.hpp"

#include "evidence/event.hpp"
#include "evidence/members.hpp"
#include "random_fact.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace hefang;
using evidence::Fault;

namespace {

constexpr auto epoch = "0192f3c1-77aa-7c01-9e0d-5b1f0c9f8e11";

struct Row {
    std::uint64_t sequence;
    std::string hash, bytes;
};

std::string raw(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

std::vector<Row> journal(std::uint64_t count) {
    const evidence::EventWriter writer({"g", "", epoch, "", "+08:00", {}});
    test::RandomFacts facts(3, false);
    std::vector<Row> rows;
    Digest head{};
    for (std::uint64_t n = 1; n <= count; ++n) {
        Row row{n, {}, {}};
        writer.write(facts.next(), n, head, {}, row.bytes);
        head = evidence::hash_of(row.bytes);
        row.hash = raw(head);
        rows.push_back(row);
    }
    return rows;
}

std::string found(const std::vector<Row>& rows) {
    evidence::ChainChecker checker(epoch);
    std::vector<evidence::ChainFault> faults;
    for (const auto& row : rows) checker.feed(row.sequence, row.hash, row.bytes, faults);
    std::string text;
    for (const auto& fault : faults)
        text += (text.empty() ? "" : " ") + std::string(name_of(fault.fault)) + ":" + std::to_string(fault.sequence);
    return text;
}

}  // namespace

TEST_CASE("the chain tells which row is wrong, and how") {
    const auto good = journal(20);
    auto rows = good;
    const auto rehash = [&](std::size_t i) { rows[i].hash = raw(sha256(rows[i].bytes)); };
    SECTION("nothing wrong") { CHECK(found(rows).empty()); }
    SECTION("a byte changed") {
        rows[6].bytes[40] ^= 1;
        CHECK(found(rows) == "changed:7");
    }
    SECTION("the stored hash changed: also the next fact names the true one") {
        rows[6].hash[0] ^= 1;
        CHECK(found(rows) == "changed:7 changed:7");
    }
    SECTION("a byte changed and the hash with it: the next fact gives it away") {
        rows[6].bytes.replace(rows[6].bytes.find("urn:hefang:g"), 12, "urn:hefang:h");
        rehash(6);
        CHECK(found(rows) == "changed:7");
    }
    SECTION("a row cut short") {
        rows[6].bytes.resize(rows[6].bytes.size() / 2);
        CHECK(found(rows) == "changed:7");
        rehash(6);
        CHECK(found(rows) == "unreadable:7 changed:7");
    }
    SECTION("rows missing") {
        rows.erase(rows.begin() + 4, rows.begin() + 7);
        CHECK(found(rows) == "missing:5");
    }
    SECTION("the first row missing") {
        rows.erase(rows.begin());
        CHECK(found(rows) == "missing:1");
    }
    SECTION("two rows changed places") {
        std::swap(rows[3].bytes, rows[9].bytes), std::swap(rows[3].hash, rows[9].hash);
        CHECK(found(rows) == "reordered:4 changed:4 reordered:10 changed:10");
    }
    SECTION("a fact of another epoch") {
        const evidence::EventWriter other({"g", "", "other", "", "+08:00", {}});
        other.write(core::ClockStepped{1}, 20, sha256(rows[18].bytes), {}, rows[19].bytes);
        rehash(19);
        CHECK(found(rows) == "foreign:20");
    }
}

TEST_CASE("a check can begin in the middle") {
    const auto rows = journal(20);
    evidence::ChainChecker checker(epoch, 10, sha256(rows[9].bytes));
    std::vector<evidence::ChainFault> faults;
    for (std::size_t i = 10; i < 20; ++i) checker.feed(rows[i].sequence, rows[i].hash, rows[i].bytes, faults);
    CHECK(faults.empty());
    CHECK(checker.last() == 20);
    CHECK(checker.rows() == 10);
    CHECK(raw(checker.head()) == rows[19].hash);
}

TEST_CASE("only the top level counts, also when data holds the same names") {
    const std::string bytes = R"({"data":{"prevhash":"in","sequence":"1","x":"\",\"prevhash\":\"fake"},"epoch":"e",)"
                              R"("prevhash":"out","sequence":"42","type":"t"})";
    const auto top = evidence::top_level(bytes);
    REQUIRE(top);
    CHECK(top->prevhash == "out");
    CHECK(top->number == 42);
    CHECK(evidence::member(bytes, "data") == R"({"prevhash":"in","sequence":"1","x":"\",\"prevhash\":\"fake"})");
    CHECK_FALSE(evidence::member(bytes, "x"));
}

TEST_CASE("the fast walk agrees with a full parse") {
    test::RandomFacts facts(23, true);
    const evidence::EventWriter writer({"g", "", epoch, "", "+08:00", {}});
    std::string bytes;
    for (std::uint64_t n = 1; n <= 3000; ++n) {
        writer.write(facts.next(), n, sha256("x"), {}, bytes);
        CAPTURE(bytes);
        const auto parsed = nlohmann::json::parse(bytes);
        const auto top = evidence::top_level(bytes);
        REQUIRE(top);
        REQUIRE(top->number == n);
        REQUIRE(top->prevhash == parsed["prevhash"].get<std::string>());
        REQUIRE(top->type == parsed["type"].get<std::string>());
        evidence::Members members(bytes);
        std::size_t count = 0;
        for (; members.next(); ++count)
            REQUIRE(nlohmann::json::parse(members.value()) == parsed.at(std::string(members.name())));
        REQUIRE_FALSE(members.broken());
        REQUIRE(count == parsed.size());
        REQUIRE(evidence::unquoted(*evidence::member(bytes, "subject")) == parsed["subject"].get<std::string>());
    }
}

TEST_CASE("texts of a string or of a list") {
    const auto texts = [](std::string_view value) {
        std::string out;
        evidence::for_each_text(value, [&](const std::string& text) { out += text + ";"; });
        return out;
    };
    CHECK(texts(R"("a\"b")") == "a\"b;");
    CHECK(texts(R"(["a","b,]","c\\"])") == "a;b,];c\\;");
    CHECK(texts("[]").empty());
    CHECK(texts(R"([1,{"x":"y"},"z"])") == "z;");
    CHECK(texts("12").empty());
    CHECK(texts(R"(["a)").empty());
}

TEST_CASE("the walk ends on text that is no object") {
    for (const char* bad :
         {"", "{", "}", "x", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{\"a\":1 }", "{\"a\":\"x}", "{\"a\":[1}", "{,}"}) {
        CAPTURE(bad);
        evidence::Members members(bad);
        while (members.next()) {
        }
        CHECK(members.broken());
    }
    evidence::Members none("{}");
    CHECK_FALSE(none.next());
    CHECK_FALSE(none.broken());
}
