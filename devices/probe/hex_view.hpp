#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace hefang::probe {

/// Bytes as people compare them with a manual: "02 2B 30 …  .+0", 16 a line; what is no printable ASCII is a dot.
[[nodiscard]] std::vector<std::string> hex_view(std::string_view bytes);

}  // namespace hefang::probe
