#pragma once
#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::app {

/// A snapshot of the core's memory names the facts that still matter: decimal sequences joined by blanks.
[[nodiscard]] std::string write_snapshot(const std::vector<std::uint64_t>& facts);

/// corrupt: anything that write_snapshot() does not write.
[[nodiscard]] Result<std::vector<std::uint64_t>> read_snapshot(std::string_view bytes);

}  // namespace hefang::app
