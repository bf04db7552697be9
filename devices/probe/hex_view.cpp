#include "probe/hex_view.hpp"

namespace hefang::probe {
namespace {

constexpr std::size_t bytes_a_line = 16;

std::string line_of(std::string_view bytes) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string hex, text;
    for (const char c : bytes) {
        const auto byte = static_cast<unsigned char>(c);
        hex += {digits[byte >> 4U], digits[byte & 0x0FU], ' '};
        text += byte >= 0x20 && byte < 0x7F ? c : '.';
    }
    hex.resize(3 * bytes_a_line, ' ');
    return hex + ' ' + text;
}

}  // namespace

std::vector<std::string> hex_view(std::string_view bytes) {
    std::vector<std::string> out;
    for (; !bytes.empty(); bytes.remove_prefix(std::min(bytes.size(), bytes_a_line)))
        out.push_back(line_of(bytes.substr(0, bytes_a_line)));
    return out;
}

}  // namespace hefang::probe
