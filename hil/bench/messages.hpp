#pragma once
#include <cstdint>
#include <string>
#include <vector>

namespace hefang::bench {

constexpr int file_rows = 20'000;

/// CEB621 files of file_rows inventories each below `folder`, `count` in all, waybills scattered over the key space.
[[nodiscard]] std::vector<std::string> write_files(const std::string& folder, std::uint64_t first, int count);

}  // namespace hefang::bench
