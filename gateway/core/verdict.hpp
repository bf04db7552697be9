#pragma once
#include <cstdint>
#include <optional>
#include <string_view>

namespace hefang::core {

/// Ordered: a later one is stricter.
enum class Verdict : std::uint8_t { release, inspect, hold };

/// Where a parcel goes physically; each maps to a chute of the lane.
enum class ParcelClass : std::uint8_t {
    release,
    inspect,
    wait,
    nodata,
    noread,
    reweigh,
    reject,
    detain,
    return_,
    damaged,
    security,
    other_flow,
    hold
};

/// Reasons of a decision: a stable interface (codes and numbers never change meaning). Table in verdict.cpp.
enum class Reason : std::uint8_t {
    customs_released = 1,
    customs_closed,
    released_degraded,
    awaiting_release,
    await_arrival,
    manual_review,
    inspected_awaiting_release,
    not_declared,
    no_inventory,
    technical_fault,
    refused,
    redeclared_data_missing,
    suspended,
    inspect_ordered,
    directive_inspect,
    detained,
    released_after_detention,
    return_ordered,
    cancel_pending,
    cancelled,
    refund_open,
    already_left,
    unknown_status,
    receipt_time_missing,
    stale_data,
    two_declarations,
    duplicate_waybill,
    two_waybills,
    no_read,
    keyed_unconfirmed,
    wrong_consignment,
    weight_off,
    weight_missing,
    declared_weight_implausible,
    image_suspect,
    image_missing,
    tracking_lost,
    random_sample,
    party_listed,
    party_not_admitted,
    site_not_designated,
    radiation_alarm,
    security_hold,
    tax_pending,
    device_fault,
    weight_unstable,
    weight_far_off,
    declared_weight_missing,
    case_open,
    operator_hold
};
constexpr int reason_count = 50;

struct ReasonText {
    Reason reason;
    std::string_view code;  ///< "customs-released"
    Verdict verdict;        ///< the strictest it means; reweigh reasons say inspect
    ParcelClass parcel_class;
    std::string_view zh, en;
};

[[nodiscard]] const ReasonText& text_of(Reason reason);
[[nodiscard]] std::optional<Reason> reason_from(std::string_view code);
[[nodiscard]] std::string_view name_of(Verdict verdict);
[[nodiscard]] std::optional<Verdict> verdict_from(std::string_view name);
/// "release", "inspect", …, "return", "other-flow".
[[nodiscard]] std::string_view name_of(ParcelClass parcel_class);
[[nodiscard]] std::optional<ParcelClass> class_from(std::string_view name);

/// One contribution to a verdict.
struct Finding {
    Reason reason;
    Verdict verdict;
    ParcelClass parcel_class;
    friend bool operator==(const Finding&, const Finding&) = default;
};

}  // namespace hefang::core
