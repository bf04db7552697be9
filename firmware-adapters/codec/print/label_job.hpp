#pragma once
#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Labels as a printer's bytes, and a printer's words about itself. Pure.
namespace hefang::codec::print {

/// Positions and sizes in tenths of a millimetre, from the top left corner of the label.
struct Text {
    int x = 0, y = 0, height = 30;
    std::string text;  ///< clean UTF-8, 1…most_text_bytes
};
struct Code128 {
    int x = 0, y = 0, height = 120;
    std::string text;  ///< printable ASCII, 1…most_code128_bytes; also written below the bars
};
struct Qr {
    int x = 0, y = 0, module = 5;
    std::string text;  ///< clean UTF-8, 1…most_qr_bytes
};
using Element = std::variant<Text, Code128, Qr>;

struct Label {
    int width = 1000, height = 1500;
    std::vector<Element> elements;  ///< 1…most_elements
};

constexpr std::size_t most_elements = 64;
constexpr std::size_t most_text_bytes = 256;
constexpr std::size_t most_code128_bytes = 48;
constexpr std::size_t most_qr_bytes = 512;
constexpr int largest_side = 3000;  ///< of a label, in tenths of a millimetre

/// What a site's printer has. `font`: one that is in the printer; for Chinese one that holds its characters.
struct Paper {
    int dots_per_mm = 8;  ///< 8: 203 dpi, 12: 300 dpi
    std::string font;     ///< ZPL: "0" or "E:SIMSUN.TTF"; TSPL: "3", "SIMSUN.TTF"
    int gap = 30;         ///< TSPL: between two labels
};

enum class Language { zpl, tspl };

/// The bytes of one label, to be printed once. Refused: an empty or too long text, one with control characters, one
/// that the code cannot hold, an element beyond the label; the words name the element.
/// ZPL: every byte with a meaning of its own goes as ^FH hexadecimal, ^CI28 says UTF-8. TSPL: a quote goes as \["];
/// a text with \[ of its own, which would be read as such a sequence, is refused. [M: Zebra ZPL II guide; TSC TSPL2]
[[nodiscard]] Result<std::string> encode(const Label& label, const Paper& paper, Language language);

}  // namespace hefang::codec::print
