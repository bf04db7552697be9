#pragma once
#include "driver/kind.hpp"

#include <span>

namespace hefang::driver {

/// The rows of the catalogue for inspection machines.
[[nodiscard]] std::span<const Kind> xray_rows();

}  // namespace hefang::driver
