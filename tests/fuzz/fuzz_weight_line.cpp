#include "weight/weight_line.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hefang::codec;

/// Split anywhere, a stream gives the same weights and refusals as in one piece, and what is held is bounded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const auto& layout = line_layouts()[data[0] % line_layouts().size()];
    const auto address = data[1] < 100 ? std::optional<int>(data[1]) : std::nullopt;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
    LineParser whole(layout, address);
    LineParser halves(layout, address);
    const auto a = whole.feed(stream);
    auto b = halves.feed(stream.substr(0, stream.size() / 2));
    if (halves.held() > LineParser::longest_line) std::abort();
    const auto rest = halves.feed(stream.substr(stream.size() / 2));
    b.weights.insert(b.weights.end(), rest.weights.begin(), rest.weights.end());
    b.refused.insert(b.refused.end(), rest.refused.begin(), rest.refused.end());
    if (a.weights != b.weights || a.refused != b.refused) std::abort();
    return 0;
}
