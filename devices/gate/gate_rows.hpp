#pragma once
#include "driver/kind.hpp"

#include <span>

namespace hefang::driver {

/// The rows of the catalogue for what stands at a gate: plate cameras, tag readers, container cameras, and the portals
/// and detectors whose alarm locks a lane.
[[nodiscard]] std::span<const Kind> gate_rows();

}  // namespace hefang::driver
