#include "weight/yaohua_eq.hpp"

#include <algorithm>
#include <cstdint>

namespace hefang::codec {
namespace {

constexpr char begin = '=';
constexpr std::size_t frame_length = 9;
constexpr std::size_t places = 7;

}  // namespace

std::string_view name(EqRefusal reason) {
    switch (reason) {
        case EqRefusal::noise: return "noise";
        case EqRefusal::bad_layout: return "bad-layout";
        case EqRefusal::bad_number: return "bad-number";
        case EqRefusal::too_large: return "too-large";
    }
    return "unknown";
}

EqParser::Out EqParser::feed(std::string_view bytes) {
    Out out;
    for (const char c : bytes) {
        if (c == begin) {
            if (!held_.empty()) finish(out);
            held_ = c;
            noise_ = false;
        } else if (held_.empty()) {
            if (!noise_) out.refused.push_back(EqRefusal::noise);
            noise_ = true;
        } else if (held_.size() == frame_length) {
            out.refused.push_back(EqRefusal::bad_layout);
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
    const auto refuse = [&](EqRefusal reason) { out.refused.push_back(reason); };
    if (held_.size() != frame_length) return refuse(EqRefusal::bad_layout);
    const bool forward = order_ == EqOrder::forward;
    const char sign = forward ? held_[1] : held_[frame_length - 1];
    if (sign != '0' && sign != '-') return refuse(EqRefusal::bad_layout);
    auto text = held_.substr(forward ? 2 : 1, places);
    if (!forward) std::reverse(text.begin(), text.end());
    const auto number = decimal(text);
    if (!number) return refuse(EqRefusal::bad_number);
    const auto grams = to_grams(sign == '-' ? -number->digits : number->digits, -number->decimals, unit_);
    const auto digit = to_grams(1, -number->decimals, unit_);
    if (!grams || !digit) return refuse(EqRefusal::too_large);
    out.weights.push_back({*grams, std::max(*digit, Grams{1})});
}

std::string encode_eq(Grams grams, int decimals, EqOrder order) {
    std::int64_t divisor = 1;
    for (int i = decimals; i < 3; ++i) divisor *= 10;
    auto text = std::to_string(abs(grams).count / divisor);
    if (decimals > 3) text += '0';
    text.insert(0, places - std::min(text.size(), places), '0');
    text = text.substr(text.size() - (decimals > 0 ? places - 1 : places));
    if (decimals > 0) text.insert(text.size() - static_cast<std::size_t>(decimals), 1, '.');
    const char sign = grams.count < 0 ? '-' : '0';
    if (order == EqOrder::forward) return std::string{begin, sign} + text;
    std::reverse(text.begin(), text.end());
    return begin + text + sign;
}

}  // namespace hefang::codec
