#include "fuzz/halves.hpp"
#include "weight/weight_line.hpp"

#include <cstdint>

using namespace hefang::codec;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto& layout = line_layouts()[data[0] % line_layouts().size()];
    const auto address = data[1] < 100 ? std::optional<int>(data[1]) : std::nullopt;
    auto whole = line_parser(layout, address);
    auto halves = line_parser(layout, address);
    same_in_halves(whole, halves, stream, LineParser::longest_line);
    return 0;
}
