#include "weight/line.hpp"

#include <algorithm>

namespace hefang::codec {

LineParser::Out LineParser::feed(std::string_view bytes) {
    Out out;
    for (const char c : bytes) {
        if (ends_.find(c) != std::string_view::npos) {
            end(out);
        } else if (skipping_) {
            continue;
        } else if (held_.size() == longest_line) {
            out.refused.push_back(WeightRefusal::too_long);
            held_.clear();
            skipping_ = true;
        } else {
            held_ += c;
        }
    }
    return out;
}

void LineParser::end(Out& out) {
    if (!held_.empty()) {
        const auto w = read_(held_);
        if (w) out.take(*w, held_);
        if (!w) out.refused.push_back(w.error());
    }
    drop();
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::optional<MassUnit> unit_named(std::string_view text) {
    const auto word = trimmed(text);
    if (word == "kg") return MassUnit::kilogram;
    if (word == "g") return MassUnit::gram;
    return word == "t" ? std::optional(MassUnit::tonne) : std::nullopt;
}

LineRead with_weight(Indication w, std::string_view text, std::optional<MassUnit> unit) {
    const auto refuse = [](WeightRefusal reason) { return tl::unexpected(reason); };
    const bool negative = text.find('-') != std::string_view::npos;
    auto digits = text.substr(std::min(text.find_first_not_of(' '), text.size()));
    if (!digits.empty() && (digits.front() == '+' || digits.front() == '-')) digits.remove_prefix(1);
    digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
    if (text.find_first_not_of(" +-.") == std::string_view::npos) return refuse(WeightRefusal::no_digits);
    const auto number = decimal(digits);
    if (!number) return refuse(WeightRefusal::bad_number);
    if (!unit) return refuse(WeightRefusal::other_unit);
    const auto grams = to_grams(negative ? -number->digits : number->digits, -number->decimals, *unit);
    const auto step = to_grams(1, -number->decimals, *unit);
    if (!grams || !step) return refuse(WeightRefusal::too_large);
    w.unit = *unit;
    w.grams = *grams;
    w.digit = std::max(*step, Grams{1});
    return w;
}

std::string number_text(Grams grams, int decimals, std::size_t places, char fill, char plus) {
    auto text = decimal_text(grams, decimals);
    if (text.size() > places - 1) text.erase(0, text.size() - (places - 1));
    if (fill == '0') {
        const char sign = grams.count < 0 ? '-' : plus;
        return sign + std::string(places - 1 - text.size(), '0') + text;
    }
    const std::string sign = grams.count < 0 ? "-" : "";
    return std::string(places - sign.size() - text.size(), ' ') + sign + text;
}

}  // namespace hefang::codec
