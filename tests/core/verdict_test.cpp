#include "core/verdict.hpp"

#include "base/text.hpp"
#include "core/fact.hpp"

#include <set>
#include <string>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::core;

TEST_CASE("reason numbers and codes are a stable interface") {
    struct Row {
        int number;
        const char* code;
        Verdict verdict;
        ParcelClass parcel_class;
    };
    using V = Verdict;
    using C = ParcelClass;
    // Written a second time on purpose: whoever changes a number, a code or where it sends a parcel must do it twice.
    const auto row = GENERATE(values<Row>({
        {1, "customs-released", V::release, C::release},
        {2, "customs-closed", V::release, C::release},
        {3, "released-degraded", V::release, C::release},
        {4, "awaiting-release", V::hold, C::wait},
        {5, "await-arrival", V::hold, C::wait},
        {6, "manual-review", V::hold, C::wait},
        {7, "inspected-awaiting-release", V::hold, C::wait},
        {8, "not-declared", V::hold, C::nodata},
        {9, "no-inventory", V::hold, C::nodata},
        {10, "technical-fault", V::hold, C::nodata},
        {11, "refused", V::hold, C::reject},
        {12, "redeclared-data-missing", V::hold, C::wait},
        {13, "suspended", V::hold, C::hold},
        {14, "inspect-ordered", V::inspect, C::inspect},
        {15, "directive-inspect", V::inspect, C::inspect},
        {16, "detained", V::hold, C::detain},
        {17, "released-after-detention", V::inspect, C::detain},
        {18, "return-ordered", V::hold, C::return_},
        {19, "cancel-pending", V::hold, C::hold},
        {20, "cancelled", V::hold, C::hold},
        {21, "refund-open", V::hold, C::hold},
        {22, "already-left", V::hold, C::hold},
        {23, "unknown-status", V::hold, C::hold},
        {24, "receipt-time-missing", V::hold, C::hold},
        {25, "stale-data", V::hold, C::hold},
        {26, "two-declarations", V::hold, C::hold},
        {27, "duplicate-waybill", V::hold, C::hold},
        {28, "two-waybills", V::hold, C::hold},
        {29, "no-read", V::hold, C::noread},
        {30, "keyed-unconfirmed", V::hold, C::noread},
        {31, "wrong-consignment", V::hold, C::other_flow},
        {32, "weight-off", V::inspect, C::reweigh},
        {33, "weight-missing", V::inspect, C::reweigh},
        {34, "declared-weight-implausible", V::inspect, C::inspect},
        {35, "image-suspect", V::inspect, C::inspect},
        {36, "image-missing", V::inspect, C::inspect},
        {37, "tracking-lost", V::inspect, C::inspect},
        {38, "random-sample", V::inspect, C::inspect},
        {39, "party-listed", V::inspect, C::inspect},
        {40, "party-not-admitted", V::hold, C::hold},
        {41, "site-not-designated", V::hold, C::hold},
        {42, "radiation-alarm", V::hold, C::security},
        {43, "security-hold", V::hold, C::security},
        {44, "tax-pending", V::hold, C::wait},
        {45, "device-fault", V::hold, C::hold},
        {46, "weight-unstable", V::inspect, C::reweigh},
        {47, "weight-far-off", V::inspect, C::inspect},
        {48, "declared-weight-missing", V::inspect, C::inspect},
        {49, "case-open", V::inspect, C::inspect},
        {50, "operator-hold", V::hold, C::hold},
    }));
    CAPTURE(row.number);
    const auto& text = text_of(static_cast<Reason>(row.number));
    CHECK(static_cast<int>(text.reason) == row.number);
    CHECK(text.code == row.code);
    CHECK(text.verdict == row.verdict);
    CHECK(text.parcel_class == row.parcel_class);
    CHECK(reason_from(row.code) == text.reason);
}

TEST_CASE("every reason has its words in both languages, once") {
    std::set<std::string_view> codes, zh, en;
    for (int n = 1; n <= reason_count; ++n) {
        const auto& text = text_of(static_cast<Reason>(n));
        CAPTURE(text.code);
        CHECK(codes.insert(text.code).second);
        CHECK(zh.insert(text.zh).second);
        CHECK(en.insert(text.en).second);
        CHECK(is_clean_utf8(text.zh));
        CHECK(text.zh.size() >= 9);
        CHECK(text.en.ends_with('.'));
    }
    CHECK(text_of(Reason::customs_released).zh == "海关已放行");
    CHECK(text_of(Reason::weight_off).zh == "重量与申报不符");
    CHECK(text_of(Reason::operator_hold).en == "Held by a person on site.");
    CHECK_FALSE(reason_from("customs_released"));
    CHECK_FALSE(reason_from(""));
}

TEST_CASE("names of verdicts and classes go there and back") {
    const std::vector<std::string_view> verdicts{"release", "inspect", "hold"};
    for (std::size_t i = 0; i < verdicts.size(); ++i) {
        CHECK(name_of(static_cast<Verdict>(i)) == verdicts[i]);
        CHECK(verdict_from(verdicts[i]) == static_cast<Verdict>(i));
    }
    const std::vector<std::string_view> classes{"release",  "inspect",    "wait",   "nodata", "noread",
                                                "reweigh",  "reject",     "detain", "return", "damaged",
                                                "security", "other-flow", "hold"};
    for (std::size_t i = 0; i < classes.size(); ++i) {
        CHECK(name_of(static_cast<ParcelClass>(i)) == classes[i]);
        CHECK(class_from(classes[i]) == static_cast<ParcelClass>(i));
    }
    CHECK_FALSE(verdict_from("Release"));
    CHECK_FALSE(class_from("return_"));
    CHECK_FALSE(class_from(""));
}

TEST_CASE("names of facts as the contract writes them") {
    CHECK(name_of(Fact{EpochOpened{}}) == "epoch.opened");
    CHECK(name_of(Fact{MessageTaken{}}) == "message.taken");
    CHECK(name_of(Fact{ReceiptTaken{}}) == "receipt.taken");
    CHECK(name_of(Fact{PassageDecided{}}) == "passage.decided");
    CHECK(name_of(Fact{PassageActuated{}}) == "passage.actuated");
    CHECK(name_of(Fact{DeviceWasLost{}}) == "device.lost");
    CHECK(name_of(Fact{DeviceWasRestored{}}) == "device.restored");
    CHECK(name_of(Fact{ClockStepped{}}) == "clock.stepped");
    CHECK(name_of(Fact{StoreRefused{}}) == "store.refused");

    CHECK(name_of(Actuation::diverted) == "diverted");
    CHECK(name_of(Actuation::missed) == "missed");
    CHECK(name_of(Actuation::recirculated) == "recirculated");
    CHECK(name_of(Actuation::lost) == "lost");
    CHECK(name_of(Actuation::late) == "late");
    CHECK(name_of(Actuation::unknown) == "unknown");

    CHECK(name_of(Freshness::not_checked) == "not-checked");
    CHECK(name_of(Freshness::fresh) == "fresh");
    CHECK(name_of(Freshness::degraded) == "degraded");
    CHECK(name_of(Freshness::stale) == "stale");
}
