#include "vision/load_picture.hpp"
#include "vision/read_codes.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hefang;

/// The bytes are a file, and the pixels of a picture whose width is the first byte. The libraries themselves are not
/// watched, only how they are called; what they cannot bear ends the worker, which is a process of its own.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    int steps = 0;
    const auto over = [&steps] { return ++steps > 12; };
    const auto check = [](const std::vector<codec::SeenCode>& codes) {
        if (codes.size() > codec::most_seen) std::abort();
        for (const auto& c : codes)
            if (c.text.empty() || c.text.size() > codec::longest_seen) std::abort();
    };
    const auto picture = vision::load_picture({reinterpret_cast<const char*>(data), size});
    if (picture && picture->width <= 400 && picture->height <= 400)
        check(vision::read_codes(picture->view(), {}, over));
    if (size < 2) return 0;
    const int width = data[0] % 64 + 16, height = static_cast<int>((size - 1) / static_cast<std::size_t>(width));
    steps = 0;
    if (height > 0) check(vision::read_codes({data + 1, width, height, static_cast<std::size_t>(width)}, {}, over));
    return 0;
}
