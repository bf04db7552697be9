#include "weight/weight_line.hpp"

#include <algorithm>
#include <cstdint>

#include <tl/expected.hpp>

namespace hefang::codec {
namespace {

using Read = tl::expected<LineWeight, LineRefusal>;
tl::unexpected<LineRefusal> refuse(LineRefusal reason) { return tl::unexpected(reason); }

bool digit(char c) { return c >= '0' && c <= '9'; }

// The lamp byte of CAS: what the indicator's lamps show, in binary.
constexpr unsigned lamp_always = 0x80;
constexpr unsigned lamp_stable = 0x40;
constexpr unsigned lamp_hold = 0x10;  // the display is a kept value, not what lies on the scale now

/// The bytes of `line` that stand where `form` has `letter`.
std::string_view field(std::string_view line, std::string_view form, char letter) {
    const auto at = form.find(letter);
    return at == std::string_view::npos ? std::string_view{} : line.substr(at, form.rfind(letter) - at + 1);
}

bool fits(char c, char place) {
    switch (place) {
        case 'H':
        case 'K':
        case 'D':
        case 'U': return true;  // read later, each with a reason of its own
        case 'I': return c > ' ' && c < '\x7F';
        case 'L': return (static_cast<unsigned char>(c) & lamp_always) != 0;
        default: return c == place;
    }
}

bool laid_out(std::string_view line, std::string_view form) {
    return std::equal(line.begin(), line.end(), form.begin(), form.end(), fits);
}

template <class Word>
const Word* word_of(std::span<const Word> words, std::string_view text) {
    const auto at = std::find_if(words.begin(), words.end(), [&](const Word& word) { return word.text == text; });
    return at == words.end() ? nullptr : &*at;
}

std::string_view without_blanks(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    return first == std::string_view::npos ? std::string_view{}
                                           : text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::optional<MassUnit> unit_of(std::string_view text) {
    const auto word = without_blanks(text);
    if (word == "kg") return MassUnit::kilogram;
    if (word == "g") return MassUnit::gram;
    return word == "t" ? std::optional(MassUnit::tonne) : std::nullopt;
}

/// Both say that it rests, and that the display is of now; of two that contradict each other the one that says motion.
Rest with_lamps(Rest rest, std::string_view lamps) {
    if (lamps.empty() || rest != Rest::stable) return rest;
    const auto lit = static_cast<unsigned char>(lamps.front());
    return (lit & lamp_stable) != 0 && (lit & lamp_hold) == 0 ? rest : Rest::motion;
}

/// Weight and digit of `w` from the field of the weight: blanks, a sign, blanks, digits with at most one point.
Read weighed(LineWeight w, std::string_view text, std::string_view unit_text) {
    const bool negative = text.find('-') != std::string_view::npos;
    auto digits = text.substr(std::min(text.find_first_not_of(' '), text.size()));
    if (!digits.empty() && (digits.front() == '+' || digits.front() == '-')) digits.remove_prefix(1);
    digits.remove_prefix(std::min(digits.find_first_not_of(' '), digits.size()));
    if (text.find_first_not_of(" +-.") == std::string_view::npos) return refuse(LineRefusal::no_digits);
    const auto number = decimal(digits);
    if (!number) return refuse(LineRefusal::bad_number);
    const auto unit = unit_of(unit_text);
    if (!unit) return refuse(LineRefusal::other_unit);
    const auto grams = to_grams(negative ? -number->digits : number->digits, -number->decimals, *unit);
    const auto step = to_grams(1, -number->decimals, *unit);
    if (!grams || !step) return refuse(LineRefusal::too_large);
    w.grams = *grams;
    w.digit = std::max(*step, Grams{1});
    return w;
}

Read read(std::string_view line, const LineLayout& layout) {
    const auto in = [&](char letter) { return field(line, layout.form, letter); };
    if (!laid_out(line, layout.form)) return refuse(LineRefusal::bad_layout);
    LineWeight w;
    const auto* rest = word_of(layout.rest, in('H'));
    if (rest == nullptr) return refuse(LineRefusal::other_status);
    w.rest = with_lamps(rest->rest, in('L'));
    if (!layout.kind.empty()) {
        const auto* kind = word_of(layout.kind, in('K'));
        if (kind == nullptr) return refuse(LineRefusal::other_kind);
        w.net = kind->net;
    }
    if (w.rest == Rest::over || w.rest == Rest::under) return w;
    return weighed(w, in('D'), in('U'));
}

/// Takes the address off the front of `line`, if there is one and it is ours.
bool ours(std::string_view& line, const LineLayout& layout, const std::optional<int>& address) {
    if (!layout.addressed) return true;
    const bool has_one = line.size() == layout.form.size() + 2 && digit(line[0]) && digit(line[1]);
    if (!has_one) return !address.has_value() || line.size() != layout.form.size();
    if (address != (line[0] - '0') * 10 + (line[1] - '0')) return false;
    line.remove_prefix(2);
    return true;
}

}  // namespace

std::string_view name(LineRefusal reason) {
    switch (reason) {
        case LineRefusal::too_long: return "too-long";
        case LineRefusal::bad_layout: return "bad-layout";
        case LineRefusal::other_address: return "other-address";
        case LineRefusal::other_status: return "other-status";
        case LineRefusal::other_kind: return "other-kind";
        case LineRefusal::no_digits: return "no-digits";
        case LineRefusal::bad_number: return "bad-number";
        case LineRefusal::other_unit: return "other-unit";
        case LineRefusal::too_large: return "too-large";
    }
    return "unknown";
}

LineParser::Out LineParser::feed(std::string_view bytes) {
    Out out;
    for (const char c : bytes) {
        if (c == '\r' || c == '\n') {
            end(out);
        } else if (skipping_) {
            continue;
        } else if (held_.size() == longest_line) {
            out.refused.push_back(LineRefusal::too_long);
            held_.clear();
            skipping_ = true;
        } else {
            held_ += c;
        }
    }
    return out;
}

/// CR and LF are an end each: what lies between the two is no line.
void LineParser::end(Out& out) {
    std::string_view line = held_;
    if (!line.empty()) {
        const auto w = ours(line, *layout_, address_) ? read(line, *layout_) : refuse(LineRefusal::other_address);
        if (w) out.weights.push_back(*w);
        if (!w) out.refused.push_back(w.error());
    }
    drop();
}

namespace {

/// `places` bytes: sign and zeros, or blanks and the sign before the digits.
std::string number_text(Grams grams, int decimals, std::size_t places, char fill) {
    std::int64_t divisor = 1;
    for (int i = decimals; i < 3; ++i) divisor *= 10;
    auto text = std::to_string(abs(grams).count / divisor);
    text += std::string(static_cast<std::size_t>(std::max(decimals - 3, 0)), '0');
    const auto behind = static_cast<std::size_t>(decimals);
    if (text.size() <= behind) text.insert(0, behind + 1 - text.size(), '0');
    if (decimals > 0) text.insert(text.size() - behind, 1, '.');
    if (text.size() > places - 1) text.erase(0, text.size() - (places - 1));  // as a display that is too short
    if (fill == '0') return (grams.count < 0 ? "-" : "+") + std::string(places - 1 - text.size(), '0') + text;
    if (grams.count < 0) text.insert(0, "-");
    return std::string(places - text.size(), ' ') + text;
}

template <class Words, class Wanted>
std::string_view text_of(const Words& words, const Wanted& wanted) {
    const auto at = std::find_if(words.begin(), words.end(), wanted);
    return at == words.end() ? std::string_view{} : at->text;
}

char lamp_byte(const LineWeight& w) {
    return static_cast<char>(lamp_always | (w.rest == Rest::stable ? lamp_stable : 0U) | (w.net ? 2U : 4U));
}

}  // namespace

std::string encode_line(const LineWeight& weight, const LineLayout& layout, int decimals, std::optional<int> address) {
    std::string line(layout.form);
    const auto put = [&](char letter, std::string_view text) {
        const auto at = layout.form.find(letter);
        if (at != std::string_view::npos && !text.empty()) line.replace(at, text.size(), text);
    };
    const auto places = field(layout.form, layout.form, 'D').size();
    const bool shown = weight.rest == Rest::stable || weight.rest == Rest::motion;
    put('H', text_of(layout.rest, [&](const RestWord& w) { return w.rest == weight.rest; }));
    put('K', text_of(layout.kind, [&](const KindWord& w) { return w.net == weight.net; }));
    put('D', shown ? number_text(weight.grams, decimals, places, layout.fill) : std::string(places, ' '));
    put('U', field(layout.form, layout.form, 'U').size() == 3 ? " kg" : "kg");
    put('I', "1");
    put('L', std::string(1, lamp_byte(weight)));
    if (address) line.insert(0, {static_cast<char>('0' + *address / 10), static_cast<char>('0' + *address % 10)});
    return line + "\r\n";
}

}  // namespace hefang::codec
