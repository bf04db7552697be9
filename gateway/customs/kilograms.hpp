#pragma once
#include "base/result.hpp"
#include "base/units.hpp"

#include <string_view>

namespace hefang::customs {

/// Grams of an xs:decimal number of kilograms ("1.2345"), exact, rounded half up. Refused: a sign of minus, more than
/// limits::kilograms, anything that is no plain decimal number (exponents, spaces, commas). The detail says which.
[[nodiscard]] Result<Grams> grams_of_kilograms(std::string_view text);

}  // namespace hefang::customs
