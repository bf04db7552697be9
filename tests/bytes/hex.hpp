#pragma once
#include <string>
#include <string_view>

/// "02 2B 30": the bytes so written.
inline std::string bytes(std::string_view hex) {
    const auto half = [](char c) { return c <= '9' ? c - '0' : c - 'A' + 10; };
    std::string out;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 3) out += static_cast<char>(half(hex[i]) * 16 + half(hex[i + 1]));
    return out;
}
