#include "store/sqlite.hpp"
#include "turn_bench.hpp"

using namespace hefang;
using namespace hefang::app;
using namespace hefang::app::test;

namespace {

constexpr const char* earlier = "20261123090000";

void damage(const std::string& folder, const std::string& sql) {
    auto db = store::Database::open(folder + "/hefang.db", store::Access::write, {});
    REQUIRE(db);
    REQUIRE(db->run(sql.c_str()));
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
        {"beside a number that is free", {"YT1", "YT2"}, "YT1", core::Verdict::hold, {R::two_waybills, R::device_fault}},
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
