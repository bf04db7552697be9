#pragma once
#include <cstddef>
#include <cstdint>
#include <vector>

namespace hefang::vision {

/// Pixels of somebody else: 0 is black, row after row, `stride` bytes from one to the next.
struct GreyView {
    const std::uint8_t* data = nullptr;
    int width = 0, height = 0;
    std::size_t stride = 0;
};

/// Pixels of its own, without gaps between the rows.
struct GreyImage {
    std::vector<std::uint8_t> pixels;
    int width = 0, height = 0;
    [[nodiscard]] GreyView view() const { return {pixels.data(), width, height, static_cast<std::size_t>(width)}; }
};

}  // namespace hefang::vision
