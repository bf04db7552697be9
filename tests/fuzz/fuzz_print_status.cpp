#include "print/printer_status.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hefang::codec::print;

/// Split anywhere, a stream gives the same newest status as in one piece.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto language = data[0] % 2 == 0 ? Language::zpl : Language::tspl;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
    StatusParser whole(language);
    StatusParser halves(language);
    const auto a = whole.feed(stream).status;
    auto b = halves.feed(stream.substr(0, stream.size() / 2)).status;
    if (const auto rest = halves.feed(stream.substr(stream.size() / 2)).status) b = rest;
    if (a != b) std::abort();
    return 0;
}
