#pragma once
#include "weight/indication.hpp"

#include <cstdlib>
#include <string_view>

/// Split anywhere, a stream gives the same weights as in one piece, each with the frame it was read from, and what is
/// held is bounded.
inline void same_in_halves(hefang::codec::WeightParser& whole, hefang::codec::WeightParser& halves,
                           std::string_view stream, std::size_t most_held) {
    const auto a = whole.feed(stream);
    auto b = halves.feed(stream.substr(0, stream.size() / 2));
    if (halves.held() > most_held) std::abort();
    const auto rest = halves.feed(stream.substr(stream.size() / 2));
    b.weights.insert(b.weights.end(), rest.weights.begin(), rest.weights.end());
    b.raw.insert(b.raw.end(), rest.raw.begin(), rest.raw.end());
    b.refused.insert(b.refused.end(), rest.refused.begin(), rest.refused.end());
    if (a.weights != b.weights || a.raw != b.raw || a.refused != b.refused) std::abort();
    if (a.weights.size() != a.raw.size()) std::abort();
}
