#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/text.hpp"
#include "base/units.hpp"
#include "base/uuid.hpp"
#include "digest/sha256.hpp"

#include <algorithm>
#include <set>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>

using namespace hefang;

TEST_CASE("clean UTF-8 is told from the rest") {
    struct Row {
        const char* why;
        std::string text;
        bool clean;
    };
    const auto row = GENERATE(values<Row>({
        {"nothing", "", true},
        {"ASCII", "SF 12~", true},
        {"Chinese", "核放单", true},
        {"four bytes", "\xF0\x9F\x93\xA6", true},
        {"the last code point", "\xF4\x8F\xBF\xBF", true},
        {"beyond the last", "\xF4\x90\x80\x80", false},
        {"last before the surrogates", "\xED\x9F\xBF", true},
        {"a surrogate", "\xED\xA0\x80", false},
        {"first after the surrogates", "\xEE\x80\x80", true},
        {"smallest of two bytes beyond the controls", "\xC2\xA0", true},
        {"C1 control", "\xC2\x9F", false},
        {"overlong of two", "\xC1\xBF", false},
        {"smallest of three", "\xE0\xA0\x80", true},
        {"overlong of three", "\xE0\x9F\xBF", false},
        {"smallest of four", "\xF0\x90\x80\x80", true},
        {"overlong of four", "\xF0\x8F\xBF\xBF", false},
        {"cut", "\xE6\xA0", false},
        {"a tail alone", "\xA0", false},
        {"FF", "\xFF", false},
        {"NUL", std::string(1, '\0'), false},
        {"TAB", "\t", false},
        {"DEL", "\x7F", false},
        {"last of ASCII", "\x7E", true},
        {"first printable", " ", true},
        {"US", "\x1F", false},
    }));
    INFO(row.why);
    CHECK(is_clean_utf8(row.text) == row.clean);
    CHECK(is_clean_utf8("A" + row.text + "B") == row.clean);
}

TEST_CASE("a prefix never cuts a character") {
    const std::string text = "a核b";  // one, three and one bytes
    for (std::size_t n = 0; n <= text.size() + 1; ++n) {
        CAPTURE(n);
        const auto got = utf8_prefix(text, n);
        CHECK(got.size() <= n);
        CHECK(is_clean_utf8(got));
        CHECK(got == text.substr(0, n < 1 ? 0 : n < 4 ? 1 : n < 5 ? 4 : 5));
    }
}

TEST_CASE("bytes are shown so that a person and a log can bear them") {
    CHECK(to_hex(std::string("\x00\x7F\xFF", 3)) == "007fff");
    CHECK(to_hex("").empty());
    CHECK(printable("核 A") == "核 A");
    CHECK(printable("A\n\xFF") == "A\\x0a\\xff");
    CHECK(printable(std::string(200, 'x'), 10) == "xxxxxxxxxx…");
    CHECK(printable(std::string(10, 'x'), 10) == "xxxxxxxxxx");
    CHECK(is_clean_utf8(printable("\xE6\xA0\xB8\xE6\xA0", 4)));
}

TEST_CASE("wall time is written as RFC 3339 with three decimals") {
    CHECK(rfc3339({0}) == "1970-01-01T00:00:00.000Z");
    CHECK(rfc3339({1'795'400'107'412}) == "2026-11-23T02:15:07.412Z");
    CHECK(rfc3339({1'709'164'799'999}) == "2024-02-28T23:59:59.999Z");
    CHECK(rfc3339({1'709'164'800'000}) == "2024-02-29T00:00:00.000Z");
    CHECK(rfc3339({-1}) == "1969-12-31T23:59:59.999Z");
}

TEST_CASE("the system's clocks go on") {
    const SystemClock clock;
    const auto a = clock.now();
    const auto b = clock.now();
    CHECK(b.boot >= a.boot);
    CHECK(a.boot.ms > 0);
    CHECK(a.wall.ms > 1'700'000'000'000);
    CHECK((BootTime{5} + 7) - BootTime{2} == 10);
    const auto id = boot_id();
    CHECK((id.empty() || id.size() == 36));
}

TEST_CASE("grams") {
    CHECK(2_kg + 5_g == Grams{2005});
    CHECK(1_g - 2_kg == Grams{-1999});
    CHECK(abs(Grams{-7}) == 7_g);
    CHECK(abs(7_g) == 7_g);
    CHECK(Grams{-1} < 0_g);
}

TEST_CASE("a UUIDv7 carries its time and is never given twice") {
    const auto id = uuid7({0x0123456789AB});
    REQUIRE(id.size() == 36);
    CHECK(id.substr(0, 13) == "01234567-89ab");
    CHECK(id[14] == '7');
    CHECK(std::string("89ab").find(id[19]) != std::string::npos);
    for (const std::size_t dash : {8U, 13U, 18U, 23U}) CHECK(id[dash] == '-');
    CHECK(uuid7({1}) < uuid7({2}));

    std::vector<std::vector<std::string>> made(4);
    std::vector<std::thread> threads;
    for (auto& mine : made) {
        threads.emplace_back([&mine] {
            for (int i = 0; i < 1000; ++i) mine.push_back(uuid7({7}));
        });
    }
    for (auto& t : threads) t.join();
    std::set<std::string> all;
    for (const auto& mine : made) all.insert(mine.begin(), mine.end());
    CHECK(all.size() == 4000);
}

TEST_CASE("counters count from any thread and keep their order") {
    Counters counters;
    CHECK(counters.value("none") == 0);
    CHECK(counters.rows().empty());
    counters.add("frames");
    counters.add("bytes", 18);
    counters.add("frames", 2);
    REQUIRE(counters.rows().size() == 2);
    CHECK(counters.rows()[0].name == "frames");
    CHECK(counters.rows()[0].value == 3);
    CHECK(counters.rows()[1].value == 18);

    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&counters, t] {
            for (int i = 0; i < 1000; ++i) counters.add("shared"), counters.add("own-" + std::to_string(t));
        });
    }
    for (auto& t : threads) t.join();
    CHECK(counters.value("shared") == 4000);
    CHECK(counters.value("own-3") == 1000);
}

TEST_CASE("SHA-256 gives the vectors of FIPS 180-4") {
    CHECK(hex(sha256("")) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    CHECK(hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    const std::string long_one = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    const auto want = "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1";
    CHECK(hex(sha256(long_one)) == want);
    Sha256 pieces;
    for (int round = 0; round < 2; ++round) {  // reusable after finish()
        for (std::size_t n = 0; n < long_one.size(); n += 5) pieces.update(std::string_view(long_one).substr(n, 5));
        CHECK(hex(pieces.finish()) == want);
    }
    Sha256 moved = std::move(pieces);
    moved.update("abc");
    CHECK(moved.finish() == sha256("abc"));
}
