#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The smallest files of each format that are all there, written from the specifications.
namespace hefang::test {

inline std::string number(std::uint32_t value, int size, bool little) {
    std::string out;
    for (int i = 0; i < size; ++i) {
        const int shift = 8 * (little ? i : size - 1 - i);
        out += static_cast<char>(value >> shift & 0xFF);
    }
    return out;
}
inline std::string be(std::uint32_t value, int size) { return number(value, size, false); }
inline std::string le(std::uint32_t value, int size) { return number(value, size, true); }

inline std::string png(std::uint32_t width, std::uint32_t height) {
    return std::string("\x89PNG\r\n\x1a\n") + be(13, 4) + "IHDR" + be(width, 4) + be(height, 4) +
           std::string("\x08\0\0\0\0", 5) + "CRC." + be(3, 4) + "IDATxyzCRC." +
           std::string("\0\0\0\0IEND\xAE\x42\x60\x82", 12);
}

inline std::string jpeg_segment(int marker, const std::string& body) {
    return std::string("\xFF") + static_cast<char>(marker) + be(static_cast<std::uint32_t>(body.size()) + 2, 2) + body;
}
inline std::string jpeg(std::uint32_t width, std::uint32_t height, int frame = 0xC0) {
    return "\xFF\xD8" + jpeg_segment(0xE0, std::string("JFIF\0\x01\x01\0\0\x01\0\x01\0\0", 14)) +
           jpeg_segment(0xE1, "a thumbnail \xFF\xD8 ends \xFF\xD9") + jpeg_segment(0xDB, std::string(65, 'q')) +
           jpeg_segment(frame, "\x08" + be(height, 2) + be(width, 2) + std::string("\x01\x01\x11\0", 4)) +
           jpeg_segment(0xC4, std::string(20, 'h')) + jpeg_segment(0xDA, std::string("\x01\x01\0\0\x3F\0", 6)) +
           std::string(200, 'd') + "\xFF\xD9";
}

inline std::string bmp(std::uint32_t width, std::int32_t height) {
    const auto rows = static_cast<std::uint32_t>(height < 0 ? -height : height);
    const std::string pixels((width * 24 + 31) / 32 * 4 * rows, 'p');
    return "BM" + le(54 + static_cast<std::uint32_t>(pixels.size()), 4) + le(0, 4) + le(54, 4) + le(40, 4) +
           le(width, 4) + le(static_cast<std::uint32_t>(height), 4) + le(1, 2) + le(24, 2) + le(0, 4) +
           std::string(20, '\0') + pixels;
}

/// Strips stand before the directory, as many writers do: then a cut file lacks the directory.
inline std::string tiff(std::uint32_t width, std::uint32_t height, bool little, bool directory_first = false) {
    const auto n = [&](std::uint32_t value, int size) { return number(value, size, little); };
    const auto entry = [&](std::uint32_t tag, std::uint32_t type, std::uint32_t count, const std::string& value) {
        auto out = n(tag, 2) + n(type, 2) + n(count, 4) + value;
        return out + std::string(12 - out.size(), '\0');
    };
    const std::string strips(60, 's');
    const std::uint32_t directory_bytes = 2 + 4 * 12 + 4 + 16;
    const std::uint32_t directory = directory_first ? 8 : 68;
    const std::uint32_t first = directory_first ? 8 + directory_bytes : 8;
    const std::uint32_t arrays = directory + 2 + 4 * 12 + 4;
    const std::string ifd = n(4, 2) + entry(256, 3, 1, n(width, 2)) + entry(257, 4, 1, n(height, 4)) +
                            entry(273, 4, 2, n(arrays, 4)) + entry(279, 4, 2, n(arrays + 8, 4)) + n(0, 4) +
                            n(first, 4) + n(first + 40, 4) + n(40, 4) + n(20, 4);
    const std::string head = (little ? std::string("II*\0", 4) : std::string("MM\0*", 4)) + n(directory, 4);
    return head + (directory_first ? ifd + strips : strips + ifd);
}

}  // namespace hefang::test
