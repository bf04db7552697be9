#include "weight/mass.hpp"

#include <algorithm>

namespace hefang::codec {
namespace {

constexpr std::int64_t largest = 1'000'000'000'000;

int exponent_of(MassUnit unit) {
    switch (unit) {
        case MassUnit::gram: return 0;
        case MassUnit::kilogram: return 3;
        case MassUnit::tonne: return 6;
    }
    return 0;
}

}  // namespace

std::optional<Grams> to_grams(std::int64_t digits, int exponent, MassUnit unit) {
    if (exponent < -9 || exponent > 9 || digits > largest || digits < -largest) return std::nullopt;
    int power = exponent + exponent_of(unit);
    for (; power > 0; --power) {
        digits *= 10;
        if (digits > largest || digits < -largest) return std::nullopt;
    }
    std::int64_t divisor = 1;
    for (; power < 0; ++power) divisor *= 10;
    const std::int64_t half = digits < 0 ? -(divisor / 2) : divisor / 2;
    return Grams{(digits + half) / divisor};
}

std::optional<Decimal> decimal(std::string_view text) {
    if (text.empty() || text.size() > most_places + 1 || text.front() == '.' || text.back() == '.') return std::nullopt;
    Decimal value;
    bool point = false;
    for (const char c : text) {
        if (c == '.' && !point) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9') return std::nullopt;
        value.digits = value.digits * 10 + (c - '0');
        if (point) ++value.decimals;
    }
    if (!point && text.size() > most_places) return std::nullopt;
    return value;
}

std::string decimal_text(Grams grams, int decimals) {
    std::int64_t divisor = 1;
    for (int i = decimals; i < 3; ++i) divisor *= 10;
    auto text = std::to_string(abs(grams).count / divisor);
    text += std::string(static_cast<std::size_t>(std::max(decimals - 3, 0)), '0');
    const auto behind = static_cast<std::size_t>(decimals);
    if (text.size() <= behind) text.insert(0, behind + 1 - text.size(), '0');
    if (decimals > 0) text.insert(text.size() - behind, 1, '.');
    return text;
}

}  // namespace hefang::codec
