#pragma once
#include <string>

namespace hefang::link {

/// Who has the device at `path` open, for a person: "hefang (pid 412), cat (pid 9)"; empty when nobody is seen. Another
/// user's programs are seen by root only. `except`: a descriptor of this process that does not count; −1: none.
[[nodiscard]] std::string owners_of(const std::string& path, int except = -1);

}  // namespace hefang::link
