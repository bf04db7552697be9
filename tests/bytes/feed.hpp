#pragma once
#include <random>
#include <string>
#include <string_view>

/// `stream` in pieces of one byte.
template <class Parser>
auto feed_by_byte(Parser& parser, std::string_view stream) {
    typename Parser::Out all;
    for (const char c : stream) {
        const auto out = parser.feed(std::string_view(&c, 1));
        all.weights.insert(all.weights.end(), out.weights.begin(), out.weights.end());
        if constexpr (requires { out.raw; }) all.raw.insert(all.raw.end(), out.raw.begin(), out.raw.end());
        all.refused.insert(all.refused.end(), out.refused.begin(), out.refused.end());
    }
    return all;
}

inline std::string noise(std::size_t n, unsigned seed) {
    std::mt19937 random(seed);
    std::string out(n, '\0');
    for (auto& c : out) c = static_cast<char>(random());
    return out;
}
