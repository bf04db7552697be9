#include "core/weigh.hpp"
#include "lane_fixture.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::core;
using namespace hefang::core::test;

TEST_CASE("what the weight rule said can be found again from the fact alone") {
    using enum reading::WeightQuality;
    struct Row {
        const char* why;
        std::optional<Grams> interval;
        Grams declared, measured;
        std::optional<reading::WeightQuality> quality;  ///< none: no weight comes
        Weighed came;
        std::optional<Reason> reason;
    };
    const auto row = GENERATE(values<Row>({
        {"as declared", 5_g, 1000_g, 1000_g, stable, Weighed::stable, {}},
        {"off", 5_g, 1000_g, 1051_g, stable, Weighed::stable, Reason::weight_off},
        {"the scale's own error counts twice", 50_g, 1000_g, 1100_g, stable, Weighed::stable, {}},
        {"and not one gram more", 50_g, 1000_g, 1101_g, stable, Weighed::stable, Reason::weight_off},
        {"too light for this scale: not compared", 5_g, 500_g, 99_g, stable, Weighed::stable, {}},
        {"no interval: compared", std::nullopt, 500_g, 99_g, stable, Weighed::stable, Reason::weight_far_off},
        {"nothing declared", 5_g, 0_g, 500_g, stable, Weighed::stable, Reason::declared_weight_missing},
        {"did not settle", 5_g, 1000_g, 1000_g, unstable, Weighed::unstable, Reason::weight_unstable},
        {"too heavy for the scale", 5_g, 1000_g, 0_g, overload, Weighed::overload, Reason::weight_unstable},
        {"net where gross is due, though it agrees", 5_g, 1000_g, 1000_g, wrong_tare, Weighed::wrong_tare,
         Reason::weight_unstable},
        {"no weight came", 5_g, 1000_g, 0_g, std::nullopt, Weighed::nothing, Reason::weight_missing},
    }));
    INFO(row.why);
    Line line(true, true);
    line.lane().interval = row.interval;
    line.declare("YT1", row.declared, {{800, "20261123090000"}});
    line.sorter_up();
    line.induct(1);
    line.scan({"YT1"});
    if (row.quality) line.weigh_in(row.measured, *row.quality);
    line.after(line.lane().decide_within_ms);

    const auto d = line.passage(1);
    REQUIRE(d.weight);
    CHECK(d.weight->came == row.came);
    CHECK(d.weight->interval == row.interval);
    Weighing again{true, d.weight->measured, {}, d.weight->declared, d.second_weighing, d.weight->interval};
    if (d.weight->came == Weighed::stable) again.quality = stable;
    if (d.weight->came == Weighed::unstable) again.quality = unstable;
    if (d.weight->came == Weighed::overload) again.quality = overload;
    if (d.weight->came == Weighed::wrong_tare) again.quality = wrong_tare;
    const auto found = weigh(again, line.site.policy);
    CHECK(found.allowed == d.weight->allowed);
    CHECK((found.finding ? std::optional(found.finding->reason) : std::nullopt) == row.reason);
    CHECK((d.verdict == Verdict::release) == !row.reason);
    if (row.reason) CHECK(d.reasons.front() == *row.reason);
}

TEST_CASE("one weight for two parcels is said so") {
    Line line(true, true);
    line.declare("YT1", 1000_g, {{800, "20261123090000"}});
    line.sorter_up();
    line.induct(1);
    line.induct(2);
    line.scan({"YT1"}, std::uint16_t{1});
    line.weigh_in(1000_g);
    line.after(line.lane().decide_within_ms);
    CHECK(line.passage(1).weight->came == Weighed::clash);
    CHECK(line.passage(1).reasons.front() == Reason::weight_unstable);
}
