#include "app/web_archive.hpp"
#include "store/sqlite.hpp"
#include "turn_bench.hpp"

using namespace hefang;
using namespace hefang::app;
using namespace hefang::app::test;

namespace {

constexpr const char* earlier = "20261123090000";
constexpr const char* later = "20261123093000";

void damage(const std::string& folder, const std::string& sql) {
    auto db = store::Database::open(folder + "/hefang.db", store::Access::write, {});
    REQUIRE(db);
    REQUIRE(db->run(sql.c_str()));
}

std::shared_ptr<PendingImport> one_receipt(core::StreamKeys keys, core::Receipt receipt) {
    auto judged = judged_as("CEB622");
    judged.receipts.push_back({std::move(keys), std::move(receipt)});
    return std::make_shared<PendingImport>("622.xml", std::move(judged));
}

}  // namespace

TEST_CASE("a damaged row of the register holds its parcel, and its number is one that is known") {
    struct Row {
        const char* why;
        std::vector<std::string> label;
        std::string waybill;
        core::Verdict verdict;
        std::vector<core::Reason> reasons;
    };
    using R = core::Reason;
    const auto row = GENERATE(values<Row>({
        {"alone", {"YT1"}, "YT1", core::Verdict::hold, {R::device_fault}},
        {"beside a number that is free",
         {"YT1", "YT2"},
         "YT1",
         core::Verdict::hold,
         {R::two_waybills, R::device_fault}},
        {"behind it", {"YT2", "YT1"}, "YT2", core::Verdict::hold, {R::two_waybills}},
        {"another parcel", {"YT2"}, "YT2", core::Verdict::release, {R::customs_released}},
        {"beside a text that nobody knows", {"690123", "YT2"}, "YT2", core::Verdict::release, {R::customs_released}},
    }));
    INFO(row.why);
    Opened site;
    auto& [clock, folder, bench] = site;
    for (const char* waybill : {"YT1", "YT2"}) import(bench, file_of(waybill, 800, earlier));
    damage(folder.path, "UPDATE inventory SET body = x'01ff' WHERE waybill = 'YT1'");
    bench.sorter_up();
    bench.labelled(1, row.label);
    bench.turn->turn();
    const auto decided = bench.facts_left<core::PassageDecided>();
    REQUIRE(decided.size() == 1);
    CHECK(decided[0].waybill == row.waybill);
    CHECK(decided[0].verdict == row.verdict);
    CHECK(decided[0].reasons == row.reasons);
}

