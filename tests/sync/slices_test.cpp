#include "receiver/slices.hpp"

#include "journal_fake.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using receiver::read_envelope;
using receiver::slice_array;

namespace {

const std::string zeros(64, '0');

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.find(from);
    REQUIRE(at != std::string::npos);
    return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("elements are cut out exactly as they were sent") {
    struct Row {
        const char* text;
        std::vector<std::string_view> want;
    };
    const auto row = GENERATE(values<Row>({
        {"[]", {}},
        {" [ ] ", {}},
        {R"([{"a":1}])", {R"({"a":1})"}},
        {R"( [ {"b": 2 , "a":[1,{}]} , {"c":"]}\""} ] )", {R"({"b": 2 , "a":[1,{}]})", R"({"c":"]}\""})"}},
        {R"([1,"x,]",null,[[]]])", {"1", R"("x,]")", "null", "[[]]"}},
        {R"(["\\","\\\""])", {R"("\\")", R"("\\\"")"}},
    }));
    INFO(row.text);
    const auto slices = slice_array(row.text, 64);
    REQUIRE(slices);
    CHECK(*slices == row.want);
}

TEST_CASE("what is no array, or does not fit, is refused") {
    const auto text = GENERATE(as<std::string>{}, "", "x", "{}", "[", "[,]", "[1,]", "[1 2]", "[1]]", "[1]x", "[{]}]",
                               "[{]", R"(["x])", R"(["x\"])", "[{\"a\":}", "[]x", "[:]");
    INFO(text);
    CHECK_FALSE(slice_array(text, 64));
}

TEST_CASE("a batch has at most 64 elements, and brackets nest at most 32 deep") {
    std::string many = "[1";
    for (int i = 1; i < 64; ++i) many += ",1";
    CHECK(slice_array(many + "]", 64)->size() == 64);
    CHECK_FALSE(slice_array(many + ",1]", 64));
    const auto nested = [](std::size_t n) { return "[" + std::string(n, '[') + std::string(n, ']') + "]"; };
    CHECK(slice_array(nested(32), 64));
    CHECK_FALSE(slice_array(nested(33), 64));
}

TEST_CASE("every shortened batch is refused") {
    const std::string whole =
        "[" + test::fact_bytes_of("g1", "e1", 1, zeros) + "," + test::fact_bytes_of("g1", "e1", 2, zeros) + "]";
    REQUIRE(slice_array(whole, 64)->size() == 2);
    for (std::size_t n = 0; n < whole.size(); ++n) {
        CAPTURE(n);
        CHECK_FALSE(slice_array(whole.substr(0, n), 64));
    }
}

TEST_CASE("a fact's key and chain are read from its top level only") {
    const std::string fact = test::fact_bytes_of("g1", "e1", 7, std::string(64, 'b'));
    const auto e = read_envelope(fact, "g1");
    REQUIRE(e);
    CHECK(e->epoch == "e1");
    CHECK(e->sequence == 7);
    CHECK(e->prevhash == std::string(64, 'b'));
    CHECK(e->type == "hefang.passage.decided.v1");
    CHECK(e->fault.empty());
    const auto nested = read_envelope(replaced(fact, R"("note")", R"("sequence":"9","prevhash":"x","note")"), "g1");
    REQUIRE(nested);
    CHECK(nested->sequence == 7);
    CHECK(nested->fault.empty());
}

TEST_CASE("a fact that is not understood keeps its key as long as that can be read") {
    const std::string fact = test::fact_bytes_of("g1", "e1", 7, std::string(64, 'b'));
    struct Row {
        const char* why;
        const char *from, *to;
    };
    const auto row = GENERATE(values<Row>({
        {"specversion", R"("specversion":"1.0")", R"("specversion":"2.0")"},
        {"source", "urn:hefang:g1", "urn:hefang:g2"},
        {"id", R"("id":"e1/7")", R"("id":"e1/8")"},
        {"prevhash", R"("prevhash":"b)", R"("prevhash":"B)"},
        {"type", "hefang.passage.decided.v1", "passage.decided"},
        {"type", "hefang.passage.decided.v1", "hefang.passage.decided.vx"},
        {"data", R"("data":{)", R"("dato":{)"},
        {"time", R"("time":")", R"("tima":")"},
        {"twice", R"("mono":"1")", R"("type":"1")"},
        {"UTF-8", "pad", "\xff"},
    }));
    INFO(row.why);
    const std::string text = replaced(fact, row.from, row.to);
    const auto e = read_envelope(text, "g1");
    REQUIRE(e);
    CHECK(e->sequence == 7);
    CHECK(e->fault.find(row.why) != std::string::npos);
}

TEST_CASE("a fact without a readable key has none") {
    const std::string fact = test::fact_bytes_of("g1", "e1", 7, zeros);
    for (const auto& text :
         {std::string("null"), std::string("{}"), replaced(fact, R"("sequence":"7")", R"("sequence":7)"),
          replaced(fact, R"("sequence":"7")", R"("sequence":"0")"),
          replaced(fact, R"("sequence":"7")", R"("sequence":"9223372036854775808")"),
          replaced(fact, R"("epoch":"e1")", R"("epoch":"")")}) {
        CAPTURE(text);
        CHECK_FALSE(read_envelope(text, "g1"));
    }
    CHECK(read_envelope(replaced(fact, R"("sequence":"7")", R"("sequence":"9223372036854775807")"), "g1"));
}

TEST_CASE("32 KiB is a fact's limit, and the first of an epoch opens it") {
    const std::string small = test::fact_bytes_of("g1", "e1", 2, zeros);
    const std::size_t padding = sync::fact_bytes - small.size();
    CHECK(read_envelope(test::fact_bytes_of("g1", "e1", 2, zeros, padding), "g1")->fault.empty());
    CHECK_FALSE(read_envelope(test::fact_bytes_of("g1", "e1", 2, zeros, padding + 1), "g1")->fault.empty());
    const std::string first = test::fact_bytes_of("g1", "e1", 1, zeros);
    CHECK(read_envelope(first, "g1")->fault.empty());
    CHECK_FALSE(read_envelope(replaced(first, "epoch.opened", "tally.counted"), "g1")->fault.empty());
}
