#pragma once
#include <optional>
#include <string>

#include "app/config.hpp"

namespace hefang::app {

/// The configuration, or every problem of it on stderr.
[[nodiscard]] std::optional<Config> load_or_tell(const std::string& path);

}  // namespace hefang::app
