#include "fuzz/halves.hpp"
#include "weight/yaohua.hpp"

#include <cstdint>

using namespace hefang::codec;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto checksum = data[0] % 2 == 0 ? Checksum::required : Checksum::log_only;
    const auto unit = static_cast<MassUnit>(data[1] % 3);
    YaohuaParser whole(checksum, unit);
    YaohuaParser halves(checksum, unit);
    same_in_halves(whole, halves, stream, 12);
    return 0;
}
