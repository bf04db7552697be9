#pragma once
#include "base/result.hpp"

#include <filesystem>
#include <string>

namespace hefang::app {

/// Puts a copy of `source` into `inbox` as a transfer client would: whole or not at all, readable by the inbox's owner
/// only and, when root does it, his. Gives the SHA-256 of the copy. A name that the inbox would never read is refused,
/// one that it may not show is replaced. Nothing is left behind by a failure, SIGINT, SIGTERM or SIGHUP.
[[nodiscard]] Result<std::string> drop_into(const std::filesystem::path& inbox, const std::filesystem::path& source);

}  // namespace hefang::app
