#include "print/label_job.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <optional>

namespace hefang::codec::print {
namespace {

bool is_printable_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7E; });
}

/// Why the text cannot be printed so; nothing when it can.
std::optional<std::string> fault_of_text(std::string_view text, std::size_t most, Language language) {
    if (text.empty()) return "it has no text";
    if (text.size() > most) return "its text has over " + std::to_string(most) + " bytes";
    if (!is_clean_utf8(text)) return "its text is not clean UTF-8, or has control characters";
    if (language == Language::tspl && text.find("\\[") != std::string_view::npos)
        return "its text has \\[, which TSPL takes for a control character";
    return std::nullopt;
}

struct Check {
    const Label& label;
    Language language;

    std::optional<std::string> place(int x, int y, int size) const {
        if (x < 0 || y < 0 || size < 1 || x >= label.width || y >= label.height || size > largest_side)
            return "it does not stand on the label";
        return std::nullopt;
    }
    std::optional<std::string> operator()(const Text& e) const {
        if (auto fault = place(e.x, e.y, e.height)) return fault;
        return fault_of_text(e.text, most_text_bytes, language);
    }
    std::optional<std::string> operator()(const Code128& e) const {
        if (auto fault = place(e.x, e.y, e.height)) return fault;
        if (!is_printable_ascii(e.text)) return "Code 128 holds printable ASCII only";
        return fault_of_text(e.text, most_code128_bytes, language);
    }
    std::optional<std::string> operator()(const Qr& e) const {
        if (auto fault = place(e.x, e.y, e.module)) return fault;
        return fault_of_text(e.text, most_qr_bytes, language);
    }
};

std::string dots(int tenths, const Paper& paper) { return std::to_string(tenths * paper.dots_per_mm / 10); }
int module_dots(int tenths, const Paper& paper) { return std::clamp(tenths * paper.dots_per_mm / 10, 1, 10); }

/// Field data of ZPL after ^FH: what has a meaning there goes in hexadecimal.
std::string zpl_data(std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        if (c != '^' && c != '~' && c != '_') {
            out += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        out += {'_', digits[byte >> 4U], digits[byte & 0x0FU]};
    }
    return out;
}

/// In the data of ^BC '>' begins a code set or function; ">0" is the character itself.
std::string zpl_code128(std::string_view text) {
    std::string out;
    for (const char c : text) out += c == '>' ? ">0" : std::string(1, c);
    return zpl_data(out);
}

struct Zpl {
    const Paper& paper;

    [[nodiscard]] std::string at(int x, int y) const { return "^FO" + dots(x, paper) + "," + dots(y, paper); }
    std::string operator()(const Text& e) const {
        const auto size = dots(e.height, paper);
        const bool named = paper.font.find(':') != std::string::npos;
        const auto font =
            named ? "^A@N," + size + "," + size + "," + paper.font : "^A" + paper.font + "N," + size + "," + size;
        return at(e.x, e.y) + font + "^FH^FD" + zpl_data(e.text) + "^FS\n";
    }
    std::string operator()(const Code128& e) const {
        return at(e.x, e.y) + "^BY2^BCN," + dots(e.height, paper) + ",Y,N,N^FH^FD" + zpl_code128(e.text) + "^FS\n";
    }
    std::string operator()(const Qr& e) const {
        return at(e.x, e.y) + "^BQN,2," + std::to_string(module_dots(e.module, paper)) + "^FH^FDMA," +
               zpl_data(e.text) + "^FS\n";
    }
};

std::string tspl_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) out += c == '"' ? "\\[\"]" : std::string(1, c);
    return out + "\"\r\n";
}

struct Tspl {
    const Paper& paper;

    [[nodiscard]] std::string at(int x, int y) const { return dots(x, paper) + "," + dots(y, paper); }
    std::string operator()(const Text& e) const {
        // A font of the printer's own is scaled by 1…10, a TrueType font by its size in points.
        const bool outlines = paper.font.find('.') != std::string::npos;
        const auto scale =
            std::to_string(outlines ? std::clamp(e.height * 72 / 254, 4, 999) : std::clamp(e.height / 30, 1, 10));
        return "TEXT " + at(e.x, e.y) + ",\"" + paper.font + "\",0," + scale + "," + scale + "," + tspl_text(e.text);
    }
    std::string operator()(const Code128& e) const {
        return "BARCODE " + at(e.x, e.y) + ",\"128\"," + dots(e.height, paper) + ",1,0,2,2," + tspl_text(e.text);
    }
    std::string operator()(const Qr& e) const {
        return "QRCODE " + at(e.x, e.y) + ",M," + std::to_string(module_dots(e.module, paper)) + ",A,0," +
               tspl_text(e.text);
    }
};

std::string millimetres(int tenths) { return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " mm"; }

}  // namespace

Result<std::string> encode(const Label& label, const Paper& paper, Language language) {
    const auto bad_side = [](int side) { return side < 1 || side > largest_side; };
    if (bad_side(label.width) || bad_side(label.height)) return fail(Errc::refused, "the label has no size of a label");
    if (label.elements.empty() || label.elements.size() > most_elements)
        return fail(Errc::refused, "a label has 1 to " + std::to_string(most_elements) + " elements");
    std::string body;
    for (std::size_t i = 0; i < label.elements.size(); ++i) {
        if (const auto fault = std::visit(Check{label, language}, label.elements[i]))
            return fail(Errc::refused, "element " + std::to_string(i + 1) + ": " + *fault);
        body += language == Language::zpl ? std::visit(Zpl{paper}, label.elements[i])
                                          : std::visit(Tspl{paper}, label.elements[i]);
    }
    if (language == Language::zpl)
        return "^XA^CI28^PW" + dots(label.width, paper) + "^LL" + dots(label.height, paper) + "\n" + body + "^PQ1^XZ\n";
    return "SIZE " + millimetres(label.width) + "," + millimetres(label.height) + "\r\nGAP " + millimetres(paper.gap) +
           ",0 mm\r\nCODEPAGE UTF-8\r\nCLS\r\n" + body + "PRINT 1,1\r\n";
}

}  // namespace hefang::codec::print
