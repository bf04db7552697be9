#include "core/label.hpp"

#include "number/identify.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>

namespace hefang::core {
namespace {

enum class Likelihood : std::uint8_t { something_else, open, likely };

/// Of being the number of one parcel.
Likelihood likelihood_of(number::Kind kind) {
    using enum number::Kind;
    switch (kind) {
        case s10:
        case carrier_waybill: return Likelihood::likely;
        case sscc:  // a parcel may be a logistic unit
        case gs1: return Likelihood::open;
        case s9:
        case container:
        case gtin8:
        case gtin12:
        case gtin13:
        case gtin14:
        case inventory:
        case pre_entry:
        case entry:
        case bonded_list:
        case release_sheet:
        case awb:
        case uscc:
        case plate:
        case url:
        case data: break;
    }
    return Likelihood::something_else;
}

Likelihood likelihood_of(const reading::Code& code) {
    const auto may_be = number::identify(code.text, code.aim);
    if (may_be.empty() || may_be.front().check == number::Check::wrong) return Likelihood::open;
    return likelihood_of(may_be.front().kind);
}

std::string most_likely(const std::vector<reading::Code>& codes) {
    const auto best = std::max_element(
        codes.begin(), codes.end(), [](const auto& a, const auto& b) { return likelihood_of(a) < likelihood_of(b); });
    return best == codes.end() ? std::string() : best->text;
}

}  // namespace

Label read_label(const std::vector<reading::Code>& codes, const Register& known) {
    Label label;
    for (const auto& code : codes) {
        auto clearance = known.clearance(code.text);
        if (!clearance.known()) continue;
        if (!label.waybill.empty()) {
            label.two_known = true;
            break;
        }
        label.waybill = code.text;
        label.clearance = std::move(clearance);
    }
    if (label.waybill.empty()) label.waybill = most_likely(codes);
    for (const auto& code : codes)
        if (code.text != label.waybill) label.others.push_back(code.text);
    return label;
}

}  // namespace hefang::core
