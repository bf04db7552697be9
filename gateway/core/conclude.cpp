#include "core/conclude.hpp"

#include <algorithm>
#include <array>

namespace hefang::core {
namespace {

// Headline order: status by rank, newest word of customs that holds hardest first; locks; checks.
constexpr std::array order{
    Reason::detained, Reason::released_after_detention, Reason::return_ordered, Reason::inspect_ordered, Reason::suspended,
    Reason::refused, Reason::redeclared_data_missing, Reason::unknown_status, Reason::manual_review, Reason::await_arrival,
    Reason::awaiting_release, Reason::inspected_awaiting_release, Reason::technical_fault, Reason::not_declared,
    Reason::no_inventory, Reason::receipt_time_missing, Reason::stale_data, Reason::tax_pending,
    // locks
    Reason::radiation_alarm, Reason::security_hold, Reason::cancelled, Reason::cancel_pending, Reason::refund_open,
    Reason::already_left, Reason::duplicate_waybill, Reason::two_declarations, Reason::party_not_admitted,
    Reason::party_listed, Reason::site_not_designated, Reason::directive_inspect, Reason::case_open, Reason::operator_hold,
    // checks of this passage
    Reason::no_read, Reason::two_waybills, Reason::keyed_unconfirmed, Reason::wrong_consignment, Reason::device_fault,
    Reason::tracking_lost, Reason::weight_far_off, Reason::declared_weight_implausible, Reason::declared_weight_missing,
    Reason::weight_off, Reason::weight_unstable, Reason::weight_missing, Reason::image_suspect, Reason::image_missing,
    Reason::random_sample,
    // release
    Reason::released_degraded, Reason::customs_closed, Reason::customs_released};
static_assert(order.size() == reason_count);

std::size_t place_of(Reason reason) {
    return static_cast<std::size_t>(std::find(order.begin(), order.end(), reason) - order.begin());
}

Finding plain(Reason reason) {
    const auto& row = text_of(reason);
    return {reason, row.verdict, row.parcel_class};
}

bool before(const Finding& a, const Finding& b) {
    const bool a_detained = a.reason == Reason::detained, b_detained = b.reason == Reason::detained;
    if (a_detained != b_detained) return a_detained;
    if (a.verdict != b.verdict) return a.verdict > b.verdict;
    return place_of(a.reason) < place_of(b.reason);
}

}  // namespace

Conclusion conclude(std::vector<Finding> findings, Freshness freshness) {
    if (findings.empty()) findings.push_back(plain(Reason::device_fault));
    const auto is_release = [](const Finding& f) { return f.verdict == Verdict::release; };
    const bool free = std::all_of(findings.begin(), findings.end(), is_release);
    const bool customs_frees = std::any_of(findings.begin(), findings.end(), is_release);
    if (customs_frees && freshness == Freshness::stale) findings.push_back(plain(Reason::stale_data));
    if (free && freshness == Freshness::degraded) findings.push_back(plain(Reason::released_degraded));
    if (!free || freshness == Freshness::stale) std::erase_if(findings, is_release);
    std::stable_sort(findings.begin(), findings.end(), before);

    Conclusion out;
    out.verdict = findings.front().verdict;
    out.parcel_class = findings.front().parcel_class;
    for (const auto& f : findings) {
        if (std::find(out.reasons.begin(), out.reasons.end(), f.reason) == out.reasons.end()) out.reasons.push_back(f.reason);
    }
    return out;
}

}  // namespace hefang::core
