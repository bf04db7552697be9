#pragma once
#include "driver/kind.hpp"

#include <span>

namespace hefang::driver {

/// The rows of the catalogue for every sorter protocol.
[[nodiscard]] std::span<const Kind> sorter_rows();

}  // namespace hefang::driver
