#pragma once
#include "driver/kind.hpp"

#include <span>

namespace hefang::driver {

/// The rows of the catalogue for label printers: one a language.
[[nodiscard]] std::span<const Kind> printer_rows();

}  // namespace hefang::driver
