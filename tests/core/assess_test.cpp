#include "core/assess.hpp"

#include "core/conclude.hpp"
#include "documents.hpp"

#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::core;
using namespace hefang::core::test;

namespace {

/// An hour after t0, the clock synced.
Now now_at(std::int64_t second = 3'600, ClockState clock = ClockState::synced) {
    return {{(t0 + second) * 1000}, {1'000}, clock};
}

Assessment assess_now(const Clearance& clearance) { return assess(clearance, Policy{}, now_at()); }

Conclusion outcome(const Clearance& clearance, const Now& now = now_at()) {
    return conclude(assess(clearance, Policy{}, now).findings, Freshness::not_checked);
}

Clearance one(std::vector<Receipt> rows) { return {{inventory({version(-60)}, std::move(rows))}}; }

Version of_company(std::int64_t second, const std::string& logistics_code, AppType type = AppType::create) {
    auto v = version(second, type);
    v.logistics_code = logistics_code;
    return v;
}

}  // namespace

TEST_CASE("verdict, class and reason of every state") {
    struct Row {
        const char* why;
        std::vector<Receipt> rows;
        const char* letter;
        Conclusion want;
        bool alarm;
    };
    using V = Verdict;
    using C = ParcelClass;
    using R = Reason;
    const auto row = GENERATE(values<Row>({
        {"declared, no word yet", {}, "N", {V::hold, C::nodata, {R::not_declared}}, false},
        {"on its way to customs", receipts({{3, 5}}), "D", {V::hold, C::nodata, {R::not_declared}}, false},
        {"sending failed", receipts({{4, 5}}), "F", {V::hold, C::nodata, {R::technical_fault}}, false},
        {"a format fault", receipts({{-1, 5}}), "F", {V::hold, C::nodata, {R::technical_fault}}, false},
        {"accepted", receipts({{120, 5}}), "A", {V::hold, C::wait, {R::awaiting_release}}, false},
        {"reviewed is no release", receipts({{399, 5}}), "V", {V::hold, C::wait, {R::awaiting_release}}, false},
        {"tally first", receipts({{400, 5}}), "W", {V::hold, C::wait, {R::await_arrival}}, false},
        {"by hand", receipts({{300, 5}}), "M", {V::hold, C::wait, {R::manual_review}}, false},
        {"unknown", receipts({{18, 5}}), "U", {V::hold, C::hold, {R::unknown_status}}, true},
        {"released", receipts({{800, 5}}), "R", {V::release, C::release, {R::customs_released}}, false},
        {"closed", receipts({{899, 5}}), "C", {V::release, C::release, {R::customs_closed}}, false},
        {"refused", receipts({{100, 5}}), "J", {V::hold, C::reject, {R::refused}}, false},
        {"released on data we lack",
         receipts({{100, 5}, {800, 9}}),
         "J?",
         {V::hold, C::wait, {R::redeclared_data_missing}},
         false},
        {"suspended", receipts({{600, 5}}), "S", {V::hold, C::hold, {R::suspended}}, false},
        {"inspection", receipts({{500, 5}}), "I", {V::inspect, C::inspect, {R::inspect_ordered}}, false},
        {"detained", receipts({{501, 5}}), "T", {V::hold, C::detain, {R::detained}}, false},
        {"released on paper",
         receipts({{501, 5}, {800, 9}}),
         "Q",
         {V::inspect, C::detain, {R::released_after_detention}},
         false},
        {"staff read the same of a 502", receipts({{502, 5}}), "Y", {V::hold, C::detain, {R::detained}}, false},
        {"to be returned", receipts({{700, 5}}), "B", {V::hold, C::return_, {R::return_ordered}}, false},
        {"a release without time",
         {timeless(800)},
         "N",
         {V::hold, C::nodata, {R::receipt_time_missing, R::not_declared}},
         false},
        {"beside a good one it does no harm",
         {receipt(800, 5), timeless(800)},
         "R",
         {V::release, C::release, {R::customs_released}},
         false},
        {"it does not turn an inspection into a hold",
         {receipt(500, 5), timeless(800)},
         "I",
         {V::inspect, C::inspect, {R::inspect_ordered, R::receipt_time_missing}},
         false},
        {"a refusal without time",
         {receipt(800, 5), timeless(100)},
         "J",
         {V::hold, C::reject, {R::refused, R::receipt_time_missing}},
         true},
    }));
    INFO(row.why);
    const auto got = assess_now(one(row.rows));
    CHECK(got.ground.state == row.letter);
    CHECK(got.ground.declarations == 1);
    CHECK((!got.ground.alarms.empty()) == row.alarm);
    CHECK(conclude(got.findings, Freshness::not_checked) == row.want);
}

TEST_CASE("nothing known") {
    const auto got = assess_now({});
    CHECK(got.findings == std::vector{Finding{Reason::no_inventory, Verdict::hold, ParcelClass::nodata}});
    CHECK(got.ground == Ground{});
    CHECK_FALSE(got.declared);
}

TEST_CASE("which version is in force, and whether anything is declared") {
    struct Row {
        const char* why;
        std::vector<Version> versions;
        Reason headline;
        std::int64_t declared_at;  ///< second of the version in force
        std::int64_t live;
    };
    constexpr auto change = AppType::change;
    constexpr auto remove = AppType::remove;
    const auto row = GENERATE(values<Row>({
        {"one", {version(-60)}, Reason::customs_released, -60, 1},
        {"a change replaces", {version(-60), version(-30, change)}, Reason::customs_released, -30, 1},
        {"whatever came first", {version(-30, change), version(-60)}, Reason::customs_released, -30, 1},
        {"a draft replaces nothing", {version(-60), version(-30, change, 1)}, Reason::customs_released, -60, 1},
        {"a removal ends it", {version(-60), version(-30, remove)}, Reason::not_declared, -30, 0},
        {"until a newer version", {version(-60), version(-30, remove), version(-29)}, Reason::customs_released, -29, 1},
        {"an older removal ends nothing", {version(-60), version(-61, remove)}, Reason::customs_released, -60, 1},
        {"in one second the removal wins",
         {version(-60), version(-60, remove), version(-60, change)},
         Reason::not_declared,
         -60,
         0},
        {"a removal in draft ends nothing", {version(-60), version(-30, remove, 1)}, Reason::customs_released, -60, 1},
        {"a removal of nothing", {version(-30, remove)}, Reason::not_declared, -30, 0},
    }));
    INFO(row.why);
    const auto got = assess_now({{inventory(row.versions, receipts({{800, 5}}))}});
    CHECK(conclude(got.findings, Freshness::fresh).reasons == std::vector{row.headline});
    CHECK(got.ground.declared_at == china_text(row.declared_at));
    CHECK(got.ground.declarations == row.live);
    CHECK(got.declared.has_value() == (row.live == 1));
}

TEST_CASE("a draft declares nothing, whatever customs is said to have answered") {
    const auto got = assess_now({{inventory({version(-60, AppType::create, 1)}, receipts({{800, 5}}))}});
    CHECK(conclude(got.findings, Freshness::fresh) ==
          Conclusion{Verdict::hold, ParcelClass::nodata, {Reason::not_declared}});
    CHECK(got.ground.declarations == 0);
    CHECK(got.ground.declared_at.empty());
    CHECK_FALSE(got.declared);
}

TEST_CASE("two versions of one second: the digest decides, not the arrival") {
    auto a = version(-60);
    auto b = version(-60);
    a.digest[0] = 1;
    a.gross = 1_kg;
    b.digest[0] = 2;
    b.gross = 2_kg;
    CHECK(assess_now({{inventory({a, b}, {})}}).declared == 2_kg);
    CHECK(assess_now({{inventory({b, a}, {})}}).declared == 2_kg);
}

TEST_CASE("two streams for one waybill") {
    struct Row {
        const char* why;
        std::vector<Inventory> streams;
        Verdict verdict;
        std::vector<Reason> reasons;
        std::int64_t declarations;
    };
    const auto free = receipts({{800, 5}});
    const auto a = [](std::vector<Version> v, std::vector<Receipt> r) {
        return inventory(std::move(v), std::move(r), "a");
    };
    const auto b = [](std::vector<Version> v, std::vector<Receipt> r) {
        return inventory(std::move(v), std::move(r), "b");
    };
    constexpr auto remove = AppType::remove;
    const auto row = GENERATE_COPY(values<Row>({
        {"both released: nobody knows which",
         {a({version(-60)}, free), b({version(-50)}, free)},
         Verdict::hold,
         {Reason::two_declarations},
         2},
        {"one released, one waits",
         {a({version(-60)}, free), b({version(-50)}, receipts({{120, 5}}))},
         Verdict::hold,
         {Reason::awaiting_release, Reason::two_declarations},
         2},
        {"one refused: the other is the one",
         {a({version(-60)}, free), b({version(-50)}, receipts({{100, 5}}))},
         Verdict::release,
         {Reason::customs_released},
         2},
        {"both refused",
         {a({version(-60)}, receipts({{100, 5}})), b({version(-50)}, receipts({{100, 5}}))},
         Verdict::hold,
         {Reason::refused},
         2},
        {"refused, but released on data we lack: alive",
         {a({version(-60)}, free), b({version(-50)}, receipts({{100, 5}, {800, 9}}))},
         Verdict::hold,
         {Reason::redeclared_data_missing, Reason::two_declarations},
         2},
        {"one removed: the other is the one",
         {a({version(-60)}, free), b({version(-50), version(-40, remove)}, free)},
         Verdict::release,
         {Reason::customs_released},
         1},
        {"one only drafted",
         {a({version(-60)}, free), b({version(-50, AppType::create, 1)}, free)},
         Verdict::release,
         {Reason::customs_released},
         1},
        {"removed after an inspection was ordered: it stands",
         {a({version(-60)}, free), b({version(-50), version(40, remove)}, receipts({{500, 5}}))},
         Verdict::inspect,
         {Reason::inspect_ordered},
         1},
        {"removed after detention: it stands, before all",
         {a({version(-60)}, free), b({version(-50), version(40, remove)}, receipts({{502, 5}}))},
         Verdict::hold,
         {Reason::detained},
         1},
        {"one detained, both alive",
         {a({version(-60)}, free), b({version(-50)}, receipts({{501, 5}}))},
         Verdict::hold,
         {Reason::detained, Reason::two_declarations},
         2},
        {"both removed",
         {a({version(-60), version(-40, remove)}, free), b({version(-50), version(-40, remove)}, free)},
         Verdict::hold,
         {Reason::not_declared},
         0},
        {"just six months apart",
         {a({version(-60 - life_s)}, receipts({{800, 5 - life_s}})), b({version(-60)}, free)},
         Verdict::hold,
         {Reason::two_declarations},
         2},
        {"one second more: the older is another parcel's",
         {a({version(-61 - life_s)}, receipts({{800, 5 - life_s}})), b({version(-60)}, free)},
         Verdict::release,
         {Reason::customs_released},
         1},
        {"the older released, the newer not",
         {a({version(-61 - life_s)}, receipts({{800, 5 - life_s}})), b({version(-60)}, receipts({{120, 5}}))},
         Verdict::hold,
         {Reason::awaiting_release},
         1},
        {"the older released, the newer removed",
         {a({version(-62 - life_s)}, receipts({{800, 5 - life_s}})), b({version(-61), version(-60, remove)}, free)},
         Verdict::hold,
         {Reason::not_declared},
         0},
        {"two companies, one refused: the number is used twice",
         {a({of_company(-60, "A")}, free), b({of_company(-50, "B")}, receipts({{100, 5}}))},
         Verdict::hold,
         {Reason::two_declarations},
         2},
        {"two companies, one removed",
         {a({of_company(-60, "A")}, free), b({of_company(-50, "B"), of_company(-40, "B", remove)}, {})},
         Verdict::release,
         {Reason::customs_released},
         1},
        {"two companies, just six months apart",
         {a({of_company(-60 - life_s, "A")}, receipts({{100, 5 - life_s}})), b({of_company(-60, "B")}, free)},
         Verdict::hold,
         {Reason::two_declarations},
         2},
        {"two companies, more than six months apart",
         {a({of_company(-61 - life_s, "A")}, receipts({{100, 5 - life_s}})), b({of_company(-60, "B")}, free)},
         Verdict::release,
         {Reason::customs_released},
         1},
    }));
    INFO(row.why);
    Clearance clearance{row.streams};
    for (int turn = 0; turn < 2; ++turn) {
        const auto got = assess_now(clearance);
        const auto concluded = conclude(got.findings, Freshness::not_checked);
        CHECK(concluded.verdict == row.verdict);
        CHECK(concluded.reasons == row.reasons);
        CHECK(got.ground.declarations == row.declarations);
        std::reverse(clearance.inventories.begin(), clearance.inventories.end());
    }
}

TEST_CASE("a copNo used again after six months starts anew") {
    const auto versions = std::vector{version(-60 - life_s - 1), version(-60)};
    const auto old_release = receipt(800, 5 - life_s - 200);
    SECTION("the release of the older life frees nothing") {
        const auto got = outcome({{inventory(versions, {old_release, receipt(120, 5)})}});
        CHECK(got ==
              Conclusion{Verdict::hold, ParcelClass::wait, {Reason::receipt_time_missing, Reason::awaiting_release}});
    }
    SECTION("a detention of the older life still holds, and someone must look") {
        const auto got = assess_now({{inventory(versions, {receipt(502, 5 - life_s - day_s), receipt(800, 5)})}});
        CHECK(got.ground.state == "Y");
        CHECK_FALSE(got.ground.alarms.empty());
    }
}

TEST_CASE("a change made later does not make the release of the first version another life's") {
    const auto got = outcome({{inventory({version(-60), version(9 * day_s, AppType::change)}, receipts({{800, 5}}))}},
                             now_at(9 * day_s));
    CHECK(got.verdict == Verdict::release);
}

TEST_CASE("a release from before the declarant took the number back frees nothing") {
    struct Row {
        const char* why;
        std::vector<Version> versions;
        std::int64_t released;
        bool free;
    };
    constexpr auto remove = AppType::remove;
    const auto row = GENERATE(values<Row>({
        {"declared anew, nothing from customs since", {version(0), version(10, remove), version(20)}, 5, false},
        {"in the second of the removal", {version(0), version(10, remove), version(20)}, 10, false},
        {"late, for what was removed", {version(0), version(10, remove), version(20)}, 11, false},
        {"in the second of the new declaration", {version(0), version(10, remove), version(20)}, 20, false},
        {"a second later", {version(0), version(10, remove), version(20)}, 21, true},
        {"declared anew and changed since",
         {version(0), version(10, remove), version(20), version(30, AppType::change)},
         21,
         true},
        {"removed twice", {version(0), version(10, remove), version(20), version(30, remove), version(40)}, 25, false},
        {"the number was another parcel's first", {version(0, remove), version(10, AppType::change)}, 0, false},
        {"given to the other parcel", {version(0, remove), version(10, AppType::change)}, 5, false},
        {"given to this one", {version(0, remove), version(10, AppType::change)}, 11, true},
        {"a change that keeps the number", {version(0), version(10, AppType::change)}, 5, true},
        {"a removal in draft", {version(0), version(10, remove, 1), version(20)}, 5, true},
    }));
    INFO(row.why);
    auto known = one(receipts({{800, row.released}}));
    known.inventories[0].versions = row.versions;
    for (int order = 0; order < 2; ++order) {
        const auto got = conclude(assess_now(known).findings, Freshness::not_checked);
        CHECK((got.verdict == Verdict::release) == row.free);
        std::reverse(known.inventories[0].versions.begin(), known.inventories[0].versions.end());
    }
}

TEST_CASE("what customs keeps does not vanish behind a newer declaration of the same number") {
    struct Row {
        const char* why;
        std::int32_t status;
        std::int64_t received;  ///< days before the newer declaration
        bool kept;
    };
    const auto row = GENERATE(values<Row>({
        {"detained within six months", 501, 183, true},
        {"detained before", 501, 184, false},
        {"handed to the anti-smuggling office", 502, 1, true},
        {"sent back", 700, 1, true},
        {"an inspection is of its own life", 500, 1, false},
    }));
    INFO(row.why);
    auto known = one(receipts({{800, 0}}));
    known.inventories[0].versions = {version(-60)};
    auto old = one({receipt(row.status, -60 - row.received * day_s)}).inventories[0];
    old.cop_no = "old";
    old.versions = {version(-60 - 190 * day_s)};
    known.inventories.push_back(old);
    const auto got = conclude(assess_now(known).findings, Freshness::not_checked);
    CHECK((got.verdict != Verdict::release) == row.kept);
}

TEST_CASE("a declaration with a mistyped year makes no other vanish") {
    auto known = one(receipts({{800, 0}}));
    auto wrong = known.inventories[0];
    wrong.cop_no = "next-year";
    wrong.receipts.clear();
    wrong.versions = {version(365 * day_s)};
    known.inventories.push_back(wrong);
    CHECK(assess_now(known).ground.declarations == 2);
}

TEST_CASE("a release dated in the future waits until the clock comes near, if there is a clock") {
    struct Row {
        std::int64_t second;
        ClockState clock;
        Verdict verdict;
    };
    const auto row = GENERATE(values<Row>({
        {3'600 + 300, ClockState::synced, Verdict::release},
        {3'600 + 301, ClockState::synced, Verdict::hold},
        {3'600 + 301, ClockState::holdover, Verdict::hold},
        {3'600 + 301, ClockState::unsynced, Verdict::release},
    }));
    CAPTURE(row.second, static_cast<int>(row.clock));
    const auto clearance = one(receipts({{120, 5}, {800, row.second}}));
    const auto got = outcome(clearance, now_at(3'600, row.clock));
    CHECK(got.verdict == row.verdict);
    if (row.verdict == Verdict::hold) {
        CHECK(got.reasons == std::vector{Reason::receipt_time_missing, Reason::awaiting_release});
        CHECK(got.parcel_class == ParcelClass::wait);
        CHECK(outcome(clearance, now_at(3'601)).verdict == Verdict::release);
    }
    CHECK(outcome(one(receipts({{800, 5}, {500, 9'999}}))).verdict == Verdict::inspect);
}

TEST_CASE("the policy's window of an inspection is used") {
    Policy policy;
    policy.inspect_min_s = 60;
    const auto clearance = one(receipts({{500, 5}, {800, 64}}));
    CHECK(assess(clearance, policy, now_at()).ground.state == "I");
    policy.inspect_min_s = 59;
    CHECK(assess(clearance, policy, now_at()).ground.state == "R");
}

TEST_CASE("the ground names what the rule used") {
    auto v = version(-60);
    v.bill_no = "999-12345675";
    auto rows = receipts({{800, 9}, {2, 1}, {120, 5}, {120, 5}});
    rows[0].invt_no = "40022026I000123456";
    rows.push_back(timeless(unreadable_status));
    const auto g = assess_now({{inventory({v}, rows)}}).ground;
    CHECK(g.state == "U");
    CHECK(g.status == "unreadable");
    CHECK(g.status_time.empty());
    CHECK(g.source == "inbox");
    CHECK(g.bill_no == "999-12345675");
    CHECK(g.invt_no == "40022026I000123456");
    CHECK(g.declared_at == china_text(-60));
    CHECK(g.receipt_count == 4);
    CHECK(g.receipts == std::vector<ReceiptUsed>{
                            {"2", china_text(1)}, {"120", china_text(5)}, {"800", china_text(9)}, {"unreadable", ""}});
    SECTION("the version's own number goes first") {
        v.invt_no = "40022026I000000001";
        CHECK(assess_now({{inventory({v}, rows)}}).ground.invt_no == "40022026I000000001");
    }
    SECTION("and time and code are those of the receipt in force") {
        rows.pop_back();
        const auto released = assess_now({{inventory({v}, rows)}}).ground;
        CHECK(released.status == "800");
        CHECK(released.status_time == china_text(9));
    }
}

TEST_CASE("the ground keeps the newest 32 receipts") {
    const auto count = GENERATE(31, 32, 33, 100);
    std::vector<Receipt> rows;
    for (int i = 0; i < count; ++i) rows.push_back(receipt(120, i));
    std::reverse(rows.begin(), rows.end());
    const auto g = assess_now(one(rows)).ground;
    CHECK(g.receipt_count == count);
    CHECK(g.receipts.size() == static_cast<std::size_t>(std::min(count, 32)));
    CHECK(g.receipts.front().time == china_text(count - std::min(count, 32)));
    CHECK(g.receipts.back().time == china_text(count - 1));
}

TEST_CASE("the declared weight is that of the version in force; 0 is none") {
    auto later = version(-30, AppType::change);
    later.gross = 2_kg;
    CHECK(assess_now({{inventory({version(-60), later}, {})}}).declared == 2_kg);
    later.gross = 0_g;
    CHECK_FALSE(assess_now({{inventory({version(-60), later}, {})}}).declared);
}

TEST_CASE(
    "P1 and P5 through whole documents: any order, and a newer declaration ends every not-declared and "
    "two-declarations") {
    std::mt19937 random(7);
    const auto below = [&](int n) { return std::uniform_int_distribution<int>(0, n - 1)(random); };
    for (int i = 0; i < 5'000; ++i) {
        Clearance clearance;
        for (int s = below(3); s >= 0; --s) {
            std::vector<Version> versions;
            for (int n = below(4); n > 0; --n)
                versions.push_back(version(below(40) - 20, static_cast<AppType>(1 + below(3)), 1 + below(2)));
            std::vector<Receipt> rows;
            for (int n = below(5); n > 0; --n)
                rows.push_back(receipt(all_codes[static_cast<std::size_t>(below(22))], below(40)));
            clearance.inventories.push_back(inventory(versions, rows, "cop-" + std::to_string(s)));
        }
        const auto want = assess_now(clearance);
        auto other = clearance;
        std::shuffle(other.inventories.begin(), other.inventories.end(), random);
        for (auto& inv : other.inventories) {
            if (!inv.versions.empty()) inv.versions.push_back(inv.versions.front());
            if (!inv.receipts.empty()) inv.receipts.push_back(inv.receipts.back());
            std::shuffle(inv.versions.begin(), inv.versions.end(), random);
            std::shuffle(inv.receipts.begin(), inv.receipts.end(), random);
        }
        const auto got = assess_now(other);
        REQUIRE(got.ground == want.ground);
        REQUIRE(got.declared == want.declared);
        REQUIRE(got.ground.alarms == want.ground.alarms);
        REQUIRE(conclude(got.findings, Freshness::fresh) == conclude(want.findings, Freshness::fresh));

        // All but one stream removed, that one declared anew and released: free, unless customs keeps it itself.
        for (auto& inv : other.inventories) inv.versions.push_back(version(50, AppType::remove));
        auto& last = other.inventories.front();
        last.versions.push_back(version(51));
        bool kept = false;
        for (auto& inv : other.inventories) {
            inv.receipts.push_back(receipt(800, 60));
            const auto letter = assess_now({{inv}}).ground.state;
            kept = kept || letter == "T" || letter == "Q" || letter == "Y" || letter == "B";
        }
        REQUIRE((outcome(other).verdict == Verdict::release) != kept);
    }
}
