#include "fuzz/halves.hpp"
#include "weight/dini.hpp"

#include <cstdint>

using namespace hefang::codec;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto address = data[1] < 100 ? std::optional<int>(data[1]) : std::nullopt;
    const bool record = data[0] % 2 == 0;
    const auto read = [&](std::string_view line) {
        return record ? read_dini_record(line, address) : read_dini_extended(line, address);
    };
    LineParser whole(read);
    LineParser halves(read);
    same_in_halves(whole, halves, stream, LineParser::longest_line);
    return 0;
}
