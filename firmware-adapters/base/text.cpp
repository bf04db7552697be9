#include "base/text.hpp"

#include <cstdint>

namespace hefang {
namespace {

/// Length in bytes of the sequence at the start of `s`, 0 when it is no valid UTF-8; `point` is the code point.
std::size_t sequence_at(std::string_view s, std::uint32_t& point) {
    const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(s[i]); };
    const auto tail = [&](std::size_t i) { return i < s.size() && (byte(i) & 0xC0) == 0x80; };
    if (byte(0) < 0x80) return point = byte(0), 1;
    if ((byte(0) & 0xE0) == 0xC0 && tail(1)) {
        point = (byte(0) & 0x1FU) << 6 | (byte(1) & 0x3FU);
        return point >= 0x80 ? 2 : 0;
    }
    if ((byte(0) & 0xF0) == 0xE0 && tail(1) && tail(2)) {
        point = (byte(0) & 0x0FU) << 12 | (byte(1) & 0x3FU) << 6 | (byte(2) & 0x3FU);
        return point >= 0x800 && (point < 0xD800 || point > 0xDFFF) ? 3 : 0;
    }
    if ((byte(0) & 0xF8) == 0xF0 && tail(1) && tail(2) && tail(3)) {
        point = (byte(0) & 0x07U) << 18 | (byte(1) & 0x3FU) << 12 | (byte(2) & 0x3FU) << 6 | (byte(3) & 0x3FU);
        return point >= 0x10000 && point <= 0x10FFFF ? 4 : 0;
    }
    return 0;
}

bool is_control(std::uint32_t point) { return point < 0x20 || (point >= 0x7F && point <= 0x9F); }

}  // namespace

bool is_clean_utf8(std::string_view text) {
    while (!text.empty()) {
        std::uint32_t point = 0;
        const auto n = sequence_at(text, point);
        if (n == 0 || is_control(point)) return false;
        text.remove_prefix(n);
    }
    return true;
}

std::string_view utf8_prefix(std::string_view text, std::size_t max) {
    if (text.size() <= max) return text;
    while (max > 0 && (static_cast<std::uint8_t>(text[max]) & 0xC0) == 0x80) --max;
    return text.substr(0, max);
}

std::string to_hex(std::string_view bytes) {
    constexpr char hex[] = "0123456789abcdef";
    std::string out;
    out.reserve(bytes.size() * 2);
    for (const char c : bytes) {
        const auto b = static_cast<std::uint8_t>(c);
        out += hex[b >> 4];
        out += hex[b & 15];
    }
    return out;
}

std::string printable(std::string_view text, std::size_t max) {
    std::string out;
    while (!text.empty()) {
        std::uint32_t point = 0;
        auto n = sequence_at(text, point);
        std::string piece;
        if (n == 0 || is_control(point)) {
            n = 1;
            piece = "\\x" + to_hex(text.substr(0, 1));
        } else {
            piece = text.substr(0, n);
        }
        if (out.size() + piece.size() > max) return out + "…";
        out += piece;
        text.remove_prefix(n);
    }
    return out;
}

}  // namespace hefang
