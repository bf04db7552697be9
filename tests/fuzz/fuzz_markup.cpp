#include "markup/markup.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hefang::codec;

/// Whatever comes is refused or a bounded list, and what was taken does not hold more text than came.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto read = read_markup({reinterpret_cast<const char*>(data), size});
    if (!read) return name(read.error()).empty() ? std::abort(), 0 : 0;
    if (read->size() > markup_limits::entries) std::abort();
    std::size_t text = 0;
    for (const auto& entry : *read) {
        if (entry.path.empty() || entry.path.size() > markup_limits::path_bytes) std::abort();
        text += entry.text.size();
    }
    if (text > size) std::abort();
    return 0;
}
