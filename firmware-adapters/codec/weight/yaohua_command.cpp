#include "weight/yaohua_command.hpp"

#include "weight/yaohua.hpp"

#include <algorithm>

namespace hefang::codec {
namespace {

constexpr char stx = '\x02';
constexpr char etx = '\x03';
constexpr std::size_t frame_length = 14;
constexpr std::size_t sign_at = 3;
constexpr std::size_t decimals_at = 10;
constexpr std::size_t checksum_at = 11;

bool digit(char c) { return c >= '0' && c <= '9'; }

bool laid_out(std::string_view f) {
    return (f[sign_at] == '+' || f[sign_at] == '-') &&
           std::all_of(f.begin() + sign_at + 1, f.begin() + decimals_at, digit) && f[decimals_at] >= '0' &&
           f[decimals_at] <= '4' && f.back() == etx;
}

std::string framed(const std::string& body) { return stx + body + xor_text(body) + etx; }

}  // namespace

std::string yaohua_question(char address, YaohuaCommand command) {
    return framed({address, static_cast<char>(command)});
}

YaohuaAnswerParser::Out YaohuaAnswerParser::feed(std::string_view bytes) {
    Out out;
    cut_frames(held_, bytes, [&](std::string_view at) { return take(at, out); });
    return out;
}

/// How many bytes at the front of `at` are done with; 0: more are needed.
std::size_t YaohuaAnswerParser::take(std::string_view at, Out& out) {
    if (at.front() != stx) {
        if (!noise_) out.refused.push_back(WeightRefusal::noise);
        noise_ = true;
        return 1;
    }
    if (at.size() < frame_length) return 0;
    noise_ = false;
    const auto f = at.substr(0, frame_length);
    const auto refuse = [&](WeightRefusal reason, std::size_t used) { return out.refused.push_back(reason), used; };
    if (!laid_out(f)) return refuse(WeightRefusal::bad_layout, 1);
    if (f.substr(checksum_at, 2) != xor_text(f.substr(1, checksum_at - 1)))
        return refuse(WeightRefusal::bad_checksum, 1);
    if (f[1] != address_) return refuse(WeightRefusal::other_address, frame_length);
    if (f[2] != static_cast<char>(command_)) return refuse(WeightRefusal::other_kind, frame_length);
    std::int64_t digits = 0;
    for (const char c : f.substr(sign_at + 1, 6)) digits = digits * 10 + (c - '0');
    const int exponent = '0' - f[decimals_at];
    // Six digits in tonnes are 10^12 g at most: never beyond to_grams.
    const auto grams = to_grams(f[sign_at] == '-' ? -digits : digits, exponent, unit_).value_or(Grams{});
    const auto step = to_grams(1, exponent, unit_).value_or(Grams{1});
    out.take({.grams = grams, .digit = std::max(step, Grams{1}), .net = command_ == YaohuaCommand::net, .unit = unit_},
             f);
    return frame_length;
}

std::string encode_yaohua_answer(char address, YaohuaCommand command, Grams grams, int decimals) {
    return framed(std::string{address, static_cast<char>(command)} + yaohua_digits(grams, decimals));
}

}  // namespace hefang::codec
