#pragma once
#include <filesystem>
#include <string>

namespace hefang::link {

/// The name of the serial device at `path` that stays when another adapter is plugged in first: in `names`/by-id, else
/// in `names`/by-path (its position); empty when it has none.
[[nodiscard]] std::string stable_name(const std::filesystem::path& path,
                                      const std::filesystem::path& names = "/dev/serial");

/// True of names that the kernel gives in the order in which adapters are found: ttyUSB0, ttyACM1.
[[nodiscard]] bool is_by_chance(const std::filesystem::path& path);

}  // namespace hefang::link
