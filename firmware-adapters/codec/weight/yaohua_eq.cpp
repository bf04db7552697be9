#include "weight/yaohua_eq.hpp"

#include <algorithm>
#include <array>

namespace hefang::codec {
namespace {

using Sign = EqForm::Sign;

constexpr std::array table{
    EqForm{
        .name = "xk3190-eq-reversed",
        .begins = "=",
        .places = 7,
        .sign = Sign::last,
        .low_digit_first = true,
        .source = "manuals of the XK3190-A26 (format 1) and A23p (format 2), with printed frames: 3.000 is =000.3000",
        .unconfirmed = "the unit, and what is sent above capacity"},
    EqForm{.name = "xk3190-eq-forward",
           .begins = "=",
           .places = 7,
           .sign = Sign::first,
           .low_digit_first = false,
           .source = "manual of the XK3190-A26 (format 2), with printed frames: 3.000 is =0003.000",
           .unconfirmed = "the unit, and what is sent above capacity"},
    EqForm{.name = "xk315-eq",
           .begins = "=",
           .places = 6,
           .sign = Sign::last,
           .low_digit_first = true,
           .source = "manual of the XK315 and DS types: eight bytes, low digit first, the sign behind",
           .unconfirmed = "no frame is printed there: the point among the six, and '0' for plus"},
    EqForm{.name = "xk3190-c602",
           .begins = "GN",
           .places = 8,
           .sign = Sign::among_blanks,
           .low_digit_first = false,
           .source = "manual of the XK3190-C602: nine bytes, blanks for leading zeros, the point among them",
           .unconfirmed = "no frame is printed there: place of the sign, and what is sent above capacity"},
};

/// The number among blanks, a sign before it or not; clears `negative` or sets it.
std::string_view without_sign(std::string_view text, bool& negative) {
    text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
    negative = !text.empty() && text.front() == '-';
    if (negative) text.remove_prefix(1);
    return text.substr(std::min(text.find_first_not_of(' '), text.size()));
}

}  // namespace

std::span<const EqForm> eq_forms() { return table; }

const EqForm* eq_form(std::string_view name) {
    const auto at = std::find_if(table.begin(), table.end(), [&](const EqForm& row) { return row.name == name; });
    return at == table.end() ? nullptr : &*at;
}

EqParser::Out EqParser::feed(std::string_view bytes) {
    Out out;
    for (const char c : bytes) {
        if (form_->begins.find(c) != std::string_view::npos) {
            if (!held_.empty()) finish(out);
            held_ = c;
            noise_ = false;
        } else if (held_.empty()) {
            if (!noise_) out.refused.push_back(WeightRefusal::noise);
            noise_ = true;
        } else if (held_.size() == form_->length()) {
            out.refused.push_back(WeightRefusal::bad_layout);
            held_.clear();
            noise_ = true;  // told with the frame
        } else {
            held_ += c;
        }
    }
    return out;
}

/// The next frame has begun.
void EqParser::finish(Out& out) {
    const auto refuse = [&](WeightRefusal reason) { out.refused.push_back(reason); };
    if (held_.size() != form_->length()) return refuse(WeightRefusal::bad_layout);
    const std::string_view frame = held_;
    const bool own_sign = form_->sign != Sign::among_blanks;
    const char sign = form_->sign == Sign::first ? frame[1] : frame.back();
    if (own_sign && sign != '0' && sign != '-') return refuse(WeightRefusal::bad_layout);
    bool negative = sign == '-';
    std::string text(frame.substr(form_->sign == Sign::first ? 2 : 1, form_->places));
    if (form_->low_digit_first) std::reverse(text.begin(), text.end());
    const auto number = decimal(own_sign ? std::string_view(text) : without_sign(text, negative));
    if (!number) return refuse(WeightRefusal::bad_number);
    const auto grams = to_grams(negative ? -number->digits : number->digits, -number->decimals, unit_);
    const auto digit = to_grams(1, -number->decimals, unit_);
    if (!grams || !digit) return refuse(WeightRefusal::too_large);
    out.take({.grams = *grams, .digit = std::max(*digit, Grams{1}), .net = frame.front() == 'N', .unit = unit_}, frame);
}

std::string encode_eq(Grams grams, int decimals, const EqForm& form, bool net) {
    const bool own_sign = form.sign != Sign::among_blanks;
    auto text = std::string(!own_sign && grams.count < 0 ? "-" : "") + decimal_text(grams, decimals);
    text.insert(0, form.places - std::min(text.size(), form.places), own_sign ? '0' : ' ');
    text = text.substr(text.size() - form.places);
    const std::string begin(1, net && form.begins.size() > 1 ? form.begins[1] : form.begins[0]);
    const char sign = grams.count < 0 ? '-' : '0';
    if (form.sign == Sign::first) return begin + sign + text;
    if (form.low_digit_first) std::reverse(text.begin(), text.end());
    return own_sign ? begin + text + sign : begin + text;
}

}  // namespace hefang::codec
