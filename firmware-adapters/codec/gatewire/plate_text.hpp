#pragma once
#include <cstddef>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

/// The text of a plate as cameras send it. Pure.
namespace hefang::codec {

constexpr std::size_t longest_plate = 32;  ///< bytes of UTF-8; a Chinese plate has 9 to 12

enum class PlateRefusal {
    plate_too_long,
    plate_not_text,  ///< neither clean UTF-8 nor GBK of the characters that stand on plates
};
[[nodiscard]] std::string_view name(PlateRefusal reason);

/// `raw` in UTF-8, without space at both ends, else as it is: nothing is repaired. Empty: the camera saw a vehicle and
/// no plate (无车牌, unknown, nothing). Vendors send UTF-8 or GBK and do not say which (to be confirmed on the device):
/// what is no UTF-8, or has one of the four pairs of bytes that are an ideogram of plates in GBK (鲁豫使学) and in
/// UTF-8 a sign that no plate has, is read as GBK.
[[nodiscard]] tl::expected<std::string, PlateRefusal> plate_text(std::string_view raw);

/// `text` with every pair of bytes of GBK that stands on plates in UTF-8, and U+FFFD for each other pair: a document of
/// a vendor that is no UTF-8, made readable where it matters.
[[nodiscard]] std::string utf8_of_gbk(std::string_view text);

/// `text` when it is clean UTF-8 of at most `most` bytes; else nothing. For words beside the plate.
[[nodiscard]] std::string word_of(std::string_view text, std::size_t most = 32);

}  // namespace hefang::codec
