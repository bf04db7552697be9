#include "fuzz/halves.hpp"
#include "weight/nci.hpp"

#include <cstdint>

using namespace hefang::codec;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
    LineParser whole(read_nci, std::string(nci_ends));
    LineParser halves(read_nci, std::string(nci_ends));
    same_in_halves(whole, halves, stream, LineParser::longest_line);
    return 0;
}
