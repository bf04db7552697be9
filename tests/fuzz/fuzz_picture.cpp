#include "picture/picture.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace hefang::codec;

/// Whatever the file says of itself: what is taken has a size within the limits.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto got = read_picture({reinterpret_cast<const char*>(data), size});
    if (!got) return name(got.error()).empty() ? 1 : 0;
    const auto [shorter, longer] = std::minmax(got->width, got->height);
    if (shorter == 0 || longer > picture_longest || shorter > picture_shortest) std::abort();
    return 0;
}
