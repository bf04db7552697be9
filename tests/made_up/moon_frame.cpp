#include "made_up/moon_frame.hpp"

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <utility>

namespace hefang::codec {
namespace {

constexpr char stx = '\x02', etx = '\x03';

/// Of what stands behind STX.
std::string checksum(std::string_view body) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    unsigned x = 0;
    for (const char c : body) x ^= static_cast<unsigned char>(c);
    return {digits[x >> 4U & 0x0FU], digits[x & 0x0FU]};
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string_view name(MoonRefusal reason) {
    switch (reason) {
        case MoonRefusal::bad_length: return "bad-length";
        case MoonRefusal::bad_checksum: return "bad-checksum";
        case MoonRefusal::bad_layout: return "bad-layout";
    }
    return "bad-layout";
}

MoonParser::Out MoonParser::feed(std::string_view bytes) {
    Out out;
    for (const char c : bytes) {
        if (c == stx) {
            if (!held_.empty()) out.refused.push_back(MoonRefusal::bad_length);
            held_ = stx;
        } else if (!held_.empty()) {
            held_ += c;
            if (c == etx || held_.size() == frame_length) end(out);
        }  // else noise between frames
    }
    return out;
}

void MoonParser::end(Out& out) {
    const auto frame = std::exchange(held_, {});
    if (frame.size() != frame_length || frame.back() != etx) return out.refused.push_back(MoonRefusal::bad_length);
    const auto body = std::string_view(frame).substr(1, 8);
    if (checksum(body) != frame.substr(9, 2)) return out.refused.push_back(MoonRefusal::bad_checksum);
    const bool known = std::string_view("SUO").find(body[0]) != std::string_view::npos;
    const bool sign = body[1] == '+' || body[1] == '-';
    if (!known || !sign || !std::all_of(body.begin() + 2, body.end(), is_digit))
        return out.refused.push_back(MoonRefusal::bad_layout);
    std::int64_t grams = 0;
    std::from_chars(body.data() + 2, body.data() + body.size(), grams);
    const bool over = body[0] == 'O';
    out.weights.push_back({Grams{over ? 0 : body[1] == '-' ? -grams : grams}, body[0] == 'U', over});
}

std::string moon_frame(const MoonWeight& weight) {
    auto digits = std::to_string(std::abs(weight.grams.count));
    digits.insert(0, 6 - std::min<std::size_t>(6, digits.size()), '0');
    const std::string body = std::string(weight.overload ? "O"
                                         : weight.motion ? "U"
                                                         : "S") +
                             (weight.grams.count < 0 ? '-' : '+') + digits;
    return stx + body + checksum(body) + etx;
}

}  // namespace hefang::codec
