#include "core/verdict.hpp"

#include <algorithm>
#include <array>

namespace hefang::core {
namespace {

using R = Reason;
using V = Verdict;
using C = ParcelClass;

// The one table of reasons, in the order of their numbers. Codes, numbers and meaning never change; texts are what
// screens show. A reason that sends a parcel back to the scale says inspect/reweigh: its second time is inspect.
constexpr std::array<ReasonText, reason_count> reasons{{
    {R::customs_released, "customs-released", V::release, C::release, "海关已放行",
     "Customs has released this parcel."},
    {R::customs_closed, "customs-closed", V::release, C::release, "海关已结关", "Customs has closed this list."},
    {R::released_degraded, "released-degraded", V::release, C::release, "离线放行:依据断网前的海关放行",
     "Released offline on the last known customs release."},
    {R::awaiting_release, "awaiting-release", V::hold, C::wait, "已申报,等待海关放行",
     "Declared; waiting for customs release."},
    {R::await_arrival, "await-arrival", V::hold, C::wait, "待运抵:先完成理货申报",
     "Waiting for the arrival report; finish tally first."},
    {R::manual_review, "manual-review", V::hold, C::wait, "海关人工审核中", "Customs is reviewing by hand."},
    {R::inspected_awaiting_release, "inspected-awaiting-release", V::hold, C::wait, "已查验,等待海关放行回执",
     "Inspected; waiting for the release receipt."},
    {R::not_declared, "not-declared", V::hold, C::nodata, "清单未申报或未送达海关",
     "The list is not yet with customs."},
    {R::no_inventory, "no-inventory", V::hold, C::nodata, "查无清单信息", "No declaration is known for this number."},
    {R::technical_fault, "technical-fault", V::hold, C::nodata, "申报报文处理异常,请申报企业重发",
     "The declaration failed technically; declarant must resend."},
    {R::refused, "refused", V::hold, C::reject, "海关退单,需重新申报", "Customs refused the list; declare again."},
    {R::redeclared_data_missing, "redeclared-data-missing", V::hold, C::wait, "已重新申报,本地缺新申报数据",
     "Declared again, but the new data are not here yet."},
    {R::suspended, "suspended", V::hold, C::hold, "海关挂起", "Customs has suspended this list."},
    {R::inspect_ordered, "inspect-ordered", V::inspect, C::inspect, "海关布控查验", "Customs orders an inspection."},
    {R::directive_inspect, "directive-inspect", V::inspect, C::inspect, "布控指令:请送查验",
     "A control order applies; send to inspection."},
    {R::detained, "detained", V::hold, C::detain, "海关处理中,不得移动", "In customs' hands; do not move."},
    {R::released_after_detention, "released-after-detention", V::inspect, C::detain, "扣留后放行,须关员当面移交",
     "Released after detention; an officer must hand it over."},
    {R::return_ordered, "return-ordered", V::hold, C::return_, "责令退运,不得进境",
     "To be returned abroad; it may not enter."},
    {R::cancel_pending, "cancel-pending", V::hold, C::hold, "撤单申请处理中", "A cancellation is being processed."},
    {R::cancelled, "cancelled", V::hold, C::hold, "清单已撤销,原放行无效",
     "The list is cancelled; its release no longer counts."},
    {R::refund_open, "refund-open", V::hold, C::hold, "已申请退货,不得出场", "A return is filed; it may not leave."},
    {R::already_left, "already-left", V::hold, C::hold, "该运单已出场,请核对", "This number has already left."},
    {R::unknown_status, "unknown-status", V::hold, C::hold, "海关状态代码未知",
     "Customs sent a status that is not known here."},
    {R::receipt_time_missing, "receipt-time-missing", V::hold, C::hold, "回执时间缺失或异常",
     "The receipt has no usable time."},
    {R::stale_data, "stale-data", V::hold, C::hold, "与平台失联超时,停止放行",
     "No contact for too long; releases have stopped."},
    {R::two_declarations, "two-declarations", V::hold, C::hold, "同一运单有两份有效清单",
     "Two live declarations for one number."},
    {R::duplicate_waybill, "duplicate-waybill", V::hold, C::hold, "同号包裹重复出现",
     "A second parcel with the same number."},
    {R::two_waybills, "two-waybills", V::hold, C::hold, "面单上有两个在册运单号", "Two known numbers on one parcel."},
    {R::no_read, "no-read", V::hold, C::noread, "未读到条码,请补码", "No code read; key the number in."},
    {R::keyed_unconfirmed, "keyed-unconfirmed", V::hold, C::noread, "手工录入未经复核",
     "Keyed number not yet confirmed."},
    {R::wrong_consignment, "wrong-consignment", V::hold, C::other_flow, "不属于本提单/总包",
     "Belongs to another bill or bag."},
    {R::weight_off, "weight-off", V::inspect, C::reweigh, "重量与申报不符", "Weight differs from the declared weight."},
    {R::weight_missing, "weight-missing", V::inspect, C::reweigh, "未取得有效重量", "No valid weight."},
    {R::declared_weight_implausible, "declared-weight-implausible", V::inspect, C::inspect, "申报重量明显有误",
     "Declared weight is plainly wrong."},
    {R::image_suspect, "image-suspect", V::inspect, C::inspect, "图像可疑", "The image is suspect."},
    {R::image_missing, "image-missing", V::inspect, C::inspect, "图像缺失或无法对应包裹",
     "No image, or not surely of this parcel."},
    {R::tracking_lost, "tracking-lost", V::inspect, C::inspect, "跟踪丢失,前后包裹一并复核",
     "Tracking lost; check this parcel and its neighbours."},
    {R::random_sample, "random-sample", V::inspect, C::inspect, "随机抽中", "Drawn at random."},
    {R::party_listed, "party-listed", V::inspect, C::inspect, "企业列入负面清单,全面查验",
     "The enterprise is on the negative list."},
    {R::party_not_admitted, "party-not-admitted", V::hold, C::hold, "企业未在本场所备案",
     "The enterprise is not admitted at this site."},
    {R::site_not_designated, "site-not-designated", V::hold, C::hold, "本口岸无此类商品指定资质",
     "This site is not designated for these goods."},
    {R::radiation_alarm, "radiation-alarm", V::hold, C::security, "辐射报警,人员撤离", "Radiation alarm; step back."},
    {R::security_hold, "security-hold", V::hold, C::security, "安检未通过", "Not cleared by security."},
    {R::tax_pending, "tax-pending", V::hold, C::wait, "税款未缴", "Tax is not yet paid."},
    {R::device_fault, "device-fault", V::hold, C::hold, "设备故障,暂不放行", "A needed device is out of order."},
    {R::weight_unstable, "weight-unstable", V::inspect, C::reweigh, "称重不稳定", "The weight did not settle."},
    {R::weight_far_off, "weight-far-off", V::inspect, C::inspect, "重量严重不符",
     "Weight differs very much from the declared weight."},
    {R::declared_weight_missing, "declared-weight-missing", V::inspect, C::inspect, "无申报重量",
     "No weight was declared."},
    {R::case_open, "case-open", V::inspect, C::inspect, "查验中", "An inspection case is open."},
    {R::operator_hold, "operator-hold", V::hold, C::hold, "人工暂扣", "Held by a person on site."},
}};

constexpr bool in_order_of_numbers() {
    for (std::size_t i = 0; i < reasons.size(); ++i)
        if (static_cast<std::size_t>(reasons[i].reason) != i + 1) return false;
    return true;
}
static_assert(in_order_of_numbers());

constexpr std::array<std::string_view, 3> verdict_names{"release", "inspect", "hold"};

constexpr std::array<std::string_view, 13> class_names{"release",  "inspect",    "wait",   "nodata", "noread",
                                                       "reweigh",  "reject",     "detain", "return", "damaged",
                                                       "security", "other-flow", "hold"};

template <class Enum, std::size_t n>
std::optional<Enum> find_name(const std::array<std::string_view, n>& names, std::string_view name) {
    const auto at = std::find(names.begin(), names.end(), name);
    if (at == names.end()) return std::nullopt;
    return static_cast<Enum>(at - names.begin());
}

}  // namespace

const ReasonText& text_of(Reason reason) { return reasons[static_cast<std::size_t>(reason) - 1]; }

std::optional<Reason> reason_from(std::string_view code) {
    const auto at =
        std::find_if(reasons.begin(), reasons.end(), [&](const ReasonText& row) { return row.code == code; });
    if (at == reasons.end()) return std::nullopt;
    return at->reason;
}

std::string_view name_of(Verdict verdict) { return verdict_names[static_cast<std::size_t>(verdict)]; }

std::optional<Verdict> verdict_from(std::string_view name) { return find_name<Verdict>(verdict_names, name); }

std::string_view name_of(ParcelClass parcel_class) { return class_names[static_cast<std::size_t>(parcel_class)]; }

std::optional<ParcelClass> class_from(std::string_view name) { return find_name<ParcelClass>(class_names, name); }

}  // namespace hefang::core
