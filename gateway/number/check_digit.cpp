#include "number/check_digit.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace hefang::number {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'A' && c <= 'Z'; }
int value(char digit) { return digit - '0'; }

bool all_digits(std::string_view text) { return std::all_of(text.begin(), text.end(), is_digit); }
bool all_letters(std::string_view text) { return std::all_of(text.begin(), text.end(), is_letter); }

/// A is 10; 11, 22 and 33, multiples of the modulus, are left out.
int iso6346_value(char c) {
    if (is_digit(c)) return value(c);
    const int n = c - 'A' + 10;
    return n + (n >= 11 ? 1 : 0) + (n >= 21 ? 1 : 0) + (n >= 31 ? 1 : 0);
}

}  // namespace

bool gs1_check(std::string_view text) {
    if (text.size() < 2 || !all_digits(text)) return false;
    int sum = 0;
    for (std::size_t i = 1; i <= text.size(); ++i) sum += value(text[text.size() - i]) * (i % 2 == 0 ? 3 : 1);
    return sum % 10 == 0;
}

bool s10_check(std::string_view text) {
    constexpr std::array weights{8, 6, 4, 2, 3, 5, 9, 7};
    if (text.size() != 13 || !all_letters(text.substr(0, 2)) || !all_letters(text.substr(11))) return false;
    const auto digits = text.substr(2, 9);
    if (!all_digits(digits)) return false;
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) sum += value(digits[i]) * weights[i];
    const int left = 11 - sum % 11;
    return value(digits[8]) == (left == 10 ? 0 : left == 11 ? 5 : left);
}

bool iso6346_check(std::string_view text) {
    if (text.size() != 11 || !all_letters(text.substr(0, 4)) || !all_digits(text.substr(4))) return false;
    int sum = 0;
    for (std::size_t i = 0; i < 10; ++i) sum += iso6346_value(text[i]) << i;
    return value(text[10]) == sum % 11 % 10;
}

bool awb_check(std::string_view text) {
    const std::size_t hyphen = text.size() == 12 && text[3] == '-' ? 1 : 0;
    if (text.size() != 11 + hyphen || !all_digits(text.substr(0, 3))) return false;
    const auto serial = text.substr(3 + hyphen);
    if (!all_digits(serial)) return false;
    int number = 0;
    for (std::size_t i = 0; i < 7; ++i) number = number * 10 + value(serial[i]);
    return value(serial[7]) == number % 7;
}

bool uscc_check(std::string_view text) {
    constexpr std::array weights{1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
    if (text.size() != 18) return false;
    int sum = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
        const auto at = uscc_alphabet.find(text[i]);
        if (at == std::string_view::npos) return false;
        sum += static_cast<int>(at) * weights[i];
    }
    return text[17] == uscc_alphabet[static_cast<std::size_t>((31 - sum % 31) % 31)];
}

}  // namespace hefang::number
