#include "number/gs1.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace hefang::number {
namespace {

enum class Data : std::uint8_t { digits, text };

/// What begins with `prefix`: how long the identifier is, and how long its data may be.
struct Rule {
    std::string_view prefix;
    std::uint8_t ai_size;
    std::uint8_t fewest, most;
    Data data;
};

/// Source: GS1 General Specifications, figure "element strings with predefined length" and the list of application
/// identifiers; the first rule that fits counts. Confidence: standard for the rows with data of their own; the last
/// rows only know how long an identifier is, and that its data end with a separator.
constexpr std::array rules{
    Rule{"00", 2, 18, 18, Data::digits},   // SSCC
    Rule{"01", 2, 14, 14, Data::digits},   // GTIN
    Rule{"02", 2, 14, 14, Data::digits},   // GTIN of the contained goods
    Rule{"03", 2, 14, 14, Data::digits},   // GTIN made to order
    Rule{"04", 2, 16, 16, Data::digits},   // reserved, of predefined length
    Rule{"10", 2, 1, 20, Data::text},      // batch
    Rule{"11", 2, 6, 6, Data::digits},     // dates, YYMMDD; 14, 18 and 19 are reserved, of predefined length
    Rule{"12", 2, 6, 6, Data::digits},     //
    Rule{"13", 2, 6, 6, Data::digits},     //
    Rule{"14", 2, 6, 6, Data::digits},     //
    Rule{"15", 2, 6, 6, Data::digits},     //
    Rule{"16", 2, 6, 6, Data::digits},     //
    Rule{"17", 2, 6, 6, Data::digits},     // use by
    Rule{"18", 2, 6, 6, Data::digits},     //
    Rule{"19", 2, 6, 6, Data::digits},     //
    Rule{"20", 2, 2, 2, Data::digits},     // variant
    Rule{"21", 2, 1, 20, Data::text},      // serial
    Rule{"22", 2, 1, 20, Data::text},      // consumer product variant
    Rule{"235", 3, 1, 28, Data::text},     // third party's serial
    Rule{"30", 2, 1, 8, Data::digits},     // count of items
    Rule{"31", 4, 6, 6, Data::digits},     // measures
    Rule{"32", 4, 6, 6, Data::digits},     //
    Rule{"33", 4, 6, 6, Data::digits},     //
    Rule{"34", 4, 6, 6, Data::digits},     //
    Rule{"35", 4, 6, 6, Data::digits},     //
    Rule{"36", 4, 6, 6, Data::digits},     //
    Rule{"37", 2, 1, 8, Data::digits},     // count of contained items
    Rule{"400", 3, 1, 30, Data::text},     // customer's order
    Rule{"401", 3, 1, 30, Data::text},     // consignment (GINC)
    Rule{"402", 3, 17, 17, Data::digits},  // shipment (GSIN): fixed, and a separator must follow all the same
    Rule{"403", 3, 1, 30, Data::text},     // routing code
    Rule{"41", 3, 13, 13, Data::digits},   // locations
    Rule{"420", 3, 1, 20, Data::text},     // ship to, postal code
    Rule{"421", 3, 4, 12, Data::text},     // the same after a country's three digits
    Rule{"90", 2, 1, 30, Data::text},      // by agreement of two parties
    Rule{"9", 2, 1, 90, Data::text},       // internal
    Rule{"23", 3, 1, 90, Data::text},      //
    Rule{"24", 3, 1, 90, Data::text},      //
    Rule{"25", 3, 1, 90, Data::text},      //
    Rule{"39", 4, 1, 18, Data::digits},    // amounts
    Rule{"42", 3, 1, 90, Data::text},      //
    Rule{"43", 4, 1, 90, Data::text},      //
    Rule{"70", 4, 1, 90, Data::text},      //
    Rule{"71", 3, 1, 90, Data::text},      //
    Rule{"72", 4, 1, 90, Data::text},      //
    Rule{"80", 4, 1, 90, Data::text},      //
    Rule{"81", 4, 1, 90, Data::text},      //
    Rule{"82", 4, 1, 90, Data::text},      //
};

/// Identifiers whose data need no separator behind them, by their first two digits.
constexpr std::array<std::string_view, 22> predefined{"00", "01", "02", "03", "04", "11", "12", "13", "14", "15", "16",
                                                      "17", "18", "19", "20", "31", "32", "33", "34", "35", "36", "41"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// GS1 encodable character set 82.
bool is_gs1(char c) {
    constexpr std::string_view signs = "!\"%&'()*+,-./:;<=>?_";
    return is_digit(c) || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || signs.find(c) != std::string_view::npos;
}

/// Bytes of the separator that `text` begins with; 0: it begins with none.
std::size_t separator_at(std::string_view text) {
    if (!text.empty() && text.front() == gs1_separator) return 1;
    return text.starts_with(gs1_separator_sign) ? gs1_separator_sign.size() : 0;
}

std::string_view up_to_separator(std::string_view text) {
    return text.substr(0, std::min(text.find(gs1_separator), text.find(gs1_separator_sign)));
}

const Rule* rule_for(std::string_view text) {
    const auto at = std::find_if(rules.begin(), rules.end(), [&](const Rule& r) { return text.starts_with(r.prefix); });
    const bool whole = at != rules.end() && text.size() >= at->ai_size &&
                       std::all_of(text.begin(), text.begin() + at->ai_size, is_digit);
    return whole ? &*at : nullptr;
}

/// Takes one element and the separator behind it off the front of `rest`.
tl::expected<Element, Gs1Refusal> cut_element(std::string_view& rest) {
    const auto field = up_to_separator(rest);
    const auto* rule = rule_for(field);
    if (rule == nullptr) return tl::unexpected(Gs1Refusal::unknown_ai);
    const bool fixed = std::find(predefined.begin(), predefined.end(), field.substr(0, 2)) != predefined.end();
    const Element element{field.substr(0, rule->ai_size),
                          field.substr(rule->ai_size, fixed ? rule->most : std::string_view::npos)};
    if (element.value.size() < rule->fewest) return tl::unexpected(Gs1Refusal::too_short);
    if (element.value.size() > rule->most) return tl::unexpected(Gs1Refusal::too_long);
    const auto allowed = rule->data == Data::digits ? is_digit : is_gs1;
    if (!std::all_of(element.value.begin(), element.value.end(), allowed))
        return tl::unexpected(Gs1Refusal::bad_character);
    rest.remove_prefix(element.ai.size() + element.value.size());
    rest.remove_prefix(separator_at(rest));
    return element;
}

}  // namespace

std::string_view name(Gs1Refusal reason) {
    switch (reason) {
        case Gs1Refusal::empty: return "empty";
        case Gs1Refusal::unknown_ai: return "unknown-ai";
        case Gs1Refusal::too_short: return "too-short";
        case Gs1Refusal::too_long: return "too-long";
        case Gs1Refusal::bad_character: return "bad-character";
        case Gs1Refusal::too_many: return "too-many";
    }
    return "unknown";
}

tl::expected<std::vector<Element>, Gs1Refusal> parse_gs1(std::string_view text) {
    text.remove_prefix(separator_at(text));
    if (text.empty()) return tl::unexpected(Gs1Refusal::empty);
    std::vector<Element> out;
    while (!text.empty()) {
        if (out.size() >= most_elements) return tl::unexpected(Gs1Refusal::too_many);
        auto element = cut_element(text);
        if (!element) return tl::unexpected(element.error());
        out.push_back(*element);
    }
    return out;
}

std::optional<std::string_view> find(const std::vector<Element>& elements, std::string_view ai) {
    const auto at = std::find_if(elements.begin(), elements.end(), [&](const Element& e) { return e.ai == ai; });
    if (at == elements.end()) return std::nullopt;
    return at->value;
}

bool says_gs1(std::string_view aim) {
    constexpr std::array<std::string_view, 10> ids{"]C1", "]e0", "]e1", "]e2", "]d2",
                                                   "]d5", "]Q3", "]Q4", "]J1", "]z1"};
    return std::find(ids.begin(), ids.end(), aim) != ids.end();
}

}  // namespace hefang::number
