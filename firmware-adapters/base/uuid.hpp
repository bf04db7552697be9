#pragma once
#include "base/clock.hpp"

#include <string>

namespace hefang {

/// A UUIDv7 (RFC 9562): 48 bits of `at`, then random bits of the kernel. 36 lower-case characters.
[[nodiscard]] std::string uuid7(WallTime at);

}  // namespace hefang
