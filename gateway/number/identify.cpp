#include "number/identify.hpp"

#include "number/check_digit.hpp"
#include "number/gs1.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace hefang::number {
namespace {

constexpr std::string_view provinces = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼";
constexpr std::string_view plate_ends = "挂学警港澳";
constexpr std::size_t ideogram = 3;  // bytes in UTF-8

/// One shape of a kind. In `pattern` capitals, digits and '-' stand for themselves, the rest as in fits().
struct Shape {
    Kind kind;
    std::string_view pattern;
    bool (*check)(std::string_view) = nullptr;  ///< null: the kind has no check digit
    bool sure = false;
    std::size_t number_at = 0;
};

/// Sources and confidence stand in the rows of kind.cpp. Reserved service indicators of S10 (J K S T W …) are shapes of
/// it all the same. The 18 digits of YTO ("88…") and carriers' numbers of digits alone are no rows: their published
/// lengths contradict each other.
constexpr std::array shapes{
    Shape{Kind::s10, "aa#########aa", s10_check, true},
    Shape{Kind::s9, "aaaaaaaaaaaaann##############", nullptr, true},
    Shape{Kind::container, "aaau#######", iso6346_check, true},
    Shape{Kind::sscc, "00##################", gs1_check, false, 2},
    Shape{Kind::inventory, "########f#########", nullptr, true},
    Shape{Kind::inventory, "########E##########", nullptr, true},
    Shape{Kind::inventory, "########E###########", nullptr, true},
    Shape{Kind::pre_entry, "b20###############", nullptr, true},
    Shape{Kind::bonded_list, "QD######f#########", nullptr, true},
    Shape{Kind::release_sheet, "Z####f######s###########", nullptr, true},
    Shape{Kind::awb, "###-########", awb_check, true},
    Shape{Kind::plate, "pallllt", nullptr, true},   // 7 characters
    Shape{Kind::plate, "paal####", nullptr, true},  // 8: new energy, small
    Shape{Kind::plate, "pa#####d", nullptr, true},  // 8: new energy, large
    Shape{Kind::carrier_waybill, "SF#############", nullptr, true},
    Shape{Kind::carrier_waybill, "JD#############", nullptr, true},
    Shape{Kind::carrier_waybill, "YT#############", nullptr, true},
    Shape{Kind::sscc, "##################", gs1_check},
    Shape{Kind::entry, "####20##z#########", nullptr},
    Shape{Kind::uscc, "xxxxxxxxxxxxxxxxxx", uscc_check},
    Shape{Kind::gtin14, "##############", gs1_check},
    Shape{Kind::gtin13, "#############", gs1_check},
    Shape{Kind::gtin12, "############", gs1_check},
    Shape{Kind::gtin8, "########", gs1_check},
    Shape{Kind::awb, "###########", awb_check},
};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
bool on_plate(char c) { return is_digit(c) || (is_letter(c) && c != 'I' && c != 'O'); }
bool one_of(std::string_view list, std::string_view what) { return list.find(what) != std::string_view::npos; }

bool fits(char sign, char c) {
    switch (sign) {
        case '#': return is_digit(c);
        case 'a': return is_letter(c);
        case 'n': return is_letter(c) || is_digit(c);
        case 'u': return one_of("UJZ", {&c, 1});
        case 'f': return one_of("IE", {&c, 1});
        case 'b': return one_of("BTP", {&c, 1});
        case 'd': return one_of("DF", {&c, 1});
        case 'z': return one_of("01", {&c, 1});
        case 's': return is_digit(c) || c == 'T';
        case 'x': return one_of(uscc_alphabet, {&c, 1});
        case 'l':
        case 't': return on_plate(c);
        default: return sign == c;
    }
}

/// How many bytes of `rest` the sign takes; 0: it does not fit.
std::size_t taken(char sign, std::string_view rest) {
    if (rest.empty()) return 0;
    const auto first = rest.substr(0, ideogram);
    if (sign == 'p') return first.size() == ideogram && one_of(provinces, first) ? ideogram : 0;
    if (sign == 't' && first.size() == ideogram && one_of(plate_ends, first)) return ideogram;
    return fits(sign, rest.front()) ? 1 : 0;
}

bool matches(std::string_view pattern, std::string_view text) {
    for (const char sign : pattern) {
        const auto n = taken(sign, text);
        if (n == 0) return false;
        text.remove_prefix(n);
    }
    return text.empty();
}

/// The symbology of an AIM identifier; 0: not known.
char symbology_of(std::string_view aim) {
    const bool says = aim.size() == 3 && aim[0] == ']' && aim[1] != 'X' && aim[1] != 'Z';
    return says ? aim[1] : '\0';
}

/// Can a symbol of that kind hold this number alone?
bool goes_with(Kind kind, char symbology) {
    if (symbology == '\0') return true;
    if (kind == Kind::gtin14) return symbology == 'I';  // the outer case's ITF-14
    const bool retail = kind == Kind::gtin8 || kind == Kind::gtin12 || kind == Kind::gtin13;
    return retail == (symbology == 'E');
}

Identity checked(const Shape& shape, std::string_view text, bool sure) {
    const auto number = text.substr(shape.number_at);
    if (shape.check == nullptr) return {shape.kind, Check::none, sure, number};
    return {shape.kind, shape.check(number) ? Check::right : Check::wrong, sure, number};
}

/// The logistic unit or the goods that a GS1 string names; empty when the text is none.
std::vector<Identity> inside_gs1(std::string_view text, std::string_view aim) {
    const bool separated = one_of(text, {&gs1_separator, 1}) || one_of(text, gs1_separator_sign);
    if (!says_gs1(aim) && !separated) return {};
    const auto elements = parse_gs1(text);
    if (!elements) return {};
    std::vector<Identity> out;
    const auto add = [&](Kind kind, std::string_view ai) {
        if (const auto number = find(*elements, ai))
            out.push_back({kind, gs1_check(*number) ? Check::right : Check::wrong, true, *number});
    };
    add(Kind::sscc, "00");
    add(Kind::gtin14, "01");
    if (out.empty() || out.back().kind != Kind::gtin14) add(Kind::gtin14, "02");
    if (out.empty()) out.push_back({Kind::gs1, Check::none, true, text});
    return out;
}

/// scheme "://"
bool is_url(std::string_view text) {
    const auto colon = text.find(':');
    if (colon == std::string_view::npos || colon == 0 || !text.substr(colon).starts_with("://")) return false;
    return std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon), [](char c) {
        return is_digit(c) || is_letter(c) || (c >= 'a' && c <= 'z') || one_of("+-.", {&c, 1});
    });
}

