#include "weight/yaohua.hpp"

#include <algorithm>
#include <cstdint>

namespace hefang::codec {
namespace {

constexpr char stx = '\x02';
constexpr char etx = '\x03';
constexpr std::size_t frame_length = 12;
constexpr std::string_view hex = "0123456789ABCDEF";

bool digit(char c) { return c >= '0' && c <= '9'; }

/// 0…4, or −1.
int decimals_of(char c) {
    if (c >= '0' && c <= '4') return c - '0';
    return c >= 0 && c <= 4 ? c : -1;
}

bool laid_out(std::string_view f) {
    return (f[1] == '+' || f[1] == '-') && std::all_of(f.begin() + 2, f.begin() + 8, digit) && decimals_of(f[8]) >= 0 &&
           f[11] == etx;
}

/// Two characters: the exclusive or of sign, digits and decimals.
std::string checksum_of(std::string_view f) { return xor_text(f.substr(1, 8)); }

}  // namespace

std::string xor_text(std::string_view bytes) {
    unsigned x = 0;
    for (const char c : bytes) x ^= static_cast<unsigned char>(c);
    return {hex[x >> 4 & 15U], hex[x & 15U]};
}

YaohuaParser::Out YaohuaParser::feed(std::string_view bytes) {
    Out out;
    cut_frames(held_, bytes, [&](std::string_view at) { return take(at, out); });
    return out;
}

/// How many bytes at the front of `at` are done with; 0: more are needed.
std::size_t YaohuaParser::take(std::string_view at, Out& out) {
    if (at.front() != stx) {
        if (!noise_) out.refused.push_back(WeightRefusal::noise);
        noise_ = true;
        return 1;
    }
    if (at.size() < frame_length) return 0;
    noise_ = false;
    const auto f = at.substr(0, frame_length);
    if (!laid_out(f)) {
        out.refused.push_back(WeightRefusal::bad_layout);
        return 1;
    }
    if (f.substr(9, 2) != checksum_of(f)) {
        out.refused.push_back(WeightRefusal::bad_checksum);
        // A raw number of decimals may be a NUL that stands for a byte of wrong parity: then the weight is anything.
        if (checksum_ != Checksum::log_only || !digit(f[8])) return 1;
    }
    std::int64_t digits = 0;
    for (const char c : f.substr(2, 6)) digits = digits * 10 + (c - '0');
    const int exponent = -decimals_of(f[8]);
    // Six digits in tonnes are 10^12 g at most: never beyond to_grams.
    const auto grams = to_grams(f[1] == '-' ? -digits : digits, exponent, unit_).value_or(Grams{});
    const auto step = to_grams(1, exponent, unit_).value_or(Grams{1});
    out.take({.grams = grams, .digit = std::max(step, Grams{1}), .unit = unit_}, f);
    return frame_length;
}

std::string yaohua_digits(Grams grams, int decimals) {
    std::int64_t divisor = 1;
    for (int i = decimals; i < 3; ++i) divisor *= 10;
    std::int64_t value = abs(grams).count / divisor;
    for (int i = 3; i < decimals; ++i) value *= 10;
    const auto text = std::to_string(value % 1'000'000);
    return (grams.count < 0 ? "-" : "+") + std::string(6 - text.size(), '0') + text + static_cast<char>('0' + decimals);
}

std::string encode_yaohua(Grams grams, int decimals, bool raw_decimals) {
    auto f = stx + yaohua_digits(grams, decimals);
    if (raw_decimals) f.back() = static_cast<char>(decimals);
    return f + checksum_of(f) + etx;
}

}  // namespace hefang::codec
