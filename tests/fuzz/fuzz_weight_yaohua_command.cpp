#include "fuzz/halves.hpp"
#include "weight/yaohua_command.hpp"

#include <cstdint>

using namespace hefang::codec;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto address = static_cast<char>('A' + data[0] % 26);
    const auto command = static_cast<YaohuaCommand>('B' + data[1] % 3);
    YaohuaAnswerParser whole(address, command, MassUnit::kilogram);
    YaohuaAnswerParser halves(address, command, MassUnit::kilogram);
    same_in_halves(whole, halves, stream, 14);
    return 0;
}