/// Words, or fields of something: what no number is written with.
bool is_data(std::string_view text) {
    constexpr std::string_view signs = " {}[]<>\"'=,;:?&%|\\";
    return std::any_of(text.begin(), text.end(), [&](char c) {
        return static_cast<unsigned char>(c) >= 0x80 || signs.find(c) != std::string_view::npos;
    });
}

int order(const Identity& i) { return (i.check == Check::wrong ? 2 : 0) + (i.sure ? 0 : 1); }

}  // namespace

std::vector<Identity> identify(std::string_view text, std::string_view aim) {
    auto out = inside_gs1(text, aim);
    const char symbology = symbology_of(aim);
    if (aim == "]E3") text = text.substr(0, 13);  // an EAN-13 and its add-on
    if (out.empty())
        for (const auto& shape : shapes)
            if (goes_with(shape.kind, symbology) && matches(shape.pattern, text))
                out.push_back(checked(shape, text, shape.sure || symbology == 'E'));
    if (out.empty() && is_url(text)) out.push_back({Kind::url, Check::none, true, text});
    if (out.empty() && is_data(text)) out.push_back({Kind::data, Check::none, true, text});
    std::stable_sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return order(a) < order(b); });
    return out;
}

std::string doubt_of(std::string_view text) {
    const auto all = identify(text);
    if (all.empty() || all.front().check != Check::wrong || !all.front().sure) return {};
    const auto kind = all.front().kind;
    const std::string article = kind == Kind::awb || kind == Kind::sscc ? "an " : "a ";
    return "it looks like " + article + std::string(row_of(kind).name) + ", but its check digit is wrong";
}

}  // namespace hefang::number
