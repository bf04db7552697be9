#pragma once
#include "base/result.hpp"

#include <string>
#include <string_view>

namespace hefang::sync {

/// `uri` itself when it may be used: "mqtt://" to a loopback address with a port (1883 when absent). This version
/// speaks only the unsigned mode of the contract, so anything that leaves the machine is refused, in words.
[[nodiscard]] Result<std::string> check_broker(std::string_view uri);

}  // namespace hefang::sync
