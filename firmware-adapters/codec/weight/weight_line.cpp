#include "weight/weight_line.hpp"

#include "weight/yaohua.hpp"

#include <algorithm>
#include <cstdint>

namespace hefang::codec {
namespace {

tl::unexpected<WeightRefusal> refuse(WeightRefusal reason) { return tl::unexpected(reason); }

bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z'); }
bool printable(char c) { return c >= ' ' && c < '\x7F'; }

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
        case 'X':
        case 'U': return true;  // read later, each with a reason of its own
        case 'B': return c == ' ' || c == ']';
        case 'M': return c == 'M' || c == ' ';
        case 'I': return printable(c) && c != ' ';
        case '?': return printable(c);
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

/// As word_of, where the words are as wide as their field or stand in it among blanks.
template <class Word>
const Word* word_in(std::span<const Word> words, std::string_view field_text) {
    const auto* as_it_stands = word_of(words, field_text);
    return as_it_stands != nullptr ? as_it_stands : word_of(words, trimmed(field_text));
}

std::string_view without_sign(std::string_view text) {
    text = trimmed(text);
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) text.remove_prefix(1);
    return trimmed(text);
}

/// Both say that it rests, and that the display is of now; of two that contradict each other the one that says motion.
Rest with_lamps(Rest rest, std::string_view lamps) {
    if (lamps.empty() || rest != Rest::stable) return rest;
    const auto lit = static_cast<unsigned char>(lamps.front());
    return (lit & lamp_stable) != 0 && (lit & lamp_hold) == 0 ? rest : Rest::motion;
}

bool has_weight(Rest rest) { return rest == Rest::stable || rest == Rest::motion; }

/// The number without what a loose layout may have behind and around its digits. An open bracket stays, and is refused.
std::string tight(std::string_view text) {
    std::string out(text.substr(0, text.find_last_not_of(' ') + 1));
    if (out.size() > 2 && out.back() == ']' && out[out.size() - 3] == '[') {
        out.pop_back();
        out.erase(out.size() - 2, 1);
    }
    if (out.size() > 1 && out.back() == '.' && digit(out[out.size() - 2])) out.pop_back();
    return out;
}

LineRead read_fields(std::string_view line, const LineLayout& layout) {
    const auto in = [&](char letter) { return field(line, layout.form, letter); };
    if (!in('X').empty() && in('X') != xor_text(line.substr(0, layout.form.find('X'))))
        return refuse(WeightRefusal::bad_checksum);
    Indication w;
    if (!in('H').empty()) {
        const auto* rest = word_in(layout.rest, in('H'));
        if (rest == nullptr) return refuse(WeightRefusal::other_status);
        w.rest = with_lamps(rest->rest, in('L'));
    }
    if (in('M') == "M" && w.rest == Rest::stable) w.rest = Rest::motion;
    if (!in('K').empty()) {
        const auto* kind = word_in(layout.kind, in('K'));
        if (kind == nullptr) return refuse(WeightRefusal::other_kind);
        w.net = kind->net;
    }
    if (const auto* said = word_of(layout.instead, without_sign(in('D')))) w.rest = said->rest;
    if (!has_weight(w.rest)) return w;
    const auto digits = std::string(in('D')) + std::string(in('B'));
    const auto number = layout.loose_number ? tight(digits) : digits;
    if (!layout.instead.empty() && std::any_of(number.begin(), number.end(), letter))
        return refuse(WeightRefusal::other_status);
    auto unit_text = trimmed(in('U'));
    if (unit_text.empty() && layout.no_unit_is_motion) {
        w.rest = Rest::motion;
        unit_text = trimmed(layout.kilogram);
    }
    const auto* unit = word_of(layout.units.empty() ? usual_units() : layout.units, unit_text);
    return with_weight(w, number, unit != nullptr ? std::optional(unit->unit) : std::nullopt);
}

}  // namespace

