#include "gatewire/multipart.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hefang::codec;

/// Split anywhere, a stream gives the same parts and refusals as in one piece, and what is held is bounded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    constexpr std::size_t part_bytes = 64;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
    (void)boundary_of(stream);
    MultipartParser whole("b", part_bytes);
    MultipartParser halves("b", part_bytes);
    const auto a = whole.feed(stream);
    const auto cut = stream.size() * data[0] / 256;
    auto b = halves.feed(stream.substr(0, cut));
    if (halves.held() > part_bytes + MultipartParser::header_bytes + 16'384 + 64) std::abort();
    auto rest = halves.feed(stream.substr(cut));
    b.parts.insert(b.parts.end(), rest.parts.begin(), rest.parts.end());
    b.refused.insert(b.refused.end(), rest.refused.begin(), rest.refused.end());
    if (a.parts != b.parts || a.refused != b.refused) std::abort();
    for (const auto& part : a.parts)
        if (part.body.size() > part_bytes) std::abort();
    return 0;
}
