#include "core/fold.hpp"

#include "documents.hpp"

#include <algorithm>
#include <fstream>
#include <random>
#include <sstream>

#include <catch2/catch.hpp>

using namespace hefang::core;
using namespace hefang::core::test;
using Rows = std::vector<std::pair<std::int32_t, std::int64_t>>;

namespace {

const std::vector<std::int64_t> declared{t0 - 60};

/// Folds with a declaration made before (`newer` false) or after all receipts.
Folded fold_rows(const std::vector<Receipt>& rows, bool newer = false, std::int64_t inspect_min_s = 5) {
    FoldRules rules;
    rules.inspect_min_s = inspect_min_s;
    rules.declared_at = declared;
    rules.in_force_since = newer ? t0 + 40'000 : t0 - 60;
    return fold(rows, rules);
}

std::string state_after(const Rows& rows, bool newer = false, std::int64_t inspect_min_s = 5) {
    return std::string(letter_of(fold_rows(receipts(rows), newer, inspect_min_s).state));
}

/// Seeded receipt sets: seconds close together, so that ties and the inspection's window come often.
class Sets {
  public:
    explicit Sets(std::uint32_t seed) : random_(seed) {}
    std::int64_t below(std::int64_t n) { return std::uniform_int_distribution<std::int64_t>(0, n - 1)(random_); }
    bool one_in(std::int64_t n) { return below(n) == 0; }
    std::int32_t code(const std::vector<std::int32_t>& of) {
        return of[static_cast<std::size_t>(below(static_cast<std::int64_t>(of.size())))];
    }
    /// Now and then without time, of another life, or sent twice with other milliseconds.
    Receipt one(std::int32_t status) {
        if (one_in(25)) return timeless(status);
        auto r = receipt(status, one_in(40) ? 200 * day_s : below(41));
        if (one_in(10)) r.time = customs_time(r.time.raw + "049");
        r.info_digest[0] = static_cast<std::uint8_t>(below(2));
        return r;
    }
    std::vector<Receipt> some(std::int64_t most) {
        std::vector<Receipt> out;
        for (auto n = below(most + 1); n > 0; --n) out.push_back(one(code(all_codes)));
        return out;
    }
    std::mt19937& random() { return random_; }

  private:
    std::mt19937 random_;
};

constexpr int sets_count = 20'000;

struct OracleRow {
    std::string text, state;
    bool newer;
    std::int64_t inspect_min_s;
    std::vector<Receipt> rows;
};

OracleRow parse_row(const std::string& line) {
    OracleRow row;
    row.text = line;
    std::istringstream in(line);
    std::string newer, word;
    in >> newer >> row.inspect_min_s >> row.state;
    row.newer = newer == "newer";
    while (in >> word) {
        const auto cut = word.find('@');
        row.rows.push_back(receipt(std::stoi(word.substr(0, cut)), std::stoll(word.substr(cut + 1))));
    }
    return row;
}

}  // namespace

TEST_CASE("the fold ends where the independent model of the transition table ends") {
    std::ifstream in(HEFANG_SOURCE_DIR "/tests/core/fold_oracle.txt");
    REQUIRE(in);
    int rows = 0;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#') continue;
        const auto row = parse_row(line);
        const auto got = letter_of(fold_rows(row.rows, row.newer, row.inspect_min_s).state);
        if (got != row.state) FAIL_CHECK(row.text << " but the fold says " << got);
        ++rows;
    }
    CHECK(rows >= 2'000);
}