bool take_address(std::string_view& line, int address) {
    if (line.size() < 2 || !digit(line[0]) || !digit(line[1])) return false;
    if (address != (line[0] - '0') * 10 + (line[1] - '0')) return false;
    line.remove_prefix(2);
    return true;
}

LineRead read_line(std::string_view line, const LineLayout& layout, std::optional<int> address) {
    if (layout.addressed) {
        const bool one_stands = line.size() == layout.form.size() + 2 && digit(line[0]) && digit(line[1]);
        const bool one_lacks = address && line.size() == layout.form.size();
        if (one_lacks || (one_stands && !(address && take_address(line, *address))))
            return refuse(WeightRefusal::other_address);
    }
    if (const auto* said = word_of(layout.answers, trimmed(line))) return refuse(said->refusal);
    if (const auto* said = word_of(layout.whole, line)) return Indication{.rest = said->rest};
    return laid_out(line, layout.form) ? read_fields(line, layout) : refuse(WeightRefusal::bad_layout);
}

LineParser line_parser(const LineLayout& layout, std::optional<int> address) {
    return LineParser([&layout, address](std::string_view line) { return read_line(line, layout, address); },
                      std::string(layout.lead) + std::string(layout.tail));
}

namespace {

template <class Words, class Wanted>
std::string_view text_of(const Words& words, const Wanted& wanted) {
    const auto at = std::find_if(words.begin(), words.end(), wanted);
    return at == words.end() ? std::string_view{} : at->text;
}

std::string_view text_of_rest(std::span<const RestWord> words, Rest rest) {
    return text_of(words, [&](const RestWord& w) { return w.rest == rest; });
}

char lamp_byte(const Indication& w) {
    return static_cast<char>(lamp_always | (w.rest == Rest::stable ? lamp_stable : 0U) | (w.net ? 2U : 4U));
}

}  // namespace

std::string encode_line(const Indication& weight, const LineLayout& layout, int decimals, std::optional<int> address) {
    const auto sent = [&](const std::string& line) {
        auto out = std::string(layout.lead);
        if (address) out += {static_cast<char>('0' + *address / 10), static_cast<char>('0' + *address % 10)};
        return out + line + std::string(layout.tail);
    };
    if (const auto whole = text_of_rest(layout.whole, weight.rest); !whole.empty()) return sent(std::string(whole));
    const auto& form = layout.form;
    std::string line(form);
    std::replace(line.begin(), line.end(), '?', ' ');
    const auto put = [&](char letter, std::string_view text) {
        const auto width = field(form, form, letter).size();
        if (width == 0) return;
        const auto at = form.find(letter);
        line.replace(at, width, width, ' ');
        line.replace(at, text.size(), text);
    };
    const bool motion = weight.rest == Rest::motion;
    const auto places = field(form, form, 'D').size();
    auto digits = has_weight(weight.rest) ? number_text(weight.grams, decimals, places, layout.fill, layout.plus)
                                          : std::string(places, ' ');
    if (const auto said = text_of_rest(layout.instead, weight.rest); !said.empty())
        digits.replace(places - said.size(), said.size(), said);
    auto rest = text_of_rest(layout.rest, weight.rest);
    if (rest.empty()) rest = text_of_rest(layout.rest, Rest::stable);
    put('B', {});
    put('H', rest);
    put('M', motion ? "M" : " ");
    put('K', text_of(layout.kind, [&](const KindWord& w) { return w.net == weight.net; }));
    put('D', digits);
    const bool no_unit = layout.no_unit_is_motion && weight.rest != Rest::stable;
    put('U', no_unit ? std::string(layout.kilogram.size(), ' ') : std::string(layout.kilogram));
    put('I', "1");
    put('L', std::string(1, lamp_byte(weight)));
    if (const auto at = form.find('X'); at != std::string_view::npos) put('X', xor_text(line.substr(0, at)));
    return sent(line);
}

}  // namespace hefang::codec
