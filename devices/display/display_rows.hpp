#pragma once
#include "driver/kind.hpp"

#include <span>

namespace hefang::driver {

/// The rows of the catalogue for text displays.
[[nodiscard]] std::span<const Kind> display_rows();

}  // namespace hefang::driver
