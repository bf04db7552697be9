#pragma once
#include "app/config_section.hpp"
#include "weight/register_map.hpp"

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

/// Register maps of scales as data files (docs/adding-a-device.md shows one).
namespace hefang::app {

/// One file: either all of it is right, or every problem is told. `name`: what the map is called.
[[nodiscard]] tl::expected<codec::RegisterMap, std::vector<Problem>> parse_scale_map(std::string_view text,
                                                                                     const std::filesystem::path& file);
[[nodiscard]] tl::expected<codec::RegisterMap, std::vector<Problem>> load_scale_map(const std::filesystem::path& file);

/// The folder of the maps that come with the program: ../share/hefang/scale-maps beside it.
[[nodiscard]] std::filesystem::path shipped_scale_maps();
/// Their names, in order.
[[nodiscard]] std::vector<std::string> shipped_scale_map_names();

/// The map that the key `map` of a device names: a shipped one by its name, any other by its path, from `base`, which
/// ends in .toml. What is wrong is reported, then null.
[[nodiscard]] std::shared_ptr<const codec::RegisterMap> scale_map_of(Section& device,
                                                                     const std::filesystem::path& base);

}  // namespace hefang::app
