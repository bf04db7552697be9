#pragma once
#include "driver/kind.hpp"

#include <span>

namespace hefang::driver {

/// The rows of the catalogue for every scale protocol.
[[nodiscard]] std::span<const Kind> scale_rows();

}  // namespace hefang::driver
