#include "core/label.hpp"

#include "lane_fixture.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::core;
using namespace hefang::core::test;

namespace {

const std::string released_at = "20261123090000";
const std::string goods = "6901234567892";
const std::string postal = "RR473124829GB";

void scan(Line& line, const std::vector<reading::Code>& codes) {
    line.give(reading::Reading{reading::CodesRead{reader, line.at(), std::nullopt, codes}});
}

PassageDecided only(const Line& line) {
    const auto all = line.all<PassageDecided>();
    REQUIRE(all.size() == 1);
    return all.front();
}

}  // namespace

TEST_CASE("a label that nobody knows: the waybill is what is most likely a parcel's number, and the parcel is held") {
    struct Row {
        const char* why;
        std::vector<reading::Code> codes;
        std::string waybill;
    };
    const auto row = GENERATE(values<Row>({
        {"one code stands, whatever it is", {{goods, "]E0"}}, goods},
        {"goods before a postal item", {{goods, ""}, {postal, ""}}, postal},
        {"goods before a number of digits", {{goods, ""}, {"7312345678901", ""}}, "7312345678901"},
        {"the symbology settles what digits cannot", {{"4006381333931", "]E0"}, {goods, "]C0"}}, goods},
        {"a web address", {{"https://example.com/w?n=1", "]Q1"}, {"ZZ9", "]C0"}}, "ZZ9"},
        {"fields of a QR code", {{"MMM={'k1':'755W'}", ""}, {"7312345678901", ""}}, "7312345678901"},
        {"a route code before a carrier's own shape", {{"755W-010", ""}, {"SF1000000000017", ""}}, "SF1000000000017"},
        {"an air waybill of the consignment", {{"020-81140743", ""}, {"ZZ9", ""}}, "ZZ9"},
        {"a bag's number", {{"GBLALACNBJSAAUN60123001000025", ""}, {"ZZ9", ""}}, "ZZ9"},
        {"a container's", {{"CSQU3054383", ""}, {"ZZ9", ""}}, "ZZ9"},
        {"an inventory's", {{"29242020I439440284", ""}, {"ZZ9", ""}}, "ZZ9"},
        {"GS1 of goods", {{"010061414112345210ABC", "]C1"}, {"ZZ9", ""}}, "ZZ9"},
        {"a logistic unit may be the parcel", {{"00095287654321012346", "]C1"}, {"ZZ9", ""}}, "00095287654321012346"},
        {"a wrong check digit counts as any number", {{"ZZ9", ""}, {"RR473124828GB", ""}}, "ZZ9"},
        {"nor does it count as goods", {{"6901234567893", ""}, {"ZZ9", ""}}, "6901234567893"},
        {"a right check digit before a wrong one", {{"RR473124828GB", ""}, {postal, ""}}, postal},
        {"the first read among equals", {{"ZZ9", ""}, {"ZZ8", ""}}, "ZZ9"},
        {"the first read of two postal items", {{"EE471108151FR", ""}, {postal, ""}}, "EE471108151FR"},
        {"nothing but goods", {{goods, ""}, {"4006381333931", ""}}, goods},
    }));
    INFO(row.why);
    Line line(false);
    line.declare("YT1", 1000_g, {{800, released_at}});
    scan(line, row.codes);
    const auto d = only(line);
    CHECK(d.waybill == row.waybill);
    CHECK(d.verdict == Verdict::hold);
    CHECK(d.reasons == std::vector{Reason::no_inventory});
    std::vector<std::string> others;
    for (const auto& code : row.codes)
        if (code.text != row.waybill) others.push_back(code.text);
    CHECK(d.codes == others);
}

TEST_CASE("a number in the register is the waybill, whatever its shape and whatever stands beside it") {
    const auto* number = GENERATE(as<const char*>{}, "6901234567892", "RR473124828GB", "CSQU3054384",
                                  "29242020I439440284", "020-81140743", "https://example.com/p", "00095287654321012346",
                                  "赣A12345", "91350100M000100Y43", "ZZ9");
    const auto* aim = GENERATE(as<const char*>{}, "", "]E0", "]C1");
    CAPTURE(number, aim);
    Line line(false);
    line.declare(number, 1000_g, {{800, released_at}});
    scan(line, {{"SF1000000000017", ""}, {number, aim}, {postal, ""}});
    const auto d = only(line);
    CHECK(d.waybill == number);
    CHECK(d.verdict == Verdict::release);
    CHECK(d.codes == std::vector<std::string>{"SF1000000000017", postal});
}

TEST_CASE("two known numbers hold, however unlikely one of them is a waybill") {
    Line line(false);
    line.declare(goods, 1000_g, {{800, released_at}}, "c1");
    line.declare(postal, 1000_g, {{800, released_at}}, "c2");
    scan(line, {{goods, "]E0"}, {postal, ""}});
    CHECK(only(line).verdict == Verdict::hold);
    CHECK(only(line).reasons.front() == Reason::two_waybills);
    CHECK(only(line).waybill == goods);
}

TEST_CASE("what a GS1 string holds is not looked up: the number stands as it was scanned") {
    Line line(false);
    line.declare("095287654321012346", 1000_g, {{800, released_at}});
    scan(line, {{"00095287654321012346", "]C1"}});
    CHECK(only(line).verdict == Verdict::hold);
    CHECK(only(line).waybill == "00095287654321012346");
}

TEST_CASE("a waybill that was chosen by its shape is held still when its documents come") {
    Line line(true);
    line.sorter_up();
    line.induct(1);
    line.ms += 120;
    line.give(reading::Reading{reading::CodesRead{reader, line.at(), std::nullopt, {{goods, "]E0"}, {postal, ""}}}});
    CHECK(line.passage(1).waybill == postal);
    line.declare(postal, 1000_g, {});
    line.add_receipt(postal, 800, released_at);
    CHECK(line.passage(1).verdict == Verdict::hold);
}
