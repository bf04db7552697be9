#include "hil/kinds.hpp"

#include <algorithm>
#include <charconv>

namespace hefang::hil {
namespace {

using Label = Kind::Label;
using Papers = Kind::Papers;

const Expected released{"release", "release", "customs-released"};

Expected hold(const char* parcel_class, const char* reason) { return {"hold", parcel_class, reason}; }
Expected inspect(const char* parcel_class, const char* reason) { return {"inspect", parcel_class, reason}; }

/// Ground truth, written down from the rules and not taken from the program under test. Declared weights are between
/// 600 g and 1,600 g, where a difference of up to 50 g is allowed, and one of up to 150 g is weighed again.
std::vector<Kind> make_kinds() {
    return {
        {"released", "120+60 800+3600", released},
        {"closed", "800+60 899+3600", {"release", "release", "customs-closed"}},
        {"freed", "500+60 800+1200", released},
        {"late-old-release", "500+1200 800+60", inspect("inspect", "inspect-ordered")},
        {"awaiting", "120+60", hold("wait", "awaiting-release")},
        {"reviewed", "399+60", hold("wait", "awaiting-release")},
        {"arriving", "400+60", hold("wait", "await-arrival")},
        {"manual", "300+60", hold("wait", "manual-review")},
        {"inspect", "120+60 500+600", inspect("inspect", "inspect-ordered")},
        {"suspended", "600+60", hold("hold", "suspended")},
        {"refused", "120+60 100+600", hold("reject", "refused")},
        {"refused-then-released", "100+60 800+600", hold("wait", "redeclared-data-missing")},
        {"technical", "4+60", hold("nodata", "technical-fault")},
        {"detained", "500+60 501+600", hold("detain", "detained")},
        {"smuggled", "502+60", hold("detain", "detained")},
        {"handed-over", "501+60 800+600", inspect("detain", "released-after-detention")},
        {"returned", "700+60", hold("return", "return-ordered")},
        {"unknown-status", "777+60", hold("hold", "unknown-status")},
        {"timeless", "120+60 800!", hold("wait", "receipt-time-missing")},
        {"stored-only", "", hold("nodata", "not-declared"), Label::own, Papers::stored_only},
        {"declared-only", "", hold("nodata", "not-declared")},
        {"unknown", "", hold("nodata", "no-inventory"), Label::own, Papers::none},
        {"two-declarations", "800+60", hold("hold", "two-declarations"), Label::own, Papers::two},
        {"two-waybills", "800+60", hold("hold", "two-waybills"), Label::two},
        {"no-read", "", hold("noread", "no-read"), Label::none, Papers::none},
        {"weight-off", "800+60", inspect("reweigh", "weight-off"), Label::own, Papers::one, 100},
        {"weight-far-off", "800+60", inspect("inspect", "weight-far-off"), Label::own, Papers::one, 2000},
        {"weight-missing", "800+60", inspect("reweigh", "weight-missing"), Label::own, Papers::one, 0,
         OnScale::nothing},
        {"weight-unstable", "800+60", inspect("reweigh", "weight-unstable"), Label::own, Papers::one, 0,
         OnScale::restless},
    };
}

}  // namespace

const std::vector<Kind>& kinds() {
    static const auto table = make_kinds();
    return table;
}

const Kind* kind_named(std::string_view name) {
    const auto& all = kinds();
    const auto at = std::find_if(all.begin(), all.end(), [&](const Kind& k) { return k.name == name; });
    return at == all.end() ? nullptr : &*at;
}

bool needs_scale(const Kind& kind) { return kind.off_grams != 0 || kind.on_scale != OnScale::settles; }

std::optional<std::vector<Said>> receipts_from(std::string_view text) {
    std::vector<Said> out;
    while (!text.empty()) {
        auto one = text.substr(0, text.find(' '));
        text.remove_prefix(std::min(text.size(), one.size() + 1));
        if (one.empty()) continue;
        Said said;
        if (one.ends_with('!')) {
            said.bad_time = true;
            one.remove_suffix(1);
        }
        const auto plus = one.find('+');
        said.status = one.substr(0, plus);
        if (plus != std::string_view::npos) {
            const auto number = one.substr(plus + 1);
            const auto [end, fault] = std::from_chars(number.data(), number.data() + number.size(), said.after_s);
            if (fault != std::errc{} || end != number.data() + number.size()) return std::nullopt;
        }
        if (said.status.empty()) return std::nullopt;
        out.push_back(std::move(said));
    }
    return out;
}

Parcel make_parcel(const Kind& kind, const std::string& waybill, std::int64_t declared) {
    Parcel parcel;
    parcel.kind = kind.name;
    parcel.expected = kind.expected;
    parcel.on_scale = kind.on_scale;
    parcel.grams = (declared + kind.off_grams) / 5 * 5;
    const auto receipts = receipts_from(kind.receipts).value_or(std::vector<Said>{});
    const auto add = [&](const std::string& number, const std::string& stream) {
        parcel.documents.push_back({number, declared, stream, kind.papers != Papers::stored_only, receipts});
    };
    if (kind.papers != Papers::none) add(waybill, "");
    if (kind.papers == Papers::two) add(waybill, waybill + "-B");
    if (kind.label != Label::none) parcel.codes.push_back(waybill);
    if (kind.label == Label::two) {
        add(waybill + "X", "");
        parcel.codes.push_back(waybill + "X");
    }
    return parcel;
}

}  // namespace hefang::hil