TEST_CASE("a parcel on the belt is taken back when a message finds no room in its declaration") {
    Opened site;
    auto& [clock, folder, bench] = site;
    import(bench, file_of("YT1", 800, earlier));
    auto large = receipt_of(2, earlier);
    large.time.raw.append(1'000'000, '0');
    import(bench, one_receipt(keys_of("YT1"), large));
    bench.sorter_up();
    bench.parcel(1, "YT1");
    bench.turn->turn();
    REQUIRE(bench.sorter.heard.back().at(0).chute == 1);
    clock.boot += 2'000;

    auto hold = receipt_of(500, later);
    hold.time.raw.append(100'000, '0');
    const auto file = one_receipt(keys_of("YT1"), hold);
    import(bench, file);
    CHECK(file->end() == PendingImport::End::put_off);
    CHECK(bench.sorter.heard.back().at(0).chute == 3);
    const auto decided = bench.facts_left<core::PassageDecided>();
    REQUIRE(decided.size() == 2);
    CHECK(decided[1].revision == 2);
    CHECK(decided[1].verdict == core::Verdict::hold);
    CHECK(decided[1].reasons == std::vector{core::Reason::device_fault});
    CHECK(bench.facts_left<core::ReceiptTaken>().empty());
}

TEST_CASE("a key that a template filled in keeps no hold and no removal from its parcel") {
    const bool removal = GENERATE(false, true);
    CAPTURE(removal);
    Opened site;
    auto& [clock, folder, bench] = site;
    auto judged = judged_as("CEB621");
    const auto keys = [](int i) {
        auto all = keys_of(waybill(i));
        all.pre_no = "0";
        return all;
    };
    for (int i = 0; i < 100; ++i) judged.declarations.push_back({keys(i), waybill(i), version_of(1000_g)});
    judged.receipts.push_back({keys_of(waybill(7)), receipt_of(800, earlier)});
    import(bench, std::make_shared<PendingImport>("621.xml", std::move(judged)));
    bench.sorter_up();
    bench.parcel(1, waybill(7));
    bench.turn->turn();
    REQUIRE(bench.sorter.heard.back().at(0).chute == 1);
    clock.boot += 2'000;

    auto change = judged_as(removal ? "CEB621" : "CEB622");
    if (removal) {
        auto version = version_of(1000_g);
        version.type = core::AppType::remove;
        version.app_time = core::customs_time(later);
        version.digest[0] = 1;
        change.declarations.push_back({keys(7), waybill(7), version});
    } else {
        change.receipts.push_back({keys(7), receipt_of(500, later)});
    }
    const auto file = std::make_shared<PendingImport>("change.xml", std::move(change));
    import(bench, file);
    CHECK(file->end() == PendingImport::End::committed);
    CHECK(bench.sorter.heard.back().at(0).chute != 1);
    CHECK(bench.facts_left<core::PassageDecided>().size() == 2);
}

TEST_CASE("a number in more declarations than anybody looks through holds as one of two declarations") {
    const auto [count, verdict] = GENERATE(table<std::int64_t, core::Verdict>({
        {1, core::Verdict::release},
        {store::shared_limit + 1, core::Verdict::hold},
    }));
    Opened site;
    auto& [clock, folder, bench] = site;
    auto judged = judged_as("CEB621");
    for (std::int64_t i = 0; i < count; ++i) {
        const auto keys = keys_of(std::to_string(i));
        judged.declarations.push_back({keys, "TEST", version_of(1000_g)});
        judged.receipts.push_back({keys, receipt_of(800, earlier)});
    }
    import(bench, std::make_shared<PendingImport>("621.xml", std::move(judged)));
    bench.sorter_up();
    bench.parcel(1, "TEST");
    bench.turn->turn();
    const auto decided = bench.facts_left<core::PassageDecided>();
    REQUIRE(decided.size() == 1);
    CHECK(decided[0].verdict == verdict);
    CHECK(decided[0].reasons.front() == (count > 1 ? core::Reason::two_declarations : core::Reason::customs_released));
}

TEST_CASE(
    "what is known of a number: its declarations, or that they are too many, or that something of them is missing") {
    const auto [count, known] = GENERATE(table<std::int64_t, const char*>({
        {store::shared_limit, R"("waybills":["0","YT10000")"},
        {store::shared_limit + 1, R"("gap":"too-many","inventories":[],"number":"0","waybills":["0"])"},
    }));
    Opened site;
    auto& [clock, folder, bench] = site;
    auto judged = judged_as("CEB621");
    for (int i = 0; i < count; ++i) {
        auto keys = keys_of(waybill(i));
        keys.pre_no = "0";
        judged.declarations.push_back({keys, waybill(i), version_of(1000_g)});
    }
    import(bench, std::make_shared<PendingImport>("621.xml", std::move(judged)));
    auto reader = store::Reader::open(folder.path);
    REQUIRE(reader);
    CHECK_THAT(track_json(*reader, "0", 10).value_or("nothing"), Catch::Contains(known));
    CHECK(track_json(*reader, "1", 10).error().code == Errc::not_found);
    CHECK(track_json(*reader, "RR473124829GB", 10).error().detail == "nothing is known of RR473124829GB");
    CHECK(track_json(*reader, "RR473124828GB", 10).error().detail ==
          "nothing is known of RR473124828GB; it looks like a UPU S10 number, but its check digit is wrong");

    auto large = receipt_of(2, earlier);
    large.time.raw.append(1'100'000, '0');
    import(bench, one_receipt(keys_of(waybill(0)), large));
    CHECK_THAT(*track_json(*reader, waybill(0), 10), Catch::Contains(R"("gap":"damaged")"));
    CHECK_THAT(*track_json(*reader, waybill(1), 10), !Catch::Contains("gap"));
    damage(folder.path, "UPDATE inventory SET body = x'01ff'");
    CHECK_THAT(*track_json(*reader, waybill(1), 10), Catch::Contains(R"("gap":"damaged")"));
}
