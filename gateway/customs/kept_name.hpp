#pragma once
#include "base/result.hpp"

#include <functional>
#include <string>

namespace hefang::customs {

/// The first name under which a file may be kept: `wanted` itself, then with 12 digits of its hash before the
/// extension, then numbered too. `fits` says whether a name is free, or bears the same content already.
[[nodiscard]] Result<std::string> kept_name(const std::string& wanted, const std::string& sha256,
                                            const std::function<bool(const std::string&)>& fits);

/// "<name>.reason.txt"
[[nodiscard]] std::string reason_name(const std::string& name);

}  // namespace hefang::customs
