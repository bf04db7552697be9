#pragma once
#include "base/result.hpp"
#include "reading/reading.hpp"

#include <string>
#include <string_view>

namespace hefang::driver {

/// `form` with every {name} replaced by its value of `fields`; "{{" is a brace. Refused: a name that has no value, a
/// brace that does not close.
[[nodiscard]] Result<std::string> fill(std::string_view form, const reading::Fields& fields);

}  // namespace hefang::driver
