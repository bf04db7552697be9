#pragma once
#include "driver/kind.hpp"

#include <span>

namespace hefang::driver {

/// The rows of the catalogue for every scanner protocol.
[[nodiscard]] std::span<const Kind> scanner_rows();

}  // namespace hefang::driver