TEST_CASE("what must come out of well-known sequences") {
    struct Row {
        const char* why;
        Rows rows;
        const char* older;  ///< with the declaration of before
        const char* newer;  ///< with one made after all receipts
    };
    const auto row = GENERATE(values<Row>({
        {"nothing came", {}, "N", "N"},
        {"120 and 800 in one second: ordinary parcels do not jam", {{120, 5}, {800, 5}}, "R", "R"},
        {"500 and 800 in one second: the hold wins", {{500, 5}, {800, 5}}, "I", "I"},
        {"800 two seconds after 500: two engines raced", {{500, 5}, {800, 7}}, "I", "I"},
        {"then 899 later frees", {{500, 5}, {800, 7}, {899, 60}}, "C", "C"},
        {"800 and 500 in one second, then 800", {{800, 5}, {500, 5}, {800, 60}}, "R", "R"},
        {"800 one second inside the window", {{500, 5}, {800, 9}}, "I", "I"},
        {"800 just at the window's end", {{500, 5}, {800, 10}}, "R", "R"},
        {"a second 500 restarts the clock", {{500, 5}, {500, 9}, {800, 10}}, "I", "I"},
        {"an 800 older than the 500 frees nothing", {{800, 4}, {500, 5}}, "I", "I"},
        {"a 500 older than the 800, come late, changes nothing", {{800, 60}, {500, 5}}, "R", "R"},
        {"refused, declared again, released", {{100, 5}, {2, 6}, {120, 7}, {800, 8}}, "J?", "R"},
        {"refused and released at once", {{100, 5}, {800, 8}}, "J?", "R"},
        {"released, then late steps", {{800, 5}, {2, 6}, {120, 7}}, "R", "R"},
        {"released, then a duplicate sent to customs", {{800, 5}, {-1, 6}}, "R", "R"},
        {"closed stays closed", {{899, 5}, {800, 6}}, "C", "C"},
        {"suspended is lifted by any later decision", {{600, 5}, {800, 6}}, "R", "R"},
        {"suspended is not lifted by a step", {{600, 5}, {120, 6}}, "S", "S"},
        {"detained, released on paper", {{501, 5}, {800, 60}}, "Q", "Q"},
        {"detained again", {{501, 5}, {800, 60}, {599, 61}}, "T", "T"},
        {"502 has no way back", {{502, 5}, {800, 60}, {700, 61}, {100, 62}}, "Y", "Y"},
        {"700 has no way back", {{700, 5}, {800, 60}, {100, 61}}, "B", "B"},
        {"an unknown code revokes", {{800, 5}, {18, 6}}, "U", "U"},
        {"and a later release counts again", {{800, 5}, {18, 6}, {800, 7}}, "R", "R"},
    }));
    INFO(row.why);
    CHECK(state_after(row.rows) == row.older);
    CHECK(state_after(row.rows, true) == row.newer);
}

TEST_CASE("codes fall into the kinds of the table, at both ends of each range") {
    struct Row {
        std::int32_t status;
        ReceiptKind kind;
    };
    const auto row = GENERATE(values<Row>({
        {-1, ReceiptKind::negative},   {0, ReceiptKind::unknown},     {1, ReceiptKind::step1},
        {3, ReceiptKind::step3},       {4, ReceiptKind::failed},      {5, ReceiptKind::unknown},
        {499, ReceiptKind::unknown},   {500, ReceiptKind::inspect},   {501, ReceiptKind::detained},
        {502, ReceiptKind::smuggling}, {503, ReceiptKind::detained},  {505, ReceiptKind::detained},
        {599, ReceiptKind::detained},  {600, ReceiptKind::suspended}, {601, ReceiptKind::unknown},
        {700, ReceiptKind::returned},  {800, ReceiptKind::released},  {801, ReceiptKind::unknown},
        {899, ReceiptKind::closed},    {900, ReceiptKind::unknown},   {unreadable_status, ReceiptKind::unknown},
    }));
    CAPTURE(row.status);
    CHECK(kind_of(row.status) == row.kind);
}

TEST_CASE("within one second the later rank has the last word") {
    // rank 1 < 2 < 3 < 4 < negative < 120 < 400 < 399 < 800 < 899 < 300 < unknown < 100 < 600 < 500 < 700 < 50x < 502
    const std::vector<std::int32_t> ranks{1,   2,   3,  4,   -1,  120, 400, 399, 800,
                                          899, 300, 18, 100, 600, 500, 700, 501, 502};
    for (std::size_t a = 0; a < ranks.size(); ++a)
        for (std::size_t b = a + 1; b < ranks.size(); ++b) CHECK(kind_of(ranks[a]) < kind_of(ranks[b]));
    CHECK(kind_of(501) == kind_of(503));
    CHECK(kind_of(501) == kind_of(599));
}

