#pragma once
#include "base/units.hpp"
#include "weight/mass.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::codec {

/// What an indicator's own word says of the load. `over`, `under`: the line has no weight then.
enum class Rest { stable, motion, over, under };

struct RestWord {
    std::string_view text;
    Rest rest;
};
struct KindWord {
    std::string_view text;
    bool net;
};

/// One maker's line: ASCII of a fixed length, CR or LF behind it. The length is part of the check, for no line has a
/// checksum: a line that lost a byte, or its begin, is none.
struct LineLayout {
    std::string_view name;  ///< the protocol, as the configuration says it
    /// A character a byte: H the word of rest, K the word of the kind, D the weight with its sign and point, U the
    /// unit, I a device number, L the lamp byte; any other stands for itself.
    std::string_view form;
    std::span<const RestWord> rest;
    std::span<const KindWord> kind;  ///< empty: the line does not say, it is as displayed
    bool addressed;                  ///< two digits of an address may stand before the line
    char fill;                       ///< before the digits, as the maker sends it: '0' behind the sign, or ' '
    std::string_view source;         ///< of form and words, and how far it is to be trusted
    std::string_view unconfirmed;    ///< what is still to be seen on the device
};

/// THE table of lines.
[[nodiscard]] std::span<const LineLayout> line_layouts();
/// The row of that name, or null.
[[nodiscard]] const LineLayout* line_layout(std::string_view name);

struct LineWeight {
    Grams grams;     ///< as displayed (gross or net), signed; 0 when over or under
    Grams digit{1};  ///< the worth of the last digit, at least 1 g: the display's step or a part of it
    Rest rest = Rest::stable;
    bool net = false;
    friend bool operator==(const LineWeight&, const LineWeight&) = default;
};

/// Why a line is not used. One counter each.
enum class LineRefusal {
    too_long,       ///< more than longest_line bytes without an end; dropped up to the next end
    bad_layout,     ///< another length, or not the commas, blanks or lamp byte where they must be
    other_address,  ///< another address than the configured one, or none; or an address where none is configured
    other_status,   ///< a word of rest that the layout does not have, e.g. QT (a number of pieces)
    other_kind,     ///< neither gross nor net: a tare, a total, raw points
    no_digits,      ///< a blank weight that is not out of range
    bad_number,     ///< not: blanks, a sign, blanks, digits with at most one point
    other_unit,     ///< pounds, ounces, none: not converted
    too_large       ///< beyond any scale
};
[[nodiscard]] std::string_view name(LineRefusal reason);

/// Stream → weights, line by line. Holds at most longest_line bytes, whatever comes in.
class LineParser {
  public:
    static constexpr std::size_t longest_line = 64;
    struct Out {
        std::vector<LineWeight> weights;
        std::vector<LineRefusal> refused;
    };
    /// `layout` outlives the parser. `address` (0…99) where the layout is addressed and the indicator sends one.
    explicit LineParser(const LineLayout& layout, std::optional<int> address = {})
        : layout_(&layout), address_(address) {}
    [[nodiscard]] Out feed(std::string_view bytes);
    /// Forgets a line that has begun: for a new connection.
    void drop() { held_.clear(), skipping_ = false; }
    [[nodiscard]] std::size_t held() const { return held_.size(); }

  private:
    void end(Out& out);

    const LineLayout* layout_;
    std::optional<int> address_;
    std::string held_;
    bool skipping_ = false;  // a line that was too long, up to its end
};

/// The line of `weight` in kilograms with `decimals` (0…5), CR LF included; blanks for the digits when over or under.
[[nodiscard]] std::string encode_line(const LineWeight& weight, const LineLayout& layout, int decimals,
                                      std::optional<int> address = {});

}  // namespace hefang::codec
