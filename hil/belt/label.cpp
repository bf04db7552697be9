#include "belt/label.hpp"

#include "number/check_digit.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <memory>

namespace hefang::hil {
namespace {

struct FormatRow {
    std::string_view name;
    const char* zint;  ///< value of its option -b
    int row_height;    ///< modules; of a linear code the height of its bars
    int quiet;         ///< modules of white on each side
    bool check;        ///< zint adds a digit of modulus 10
    int shortest, longest;
    const char* alphabet;
};
constexpr const char* digits = "0123456789";
constexpr const char* capitals = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::array rows{
    FormatRow{"Code128", "CODE128", 45, 10, false, 8, 18, capitals},
    FormatRow{"Code39", "CODE39", 45, 10, false, 6, 12, capitals},
    FormatRow{"ITF", "C25INTER", 45, 10, false, 8, 14, digits},
    FormatRow{"EAN-13", "EANX", 45, 11, true, 12, 12, digits},
    FormatRow{"EAN-8", "EANX", 40, 9, true, 7, 7, digits},
    FormatRow{"UPC-A", "UPCA", 45, 10, true, 11, 11, digits},
    FormatRow{"UPC-E", "UPCE", 40, 10, false, 6, 6, digits},
    FormatRow{"QRCode", "QRCODE", 1, 4, false, 10, 30, capitals},
    FormatRow{"DataMatrix", "DATAMATRIX --square", 1, 3, false, 10, 30, capitals},
    FormatRow{"PDF417", "PDF417", 3, 4, false, 10, 30, capitals},
};

const FormatRow* row_of(std::string_view format) {
    const auto at = std::find_if(rows.begin(), rows.end(), [&](const FormatRow& r) { return r.name == format; });
    return at == rows.end() ? nullptr : &*at;
}

/// `body` with the digit that makes `whole` (the same number written out) right.
std::string with_check(const std::string& body, const std::string& whole) {
    for (char digit = '0'; digit <= '9'; ++digit)
        if (number::gs1_check(whole + digit)) return body + digit;
    return body;
}

/// The eleven digits of UPC-A that the six of UPC-E stand for (GS1 General Specifications, 5.2.2.4.2).
std::string upc_e_expanded(const std::string& six) {
    switch (six[5]) {
        case '0':
        case '1':
        case '2': return "0" + six.substr(0, 2) + six[5] + "0000" + six.substr(2, 3);
        case '3': return "0" + six.substr(0, 3) + "00000" + six.substr(3, 2);
        case '4': return "0" + six.substr(0, 4) + "00000" + six[4];
        default: return "0" + six.substr(0, 5) + "0000" + six[5];
    }
}

/// The modules as zint's text format has them: a row a line, four modules a digit, filled up with white.
Result<std::vector<std::string>> modules_of(const FormatRow& row, const std::string& text) {
    const std::string command =
        std::string("zint --direct --filetype=TXT -b ") + row.zint + " -d '" + text + "' 2>/dev/null";
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> out(::popen(command.c_str(), "r"), ::pclose);
    if (!out) return fail(Errc::unreachable, "zint could not be started");
    std::vector<std::string> lines(1);
    for (int c = std::fgetc(out.get()); c != EOF; c = std::fgetc(out.get())) {
        if (c == '\n') lines.emplace_back();
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
        for (int bit = 3; bit >= 0 && digit >= 0; --bit) lines.back() += (digit >> bit & 1) != 0 ? '1' : '0';
    }
    while (!lines.empty() && lines.back().empty()) lines.pop_back();
    if (lines.empty()) return fail(Errc::not_found, "nothing was written (apt-get install zint): " + command);
    return lines;
}

}  // namespace

const std::vector<std::string>& label_formats() {
    static const std::vector<std::string> all = [] {
        std::vector<std::string> names;
        for (const auto& r : rows) names.emplace_back(r.name);
        return names;
    }();
    return all;
}

Result<Label> make_label(std::string_view format, const std::string& text) {
    const auto* row = row_of(format);
    if (row == nullptr) return fail(Errc::refused, "no labels of the format " + std::string(format));
    if (text.find_first_not_of(std::string(capitals) + "-") != std::string::npos)
        return fail(Errc::refused, "a label holds digits, capitals and '-' only");
    auto lines = modules_of(*row, text);
    if (!lines) return tl::unexpected(lines.error());
    Label label{std::string(format), text, 0, 0, row->row_height, {}};
    if (row->check) label.text = with_check(text, text);
    if (format == "UPC-E") label.text = with_check("0" + text, upc_e_expanded(text));
    const auto quiet = static_cast<std::size_t>(row->quiet);
    std::size_t width = 0;
    for (const auto& line : *lines) width = std::max(width, line.size());
    const bool matrix = row->row_height < 10;
    const std::size_t above =
        matrix ? (quiet + static_cast<std::size_t>(row->row_height) - 1) / static_cast<std::size_t>(row->row_height)
               : 0;
    label.columns = static_cast<int>(width + 2 * quiet);
    label.rows = static_cast<int>(lines->size() + 2 * above);
    label.modules.assign(static_cast<std::size_t>(label.columns * label.rows), 0);
    for (std::size_t y = 0; y < lines->size(); ++y)
        for (std::size_t x = 0; x < (*lines)[y].size(); ++x)
            label.modules[(y + above) * static_cast<std::size_t>(label.columns) + quiet + x] =
                (*lines)[y][x] == '1' ? 1 : 0;
    return label;
}

std::string label_text(std::string_view format, std::uint64_t random) {
    const auto* row = row_of(format);
    if (row == nullptr) return {};
    const std::string_view alphabet = row->alphabet;
    const auto next = [&random](std::uint64_t below) {
        random = random * 6364136223846793005ULL + 1442695040888963407ULL;
        return (random >> 33U) % below;
    };
    std::size_t length =
        static_cast<std::size_t>(row->shortest) + next(static_cast<std::uint64_t>(row->longest - row->shortest + 1));
    if (format == "ITF") length -= length % 2;
    std::string text;
    while (text.size() < length) text += alphabet[next(alphabet.size())];
    // Not every six digits are a UPC-E; those that end in 0, 1 or 2 are.
    if (format == "UPC-E") text.back() = static_cast<char>('0' + next(3));
    return text;
}

}  // namespace hefang::hil
