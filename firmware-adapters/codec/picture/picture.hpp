#pragma once
#include <cstdint>
#include <string_view>

#include <tl/expected.hpp>

/// What a picture file is and whether it is all there, without decoding it. Layouts from the public specifications:
/// JPEG ITU-T T.81, PNG ISO/IEC 15948, BMP [MS-WMF] BITMAPFILEHEADER, TIFF 6.0.
namespace hefang::codec {

/// Why a file is no picture that is taken. One counter each.
enum class PictureRefusal {
    unknown_format,  ///< none of the formats below; also an empty file
    truncated,       ///< its end is not there, or what it says of itself goes beyond its end
    malformed,       ///< headers that contradict themselves
    no_size,         ///< width or height is 0
    too_large        ///< more than picture_longest × picture_shortest pixels
};
[[nodiscard]] std::string_view name(PictureRefusal reason);

enum class PictureFormat { jpeg, png, bmp, tiff };
/// "image/jpeg", …
[[nodiscard]] std::string_view media_type(PictureFormat format);

struct Picture {
    PictureFormat format = PictureFormat::png;
    std::uint32_t width = 0, height = 0;
    friend bool operator==(const Picture&, const Picture&) = default;
};

/// A line scanner's picture grows with the parcel: one side is long, the other has the detector's elements.
constexpr std::uint32_t picture_longest = 20'000;
constexpr std::uint32_t picture_shortest = 4'000;

/// Reads `file`, which is all bytes there are. Looks at headers and ends only: what lies between may be anything.
/// - JPEG: the end marker FF D9 is within the last jpeg_tail bytes (some writers pad), and stands in the coded data,
///   not in a thumbnail: a decoder takes a cut file without an error, so nothing else would tell.
/// - PNG: ends with an empty IEND chunk. - BMP: its size field is the file's size, and the pixels fit.
/// - TIFF: every strip or tile of the first directory ends within the file. BigTIFF is not taken.
[[nodiscard]] tl::expected<Picture, PictureRefusal> read_picture(std::string_view file);

constexpr std::size_t jpeg_tail = 64;

}  // namespace hefang::codec