TEST_CASE("inspect_min_s from 0 to 3600") {
    const auto [limit, gap, state] = GENERATE(table<std::int64_t, std::int64_t, std::string>({
        {0, 0, "I"},
        {0, 1, "R"},
        {1, 1, "R"},
        {5, 4, "I"},
        {5, 5, "R"},
        {3600, 3599, "I"},
        {3600, 3600, "R"},
    }));
    CAPTURE(limit, gap);
    CHECK(state_after({{500, 10}, {800, 10 + gap}}, false, limit) == state);
    CHECK(state_after({{500, 10}, {899, 10 + gap}}, false, limit) == (state == "R" ? "C" : "I"));
}

TEST_CASE("a release after a refusal needs a declaration made after that refusal") {
    const auto [made, state] =
        GENERATE(table<std::int64_t, std::string>({{9, "J?"}, {10, "J?"}, {11, "R"}, {50, "R"}}));
    CAPTURE(made);
    const auto rows = receipts({{100, 10}, {2, 12}, {120, 13}, {800, 20}});
    FoldRules rules;
    rules.declared_at = declared;
    rules.in_force_since = t0 + made;
    CHECK(letter_of(fold(rows, rules).state) == state);
    SECTION("and it is the last refusal that counts") {
        const auto twice = receipts({{100, 10}, {100, 30}, {800, 40}});
        CHECK(letter_of(fold(twice, rules).state) == (made > 30 ? "R" : "J?"));
    }
}

TEST_CASE("a missing or unreadable time") {
    struct Row {
        const char* why;
        std::vector<Receipt> rows;
        const char* state;
        bool set_aside, timeless_hold, alarm;
    };
    auto unreadable = receipt(800, 20);
    unreadable.time = customs_time("2026112");
    const auto row = GENERATE_COPY(values<Row>({
        {"a release never frees by itself", {timeless(800)}, "N", true, false, false},
        {"nor after a step", {receipt(120, 5), timeless(899)}, "A", true, false, false},
        {"an unreadable time is none", {receipt(120, 5), unreadable}, "A", true, false, false},
        {"beside one with a time it does no harm", {receipt(800, 5), timeless(800)}, "R", true, false, false},
        {"a hold stands behind every release", {timeless(500), receipt(800, 30)}, "I", false, true, true},
        {"a refusal too", {timeless(100), receipt(800, 30)}, "J", false, true, true},
        {"a review too", {timeless(300), receipt(800, 30)}, "M", false, true, true},
        {"an unknown code too", {timeless(18), receipt(800, 30)}, "U", false, true, true},
        {"of two, the higher rank", {timeless(700), timeless(500)}, "B", false, true, true},
        {"a step goes before all", {timeless(120), receipt(2, 5)}, "D", false, false, false},
        {"and is lifted by a release", {timeless(120), receipt(800, 5)}, "R", false, false, false},
    }));
    INFO(row.why);
    const auto got = fold_rows(row.rows);
    CHECK(letter_of(got.state) == row.state);
    CHECK(got.release_set_aside == row.set_aside);
    CHECK(got.timeless_hold == row.timeless_hold);
    CHECK(got.alarms.empty() != row.alarm);
    CHECK(got.known.size() == row.rows.size());
}

TEST_CASE("receipts of another life of the number") {
    struct Row {
        const char* why;
        std::int32_t status;
        std::int64_t second;
        const char* state;
        bool alarm;
    };
    const auto row = GENERATE(values<Row>({
        {"a release just a day before the declaration", 800, -day_s, "R", false},
        {"one second earlier is another life's", 800, -day_s - 1, "A", false},
        {"a release just 183 days after", 899, life_s, "C", false},
        {"one second later is another life's", 899, life_s + 1, "A", false},
        {"a hold counts and alarms: before", 600, -day_s - 1, "S", true},
        {"a hold counts and alarms: after", 500, life_s + 1, "I", true},
        {"a hold inside alarms nobody", 500, life_s, "I", false},
        {"a step is left out", 399, life_s + 1, "A", false},
    }));
    INFO(row.why);
    const std::vector<std::int64_t> made{t0};
    FoldRules rules;
    rules.declared_at = made;
    rules.in_force_since = t0;
    // The step is dated beside the receipt under test, so that the order of both never decides.
    const std::vector<Receipt> rows{receipt(120, -day_s), receipt(row.status, row.second)};
    const auto got = fold(rows, rules);
    CHECK(letter_of(got.state) == row.state);
    CHECK(got.alarms.empty() != row.alarm);
    CHECK(got.release_set_aside == (releases(kind_of(row.status)) && std::string(row.state) == "A"));
    SECTION("a second version opens its own window") {
        const std::vector<std::int64_t> both{t0, t0 + row.second};
        rules.declared_at = both;
        CHECK(fold(rows, rules).alarms.empty());
        CHECK_FALSE(fold(rows, rules).release_set_aside);
    }
}

