#pragma once
#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

namespace hefang::number {

/// Ends an element of variable length: GS (0x1D) as readers send it, or U+241D as it stands in a reading::Code.
constexpr char gs1_separator = '\x1D';
constexpr std::string_view gs1_separator_sign = "\u241D";
constexpr std::size_t most_elements = 32;

/// One application identifier and its data; both are parts of the text that was parsed.
struct Element {
    std::string_view ai;
    std::string_view value;
    friend bool operator==(const Element&, const Element&) = default;
};

enum class Gs1Refusal {
    empty,
    unknown_ai,     ///< no identifier begins so, or it is cut off: nobody knows where its data end
    too_short,      ///< the text, or a separator, comes before the data may end
    too_long,       ///< data of variable length without the separator that should end them
    bad_character,  ///< a letter where digits must be, or a character that GS1 does not have
    too_many        ///< more than most_elements
};
[[nodiscard]] std::string_view name(Gs1Refusal reason);

/// Cuts "(01)00614141123452(10)ABC", sent as "010061414112345210ABC", into its elements. One separator in front (a
/// reader that sends the first FNC1), behind data of fixed length and at the end is passed over.
[[nodiscard]] tl::expected<std::vector<Element>, Gs1Refusal> parse_gs1(std::string_view text);

/// The data of the first element `ai`.
[[nodiscard]] std::optional<std::string_view> find(const std::vector<Element>& elements, std::string_view ai);

/// Does this AIM identifier ("]C1", "]d2", "]Q3" …) say that the text is one of GS1 elements?
[[nodiscard]] bool says_gs1(std::string_view aim);

}  // namespace hefang::number
