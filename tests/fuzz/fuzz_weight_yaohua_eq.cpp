#include "weight/yaohua_eq.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hefang::codec;

/// Split anywhere, a stream gives the same weights and refusals as in one piece, and what is held is bounded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto order = data[0] % 2 == 0 ? EqOrder::reversed : EqOrder::forward;
    const auto unit = static_cast<MassUnit>(data[0] / 2 % 3);
    const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
    EqParser whole(order, unit);
    EqParser halves(order, unit);
    const auto a = whole.feed(stream);
    auto b = halves.feed(stream.substr(0, stream.size() / 2));
    if (halves.held() > 9) std::abort();
    const auto rest = halves.feed(stream.substr(stream.size() / 2));
    b.weights.insert(b.weights.end(), rest.weights.begin(), rest.weights.end());
    b.refused.insert(b.refused.end(), rest.refused.begin(), rest.refused.end());
    if (a.weights != b.weights || a.refused != b.refused) std::abort();
    return 0;
}
