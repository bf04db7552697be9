#pragma once
#include "weight/indication.hpp"
#include "weight/line.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hefang::codec {

struct RestWord {
    std::string_view text;
    Rest rest;
};
struct KindWord {
    std::string_view text;
    bool net;
};
struct UnitWord {
    std::string_view text;
    MassUnit unit;
};
struct RefusalWord {
    std::string_view text;
    WeightRefusal refusal;
};

/// kg, g and t in small letters.
[[nodiscard]] std::span<const UnitWord> usual_units();

/// One maker's line: ASCII of a fixed length, an end behind it. The length is part of the check, for hardly any line
/// has a checksum: a line that lost a byte, or its begin, is none.
struct LineLayout {
    std::string_view name;  ///< the protocol, as the configuration says it
    /// A character a byte: H the word of rest, K the word of the kind, D the weight with its sign and point, U the
    /// unit, M 'M' for motion or blank, X the exclusive or of all before as two characters, I a device number, L the
    /// lamp byte, B a blank or the bracket that ends D, ? anything printable; any other stands for itself.
    std::string_view form;
    std::string_view lead = {};                 ///< ends of a line that are sent before it …
    std::string_view tail = "\r\n";             ///< … and those behind it; each byte of both is an end
    std::span<const RestWord> rest = {};        ///< of H
    std::span<const KindWord> kind = {};        ///< of K; empty: the line does not say, it is as displayed
    std::span<const UnitWord> units = {};       ///< of U; empty: usual_units()
    std::span<const RestWord> instead = {};     ///< what stands in place of the digits, without blanks
    std::span<const RestWord> whole = {};       ///< lines that are said as a whole
    std::span<const RefusalWord> answers = {};  ///< whole lines again: answers that are no weight
    std::string_view kilogram = "kg";           ///< U of a kilogram, in its width
    bool no_unit_is_motion = false;             ///< a blank unit: not at rest
    bool loose_number = false;     ///< blanks or a point may stand behind the digits, brackets around the last of them
    bool addressed = false;        ///< two digits of an address may stand before the line
    char fill = ' ';               ///< before the digits, as the maker sends it: '0' behind the sign, or ' '
    char plus = '+';               ///< with fill '0'
    std::string_view source;       ///< of form and words, and how far it is to be trusted
    std::string_view unconfirmed;  ///< what is still to be seen on the device
};

/// THE table of lines.
[[nodiscard]] std::span<const LineLayout> line_layouts();
/// The row of that name, or null.
[[nodiscard]] const LineLayout* line_layout(std::string_view name);

/// One line without its end. `address` (0…99) where the layout is addressed and the indicator sends one.
[[nodiscard]] LineRead read_line(std::string_view line, const LineLayout& layout, std::optional<int> address = {});
/// A parser of such lines; `layout` outlives it.
[[nodiscard]] LineParser line_parser(const LineLayout& layout, std::optional<int> address = {});

/// The line of `weight` in kilograms with `decimals` (0…5), its ends included; blanks for the digits when over or
/// under, where the layout has no text of its own for that.
[[nodiscard]] std::string encode_line(const Indication& weight, const LineLayout& layout, int decimals,
                                      std::optional<int> address = {});

/// Takes two digits of an address off the front of `line`; false: they are missing, or not `address`.
[[nodiscard]] bool take_address(std::string_view& line, int address);

}  // namespace hefang::codec
