#pragma once
#include "driver/config.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::driver {

/// The settings of a DeviceConfig that passed check(): a missing one has the driver's default.
[[nodiscard]] std::int64_t whole(const DeviceConfig& config, std::string_view name, std::int64_t otherwise);
[[nodiscard]] std::string text(const DeviceConfig& config, std::string_view name, std::string_view otherwise);
[[nodiscard]] std::vector<std::string> list(const DeviceConfig& config, std::string_view name,
                                            std::vector<std::string> otherwise);
/// The entries of a list's text form; none for an empty text.
[[nodiscard]] std::vector<std::string> entries(std::string_view lines);

}  // namespace hefang::driver
