#pragma once
#include "app/config.hpp"

#include <optional>
#include <string>

namespace hefang::app {

/// The configuration, or every problem of it on stderr.
[[nodiscard]] std::optional<Config> load_or_tell(const std::string& path);

}  // namespace hefang::app
