#pragma once
#include "driver/kind.hpp"

#include <span>

namespace hefang::driver {

/// The rows of the catalogue for contacts, relays and barriers: one a module.
[[nodiscard]] std::span<const Kind> io_rows();

}  // namespace hefang::driver