TEST_CASE("a release dated beyond the limit does not count yet, a hold does") {
    FoldRules rules;
    rules.declared_at = declared;
    rules.releases_until = t0 + 300;
    const auto with = [&](std::int32_t status, std::int64_t second) {
        const auto rows = receipts({{120, 1}, {status, second}});
        const auto got = fold(rows, rules);
        return std::pair{std::string(letter_of(got.state)), got.release_set_aside};
    };
    CHECK(with(800, 300) == std::pair{std::string("R"), false});
    CHECK(with(800, 301) == std::pair{std::string("A"), true});
    CHECK(with(500, 301) == std::pair{std::string("I"), false});
}

TEST_CASE("repeats vanish by status, time as received and digest; other milliseconds are another receipt") {
    auto with_ms = receipt(800, 5);
    with_ms.time = customs_time(with_ms.time.raw + "049");
    auto other_info = receipt(800, 5);
    other_info.info_digest[31] = 1;
    auto taken_later = receipt(800, 5);
    taken_later.taken_ms = 77;
    const auto got = fold_rows({receipt(800, 5), receipt(800, 5), taken_later, with_ms, other_info});
    CHECK(got.known.size() == 3);
    CHECK(got.state == DocState::released);
}

TEST_CASE("the receipt in force is the one that brought or renewed the state") {
    struct Row {
        const char* why;
        Rows rows;
        std::int32_t status;
        std::int64_t second;
    };
    const auto row = GENERATE(values<Row>({
        {"a late step is not in force", {{800, 5}, {120, 9}}, 800, 5},
        {"a second release renews", {{800, 5}, {800, 9}}, 800, 9},
        {"800 after 899 does not", {{899, 5}, {800, 9}}, 899, 5},
        {"a second inspection renews", {{500, 5}, {500, 9}}, 500, 9},
        {"inside the window the 500 is in force", {{500, 5}, {800, 9}}, 500, 5},
        {"the release on paper", {{501, 5}, {800, 9}}, 800, 9},
    }));
    INFO(row.why);
    const auto rows = receipts(row.rows);
    const auto got = fold_rows(rows);
    REQUIRE(got.in_force != nullptr);
    CHECK(got.in_force->status == row.status);
    CHECK(got.in_force->time.second == t0 + row.second);
}

TEST_CASE("someone is called when customs contradicts itself or says what nobody knows") {
    CHECK_FALSE(fold_rows(receipts({{502, 5}, {800, 9}})).alarms.empty());
    CHECK_FALSE(fold_rows(receipts({{700, 5}, {899, 9}})).alarms.empty());
    CHECK(fold_rows(receipts({{501, 5}, {800, 9}})).alarms.empty());
    CHECK(fold_rows(receipts({{800, 5}, {502, 9}})).alarms.empty());
    CHECK_FALSE(fold_rows(receipts({{120, 5}, {18, 9}})).alarms.empty());
    CHECK(fold_rows(receipts({{18, 5}, {800, 9}})).alarms.empty());
}

