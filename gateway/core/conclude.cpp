#include "core/conclude.hpp"

#include "core/freshness.hpp"

#include <algorithm>
#include <array>
#include <tuple>

namespace hefang::core {
namespace {

using R = Reason;

// Every reason once, the one that goes first on a screen first.
constexpr std::array order{
    // Restricted: before all, whatever else is found and however strict that is.
    R::detained,
    R::released_after_detention,
    R::radiation_alarm,
    R::security_hold,
    // Documents: by the rank of the receipt behind them, later ranks first.
    R::return_ordered,
    R::inspect_ordered,
    R::suspended,
    R::refused,
    R::redeclared_data_missing,
    R::unknown_status,
    R::receipt_time_missing,
    R::manual_review,
    R::released_degraded,
    R::customs_closed,
    R::customs_released,
    R::inspected_awaiting_release,
    R::awaiting_release,
    R::await_arrival,
    R::technical_fault,
    R::not_declared,
    R::no_inventory,
    // Locks.
    R::cancelled,
    R::cancel_pending,
    R::refund_open,
    R::already_left,
    R::two_declarations,
    R::directive_inspect,
    R::case_open,
    R::operator_hold,
    R::party_not_admitted,
    R::party_listed,
    R::site_not_designated,
    R::tax_pending,
    R::stale_data,
    // Checks of this passage.
    R::two_waybills,
    R::duplicate_waybill,
    R::wrong_consignment,
    R::no_read,
    R::keyed_unconfirmed,
    R::device_fault,
    R::tracking_lost,
    R::image_suspect,
    R::image_missing,
    R::random_sample,
    R::weight_far_off,
    R::declared_weight_implausible,
    R::declared_weight_missing,
    R::weight_off,
    R::weight_unstable,
    R::weight_missing,
};
constexpr std::size_t restricted_count = 4;

constexpr bool names_each_reason_once() {
    for (int reason = 1; reason <= reason_count; ++reason)
        if (std::count(order.begin(), order.end(), static_cast<R>(reason)) != 1) return false;
    return order.size() == reason_count;
}
static_assert(names_each_reason_once());

constexpr auto places = [] {
    std::array<std::size_t, reason_count + 1> place{};
    for (std::size_t i = 0; i < order.size(); ++i) place[static_cast<std::size_t>(order[i])] = i;
    return place;
}();

bool goes_before(const Finding& a, const Finding& b) {
    const auto key = [](const Finding& f) {
        const auto place = places[static_cast<std::size_t>(f.reason)];
        const bool ordinary = place >= restricted_count;
        const int mildness = -static_cast<int>(f.verdict);
        // What only asks for another weighing goes last: a parcel with a further doubt is opened, not weighed again.
        const bool only_weigh = f.parcel_class == ParcelClass::reweigh;
        return std::tuple{ordinary, ordinary ? mildness : 0, only_weigh, place, mildness, f.parcel_class};
    };
    return key(a) < key(b);
}

Verdict strictest(const std::vector<Finding>& findings) {
    auto verdict = Verdict::release;
    for (const auto& f : findings) verdict = std::max(verdict, f.verdict);
    return verdict;
}

}  // namespace

Conclusion conclude(std::vector<Finding> findings, Freshness freshness) {
    if (findings.empty()) findings.push_back({R::no_inventory, Verdict::hold, ParcelClass::nodata});
    if (strictest(findings) == Verdict::release)
        if (const auto effect = effect_on_release(freshness)) findings.push_back(*effect);

    Conclusion out;
    out.verdict = strictest(findings);
    if (out.verdict != Verdict::release)
        std::erase_if(findings, [](const Finding& f) { return f.verdict == Verdict::release; });
    std::sort(findings.begin(), findings.end(), goes_before);
    out.parcel_class = findings.front().parcel_class;
    for (const auto& f : findings)
        if (std::find(out.reasons.begin(), out.reasons.end(), f.reason) == out.reasons.end())
            out.reasons.push_back(f.reason);
    return out;
}

}  // namespace hefang::core
