#include "weight/dini.hpp"

#include "weight/weight_line.hpp"

#include <algorithm>
#include <array>

namespace hefang::codec {
namespace {

constexpr std::string_view record_mark = "PID";
constexpr std::size_t extended_places = 8;
constexpr std::size_t record_places = 10;
constexpr std::size_t rewrite_digits = 5;  // XXXXX-YYYYYY
constexpr std::size_t number_digits = 6;

tl::unexpected<WeightRefusal> refuse(WeightRefusal reason) { return tl::unexpected(reason); }

/// The field up to the next comma, taken off with it.
std::string_view next_field(std::string_view& line) {
    const auto field = line.substr(0, line.find(','));
    line.remove_prefix(std::min(line.size(), field.size() + 1));
    return field;
}

std::optional<Rest> rest_named(std::string_view word) {
    if (word == "ST") return Rest::stable;
    if (word == "US") return Rest::motion;
    if (word == "OL") return Rest::over;
    return word == "UL" ? std::optional(Rest::under) : std::nullopt;
}

std::string_view word_of(Rest rest) {
    switch (rest) {
        case Rest::stable: return "ST";
        case Rest::over: return "OL";
        case Rest::under: return "UL";
        case Rest::motion:
        case Rest::not_zeroed: break;
    }
    return "US";
}

bool digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

/// "00000-000158"
bool record_number(std::string_view id) {
    return id.size() == rewrite_digits + 1 + number_digits && id[rewrite_digits] == '-' &&
           digits(id.substr(0, rewrite_digits)) && digits(id.substr(rewrite_digits + 1));
}

/// "   2.8kg": the digits up to the last one, and the unit behind them.
LineRead weight_with_unit(Indication w, std::string_view text) {
    const auto end = text.find_last_of("0123456789");
    if (end == std::string_view::npos) return refuse(WeightRefusal::no_digits);
    return with_weight(w, text.substr(0, end + 1), unit_named(text.substr(end + 1)));
}

/// Notes the tare of `text`: "PT" or two blanks, then its weight in `unit`, with the unit behind it or without.
bool note_tare(Indication& w, std::string_view text, MassUnit unit) {
    const bool preset = text.substr(0, 2) == "PT";
    if (!preset && text.substr(0, 2) != "  ") return false;
    const auto number = trimmed(text.substr(2));
    const auto end = number.find_last_of("0123456789") + 1;
    const auto unit_text = trimmed(number.substr(end));
    const auto tare_unit = unit_text.empty() ? std::optional(unit) : unit_named(unit_text);
    const auto tare = with_weight({}, number.substr(0, end), tare_unit);
    if (!tare) return false;
    w.tare = tare->grams;
    w.preset = preset && tare->grams != Grams{};
    return true;
}

bool has_weight(Rest rest) { return rest == Rest::stable || rest == Rest::motion; }

}  // namespace

LineRead read_dini_extended(std::string_view line, std::optional<int> address) {
    if (address && !take_address(line, *address)) return refuse(WeightRefusal::other_address);
    if (const auto* layout = line_layout("dini-continuous"))
        for (const auto& said : layout->answers)
            if (said.text == line) return refuse(said.refusal);
    if (std::count(line.begin(), line.end(), ',') < 4) return refuse(WeightRefusal::bad_layout);
    const auto head = next_field(line);
    const auto weight = next_field(line);
    const auto tare = next_field(line);
    const auto pieces = next_field(line);
    const auto unit = unit_named(next_field(line));
    if (head.size() != 3 || !digits(head.substr(0, 1)) || !digits(trimmed(pieces)))
        return refuse(address || head.size() != 5 ? WeightRefusal::bad_layout : WeightRefusal::other_address);
    const auto rest = rest_named(head.substr(1));
    if (!rest) return refuse(WeightRefusal::other_status);
    Indication w;
    w.rest = *rest;
    if (!unit) return refuse(WeightRefusal::other_unit);
    w.unit = *unit;
    if (!note_tare(w, tare, *unit)) return refuse(WeightRefusal::bad_layout);
    w.net = w.tare != Grams{};
    return has_weight(w.rest) ? with_weight(w, weight, unit) : w;
}

LineRead read_dini_record(std::string_view line, std::optional<int> address) {
    if (address && !take_address(line, *address)) return refuse(WeightRefusal::other_address);
    if (line.substr(0, record_mark.size()) != record_mark || std::count(line.begin(), line.end(), ',') != 4)
        return refuse(WeightRefusal::bad_layout);
    line.remove_prefix(record_mark.size());
    const auto word = next_field(line);
    const auto scale = next_field(line);
    const auto gross = next_field(line);
    const auto tare = next_field(line);
    const auto number = trimmed(line);
    if (!digits(scale) || (number != not_kept && !record_number(number))) return refuse(WeightRefusal::bad_layout);
    Indication w;
    w.alibi = number;
    const auto rest = word == "TL" ? std::optional(Rest::motion) : rest_named(word);  // TL: the scale's own error
    if (!rest) return refuse(WeightRefusal::other_status);
    w.rest = *rest;
    if (has_weight(w.rest)) {
        const auto weighed = weight_with_unit(w, gross);
        if (!weighed) return weighed;
        w = *weighed;
        if (!note_tare(w, tare, w.unit)) return refuse(WeightRefusal::bad_layout);
    }
    return w;
}

namespace {

std::string tare_text(const Indication& weight, int decimals, std::size_t places) {
    return (weight.preset ? "PT" : "  ") + number_text(weight.tare.value_or(Grams{}), decimals, places);
}

}  // namespace

std::string encode_dini_extended(const Indication& weight, int decimals) {
    const auto shown = has_weight(weight.rest) ? number_text(weight.grams, decimals, extended_places)
                                               : std::string(extended_places, ' ');
    return "1" + std::string(word_of(weight.rest)) + "," + shown + "," + tare_text(weight, decimals, extended_places) +
           ",         0,kg\r\n";
}

std::string encode_dini_record(const Indication& weight, int decimals) {
    const auto shown = number_text(has_weight(weight.rest) ? weight.grams : Grams{}, decimals, record_places);
    return std::string(record_mark) + std::string(word_of(weight.rest)) + ",1," + shown + "kg," +
           tare_text(weight, decimals, record_places) + "kg," + weight.alibi + "\r\n";
}

}  // namespace hefang::codec
