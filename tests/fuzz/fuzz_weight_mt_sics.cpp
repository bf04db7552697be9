#include "fuzz/halves.hpp"
#include "weight/mt_sics.hpp"

#include <cstdint>

using namespace hefang::codec;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto read = [&](std::string_view line) { return read_mt_sics(line, static_cast<MassUnit>(data[0] % 3)); };
    LineParser whole(read);
    LineParser halves(read);
    same_in_halves(whole, halves, stream, LineParser::longest_line);
    return 0;
}
