#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

/// Numbers of freight containers as several cameras around a truck read them. Pure.
namespace hefang::codec {

/// What one camera read; `text` without blanks, else as read.
struct SideRead {
    std::string side;
    std::string text;
    friend bool operator==(const SideRead&, const SideRead&) = default;
};

enum class SidesRefusal {
    line_too_long,
    too_many_sides,
    bad_side,   ///< not name=text, or one of them is no clean text of a bounded length
    same_side,  ///< a side named twice
};
[[nodiscard]] std::string_view name(SidesRefusal reason);

constexpr std::size_t sides_line_bytes = 512;
constexpr std::size_t most_sides = 8;
constexpr std::size_t side_name_bytes = 16;
constexpr std::size_t side_text_bytes = 32;

/// One passage: "left=CSQU3054383;right=CSQU3054383;rear=". A form of this project: recognition systems have no common
/// one, and all can be made to write a line. An empty text is a side that read nothing.
[[nodiscard]] tl::expected<std::vector<SideRead>, SidesRefusal> decode_sides(std::string_view line);
[[nodiscard]] std::string encode_sides(const std::vector<SideRead>& sides);

/// Which numbers count: those whose ISO 6346 check digit is right and that at least `least_sides` sides read alike. A
/// truck carries one container or two; with three, something is wrong and none counts. Nothing is ever repaired: a
/// letter that is "surely" a digit is another number.
constexpr std::size_t least_sides = 2;
constexpr std::size_t most_containers = 2;
enum class Agreement { agreed, nothing_read, sides_differ, check_digit_wrong, too_many_numbers };
[[nodiscard]] std::string_view name(Agreement agreement);
struct Containers {
    Agreement agreement = Agreement::nothing_read;
    std::vector<std::string> numbers;  ///< in order of the sides; empty unless agreed
    friend bool operator==(const Containers&, const Containers&) = default;
};
[[nodiscard]] Containers agree(const std::vector<SideRead>& sides);

}  // namespace hefang::codec