TEST_CASE("P1: order and repetition of one set change nothing") {
    Sets sets(1);
    for (int i = 0; i < sets_count; ++i) {
        auto rows = sets.some(7);
        const auto newer = sets.one_in(2);
        const auto want = fold_rows(rows, newer);
        auto more = rows;
        if (!rows.empty())
            more.push_back(rows[static_cast<std::size_t>(sets.below(static_cast<std::int64_t>(rows.size())))]);
        std::shuffle(more.begin(), more.end(), sets.random());
        const auto got = fold_rows(more, newer);
        const bool same = got.state == want.state && got.alarms == want.alarms &&
                          got.known.size() == want.known.size() && got.release_set_aside == want.release_set_aside &&
                          got.timeless_hold == want.timeless_hold &&
                          (got.in_force == nullptr) == (want.in_force == nullptr) &&
                          (got.in_force == nullptr || got.in_force->same_as(*want.in_force)) &&
                          std::equal(got.known.begin(), got.known.end(), want.known.begin(),
                                     [](const Receipt* a, const Receipt* b) { return a->same_as(*b); });
        REQUIRE(same);
    }
}

TEST_CASE("P2: a hold at or after the last release is never a release") {
    Sets sets(2);
    for (int i = 0; i < sets_count; ++i) {
        auto rows = sets.some(6);
        std::int64_t last = t0;
        for (const auto& r : rows)
            if (releases(kind_of(r.status)) && r.time.second) last = std::max(last, *r.time.second);
        const auto code = sets.code(hold_codes);
        rows.push_back(sets.one_in(10) ? timeless(code) : receipt(code, last - t0 + sets.below(9)));
        std::shuffle(rows.begin(), rows.end(), sets.random());
        REQUIRE_FALSE(is_release(fold_rows(rows, sets.one_in(2)).state));
    }
}

TEST_CASE("P3: taking any release out of a set never makes it a release") {
    Sets sets(3);
    for (int i = 0; i < sets_count; ++i) {
        const auto rows = sets.some(8);
        const auto newer = sets.one_in(2);
        auto none = rows;
        std::erase_if(none, [](const Receipt& r) { return releases(kind_of(r.status)); });
        REQUIRE_FALSE(is_release(fold_rows(none, newer).state));
        if (is_release(fold_rows(rows, newer).state)) continue;
        for (std::size_t k = 0; k < rows.size(); ++k) {
            if (!releases(kind_of(rows[k].status))) continue;
            auto less = rows;
            less.erase(less.begin() + static_cast<std::ptrdiff_t>(k));
            REQUIRE_FALSE(is_release(fold_rows(less, newer).state));
        }
    }
}

TEST_CASE("P5: every state has a way to a release, or to an officer, or out by withdrawal") {
    Sets sets(5);
    for (int i = 0; i < sets_count; ++i) {
        auto rows = sets.some(6);
        std::erase_if(rows, [](const Receipt& r) { return !r.time.second || *r.time.second > t0 + 100; });
        const auto end = fold_rows(rows, true).state;
        const bool latched = end == DocState::smuggling || end == DocState::returned;
        auto later = rows;
        later.push_back(receipt(800, 100));
        const auto after = fold_rows(later, true).state;
        const bool on_paper = end == DocState::detained || end == DocState::handed_over;
        if (latched) {
            REQUIRE(after == end);
            std::erase_if(later, [](const Receipt& r) { return holds(kind_of(r.status)); });  // withdrawn
            REQUIRE(is_release(fold_rows(later, true).state));
        } else if (on_paper) {
            REQUIRE(after == DocState::handed_over);
        } else {
            REQUIRE(is_release(after));
        }
    }
}

TEST_CASE("P5: a hold without time ends by its withdrawal") {
    for (const auto code : hold_codes) {
        CAPTURE(code);
        CHECK_FALSE(is_release(fold_rows({timeless(code), receipt(800, 30)}).state));
    }
    CHECK(is_release(fold_rows({receipt(800, 30)}).state));
}

TEST_CASE("P6: negative codes never change a release and never make one") {
    Sets sets(6);
    for (int i = 0; i < sets_count; ++i) {
        auto rows = sets.some(7);
        const auto newer = sets.one_in(2);
        const auto before = fold_rows(rows, newer).state;
        for (auto n = 1 + sets.below(3); n > 0; --n)
            rows.push_back(sets.one(static_cast<std::int32_t>(-1 - sets.below(999))));
        const auto after = fold_rows(rows, newer).state;
        REQUIRE(is_release(before) == is_release(after));
        if (is_release(before)) REQUIRE(before == after);
    }
}
