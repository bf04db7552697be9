#pragma once
#include <string_view>

/// Is the check digit of `text` the one that the rest demands? Each takes the whole number; false also for a text of
/// another length or with other characters. What the schemes cannot see by design stands beside each.
namespace hefang::number {

/// GTIN of any length and SSCC: modulus 10, weights 3 and 1 from the right. At least two digits.
[[nodiscard]] bool gs1_check(std::string_view text);

/// Two letters, 8 digits, check digit, two letters. Modulus 11 with two remainders (0 and 6) that give the same
/// digit 5.
[[nodiscard]] bool s10_check(std::string_view text);

/// Four letters, 6 digits, check digit. Modulus 11; remainders 0 and 10 give the same digit 0.
[[nodiscard]] bool iso6346_check(std::string_view text);

/// Airline's 3 digits, with or without a hyphen, 7 digits, check digit: modulus 7 of the seven. Blind to the airline,
/// and to a digit that is off by 7.
[[nodiscard]] bool awb_check(std::string_view text);

/// 18 characters, modulus 31.
[[nodiscard]] bool uscc_check(std::string_view text);

/// Of the unified social credit code, by value.
constexpr std::string_view uscc_alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";

}  // namespace hefang::number
