#include "xray/vocabulary.hpp"

#include <algorithm>
#include <charconv>

namespace hefang::driver {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool same(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

bool among(std::string_view word, const std::vector<std::string>& words) {
    return std::any_of(words.begin(), words.end(), [&](const std::string& w) { return same(word, w); });
}

}  // namespace

std::optional<reading::Screening> screening_of(std::string_view word, const ScreeningWords& words) {
    using reading::Screening;
    std::optional<Screening> found;
    const auto look = [&](const std::vector<std::string>& list, Screening means) {
        if (!among(word, list)) return true;
        if (found) return false;
        found = means;
        return true;
    };
    const bool single = look(words.clear, Screening::clear) && look(words.suspect, Screening::suspect) &&
                        look(words.no_decision, Screening::no_decision) && look(words.fault, Screening::fault);
    return single ? found : std::nullopt;
}

std::optional<bool> yes_or_no(std::string_view word) {
    for (const auto* yes : {"1", "true", "yes", "y"})
        if (same(word, yes)) return true;
    for (const auto* no : {"0", "false", "no", "n"})
        if (same(word, no)) return false;
    return std::nullopt;
}

std::optional<std::uint16_t> sequence_of(std::string_view digits) {
    std::uint16_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value == 0) return std::nullopt;
    return value;
}

}  // namespace hefang::driver
