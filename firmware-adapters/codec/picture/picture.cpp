#include "picture/picture.hpp"

#include "picture/tiff.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <utility>

namespace hefang::codec {
namespace {

using Read = tl::expected<Picture, PictureRefusal>;

tl::unexpected<PictureRefusal> refuse(PictureRefusal reason) { return tl::unexpected(reason); }

std::uint32_t byte_at(std::string_view file, std::size_t at) { return static_cast<unsigned char>(file[at]); }

std::uint32_t big(std::string_view file, std::size_t at, int bytes) {
    std::uint32_t value = 0;
    for (int i = 0; i < bytes; ++i) value = value << 8 | byte_at(file, at + static_cast<std::size_t>(i));
    return value;
}

std::uint32_t little(std::string_view file, std::size_t at, int bytes) {
    std::uint32_t value = 0;
    for (int i = bytes; i-- > 0;) value = value << 8 | byte_at(file, at + static_cast<std::size_t>(i));
    return value;
}

constexpr std::string_view png_begin("\x89PNG\r\n\x1a\n", 8);
constexpr std::string_view png_end("\0\0\0\0IEND\xAE\x42\x60\x82", 12);

Read read_png(std::string_view file) {
    constexpr std::size_t header_end = 33;  // signature, IHDR with its 13 bytes and CRC
    if (file.size() < header_end) return refuse(PictureRefusal::truncated);
    if (big(file, 8, 4) != 13 || file.substr(12, 4) != "IHDR") return refuse(PictureRefusal::malformed);
    if (file.size() < header_end + png_end.size() || !file.ends_with(png_end)) return refuse(PictureRefusal::truncated);
    return Picture{PictureFormat::png, big(file, 16, 4), big(file, 20, 4)};
}

Read read_bmp(std::string_view file) {
    if (file.size() < 26) return refuse(PictureRefusal::truncated);
    const auto said = little(file, 2, 4);
    const auto pixels = little(file, 10, 4);
    const auto header = little(file, 14, 4);
    if (said > file.size()) return refuse(PictureRefusal::truncated);
    if (said != file.size() || pixels < 26 || pixels > said) return refuse(PictureRefusal::malformed);
    if (header == 12)  // BITMAPCOREHEADER
        return Picture{PictureFormat::bmp, little(file, 18, 2), little(file, 20, 2)};
    if (header < 40 || file.size() < 54) return refuse(PictureRefusal::malformed);
    const auto width = static_cast<std::int32_t>(little(file, 18, 4));
    const std::int64_t height = static_cast<std::int32_t>(little(file, 22, 4));  // negative: top line first
    const auto bits = little(file, 28, 2);
    const auto rows = static_cast<std::uint32_t>(std::abs(height));
    if (width < 0 || bits == 0 || bits > 64) return refuse(PictureRefusal::malformed);
    const bool plain = little(file, 30, 4) == 0;  // BI_RGB: lines of whole 32 bits
    const auto line = (static_cast<std::uint64_t>(width) * bits + 31) / 32 * 4;
    if (plain && line * rows > file.size() - pixels) return refuse(PictureRefusal::truncated);
    return Picture{PictureFormat::bmp, static_cast<std::uint32_t>(width), rows};
}

bool is_frame(std::uint32_t marker) {  // SOF0…15 without DHT, JPG, DAC
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

/// Walks the segments up to the first scan; the frame's size stands before it.
Read read_jpeg(std::string_view file) {
    Picture picture{PictureFormat::jpeg};
    bool framed = false;
    std::size_t at = 2;
    for (;;) {
        while (at + 1 < file.size() && byte_at(file, at) == 0xFF && byte_at(file, at + 1) == 0xFF) ++at;  // fill
        if (at + 4 > file.size()) return refuse(PictureRefusal::truncated);
        const auto marker = byte_at(file, at + 1);
        const auto length = big(file, at + 2, 2);
        const bool has_segment = marker >= 0xC0 && marker != 0xD8 && marker != 0xD9 && (marker < 0xD0 || marker > 0xD7);
        if (byte_at(file, at) != 0xFF || !has_segment || length < 2) return refuse(PictureRefusal::malformed);
        const auto end = at + 2 + length;
        if (end > file.size()) return refuse(PictureRefusal::truncated);
        if (is_frame(marker)) {
            if (length < 8 || framed) return refuse(PictureRefusal::malformed);
            picture.height = big(file, at + 5, 2);
            picture.width = big(file, at + 7, 2);
            framed = true;
        }
        at = end;
        if (marker == 0xDA) break;
    }
    if (!framed) return refuse(PictureRefusal::malformed);
    const auto tail = file.substr(std::max(at, file.size() - std::min(file.size(), jpeg_tail)));
    if (tail.rfind("\xFF\xD9") == std::string_view::npos) return refuse(PictureRefusal::truncated);
    return picture;
}

Read read_any(std::string_view file) {
    if (file.starts_with(png_begin)) return read_png(file);
    if (file.starts_with("\xFF\xD8\xFF")) return read_jpeg(file);
    if (file.starts_with("BM")) return read_bmp(file);
    if (file.starts_with(std::string_view("II*\0", 4)) || file.starts_with(std::string_view("MM\0*", 4)))
        return read_tiff(file);
    // The first bytes of a format, and no more: it was cut there.
    const bool begun =
        !file.empty() && (png_begin.starts_with(file) || std::string_view("\xFF\xD8\xFF").starts_with(file));
    return refuse(begun ? PictureRefusal::truncated : PictureRefusal::unknown_format);
}

}  // namespace

std::string_view name(PictureRefusal reason) {
    switch (reason) {
        case PictureRefusal::unknown_format: return "unknown-format";
        case PictureRefusal::truncated: return "truncated";
        case PictureRefusal::malformed: return "malformed";
        case PictureRefusal::no_size: return "no-size";
        case PictureRefusal::too_large: return "picture-too-large";
    }
    return "malformed";
}

std::string_view media_type(PictureFormat format) {
    switch (format) {
        case PictureFormat::jpeg: return "image/jpeg";
        case PictureFormat::png: return "image/png";
        case PictureFormat::bmp: return "image/bmp";
        case PictureFormat::tiff: return "image/tiff";
    }
    return "image/png";
}

tl::expected<Picture, PictureRefusal> read_picture(std::string_view file) {
    auto picture = read_any(file);
    if (!picture) return picture;
    if (picture->width == 0 || picture->height == 0) return refuse(PictureRefusal::no_size);
    const auto [shorter, longer] = std::minmax(picture->width, picture->height);
    if (longer > picture_longest || shorter > picture_shortest) return refuse(PictureRefusal::too_large);
    return picture;
}

}  // namespace hefang::codec
