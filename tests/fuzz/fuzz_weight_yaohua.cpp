#include "weight/yaohua.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hefang::codec;

/// Split anywhere, a stream gives the same weights as in one piece.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto checksum = data[0] % 2 == 0 ? Checksum::required : Checksum::log_only;
    const auto unit = static_cast<MassUnit>(data[0] / 2 % 3);
    const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
    YaohuaParser whole(checksum, unit);
    YaohuaParser halves(checksum, unit);
    const auto a = whole.feed(stream);
    auto b = halves.feed(stream.substr(0, stream.size() / 2));
    const auto rest = halves.feed(stream.substr(stream.size() / 2));
    b.weights.insert(b.weights.end(), rest.weights.begin(), rest.weights.end());
    if (a.weights != b.weights) std::abort();
    return 0;
}
