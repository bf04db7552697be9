#include "telegram/wedge.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace hefang::codec;

/// The first byte chooses the settings and where the stream is cut; the rest is the stream. However it is cut, the same
/// text comes out, at most one character a record and one a run of noise.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
    const WedgeKeys keys{(data[0] & 1) != 0};
    WedgeDecoder whole(keys), cut(keys);
    const auto a = whole.feed(stream);
    const auto at = stream.size() * (data[0] >> 1) / 128;
    auto b = cut.feed(stream.substr(0, at));
    const auto rest = cut.feed(stream.substr(at));
    b.text += rest.text;
    b.refused.insert(b.refused.end(), rest.refused.begin(), rest.refused.end());
    if (a.text != b.text || a.refused != b.refused) std::abort();
    if (a.text.size() > 2 * (stream.size() / wedge_event_size) + 1) std::abort();
    for (const char c : a.text)
        if (static_cast<unsigned char>(c) > 0x7F) std::abort();
    return 0;
}
