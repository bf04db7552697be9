#include "weight/toledo.hpp"

#include <algorithm>
#include <optional>

namespace hefang::codec {
namespace {

constexpr char stx = '\x02';
constexpr char cr = '\x0D';
constexpr std::size_t weight_at = 4;
constexpr std::size_t tare_at = 10;
constexpr std::size_t cr_at = 16;

unsigned bits(char c) { return static_cast<unsigned char>(c); }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool digit_or_blank(char c) { return digit(c) || c == ' '; }

bool laid_out(std::string_view f) {
    const bool status = (bits(f[1]) & 0x20U) != 0 && (bits(f[3]) & 0x20U) != 0;
    return status && f[cr_at] == cr && std::all_of(f.begin() + weight_at, f.begin() + cr_at, digit_or_blank);
}

/// The sum of all bytes, checksum included, is 0 in its low seven bits.
bool sums_up(std::string_view f) {
    unsigned sum = 0;
    for (const char c : f) sum += bits(c);
    return (sum & 0x7FU) == 0;
}

/// Blanks then digits; −1 for blanks alone, −2 for a blank behind a digit.
std::int64_t number(std::string_view six) {
    const auto first = six.find_first_not_of(' ');
    if (first == std::string_view::npos) return -1;
    std::int64_t value = 0;
    for (const char c : six.substr(first)) {
        if (!digit(c)) return -2;
        value = value * 10 + (c - '0');
    }
    return value;
}

/// Status C bits 2…0, with status B bit 4 for the usual two (manual of the Mettler Toledo continuous format).
std::optional<MassUnit> unit_of(char status_b, char status_c) {
    switch (bits(status_c) & 7U) {
        case 0: return (bits(status_b) & 0x10U) != 0 ? std::optional(MassUnit::kilogram) : std::nullopt;
        case 1: return MassUnit::gram;
        case 2: return MassUnit::tonne;
        default: return std::nullopt;
    }
}

int increment_of(char status_a) {
    switch (bits(status_a) >> 3 & 3U) {
        case 2: return 2;
        case 3: return 5;
        default: return 1;
    }
}

}  // namespace

std::string_view name(ToledoRefusal reason) {
    switch (reason) {
        case ToledoRefusal::noise: return "noise";
        case ToledoRefusal::bad_layout: return "bad-layout";
        case ToledoRefusal::bad_checksum: return "bad-checksum";
        case ToledoRefusal::no_digits: return "no-digits";
        case ToledoRefusal::other_unit: return "other-unit";
        case ToledoRefusal::too_large: return "too-large";
    }
    return "unknown";
}

ToledoParser::Out ToledoParser::feed(std::string_view bytes) {
    Out out;
    while (!bytes.empty()) {
        const auto piece = bytes.substr(0, 256);
        bytes.remove_prefix(piece.size());
        held_ += piece;
        std::size_t used = 0;
        while (used < held_.size()) {
            const auto n = take(std::string_view(held_).substr(used), out);
            if (n == 0) break;
            used += n;
        }
        held_.erase(0, used);
    }
    return out;
}

/// How many bytes at the front of `at` are done with; 0: more are needed.
std::size_t ToledoParser::take(std::string_view at, Out& out) {
    if (at.front() != stx) {
        if (!noise_) out.refused.push_back(ToledoRefusal::noise);
        noise_ = true;
        return 1;
    }
    if (at.size() < length()) return 0;
    noise_ = false;
    const auto f = at.substr(0, length());
    const auto refuse = [&](ToledoRefusal reason, std::size_t used) { return out.refused.push_back(reason), used; };
    if (!laid_out(f)) return refuse(ToledoRefusal::bad_layout, 1);
    if (checksum_ != Checksum::absent && !sums_up(f)) {
        if (checksum_ == Checksum::required) return refuse(ToledoRefusal::bad_checksum, 1);
        out.refused.push_back(ToledoRefusal::bad_checksum);
    }
    ToledoWeight w;
    const auto digits = number(f.substr(weight_at, 6));
    const auto tare = number(f.substr(tare_at, 6));
    if (digits == -2 || tare == -2) return refuse(ToledoRefusal::bad_layout, 1);
    w.net = (bits(f[2]) & 1U) != 0;
    w.negative = (bits(f[2]) & 2U) != 0;
    w.out_of_range = (bits(f[2]) & 4U) != 0;
    w.motion = (bits(f[2]) & 8U) != 0;
    w.not_zeroed = (bits(f[2]) & 0x40U) != 0;
    if (digits < 0 && !w.out_of_range) return refuse(ToledoRefusal::no_digits, f.size());
    const auto unit = unit_of(f[2], f[3]);
    if (!unit) return refuse(ToledoRefusal::other_unit, f.size());
    const int exponent = 2 - static_cast<int>(bits(f[1]) & 7U);
    const auto sign = w.negative ? -1 : 1;
    const auto grams = to_grams(sign * std::max<std::int64_t>(digits, 0), exponent, *unit);
    const auto tare_grams = to_grams(std::max<std::int64_t>(tare, 0), exponent, *unit);
    const auto step = to_grams(increment_of(f[1]), exponent, *unit);
    if (!grams || !tare_grams || !step) return refuse(ToledoRefusal::too_large, f.size());
    w.grams = *grams;
    w.tare = *tare_grams;
    w.step = std::max(*step, Grams{1});
    out.weights.push_back(w);
    return f.size();
}

namespace {

/// Six places, right-aligned, blanks for leading zeros.
std::string six_digits(Grams grams, int decimals) {
    std::int64_t divisor = 1;
    for (int i = decimals; i < 3; ++i) divisor *= 10;
    std::int64_t digits = abs(grams).count / divisor;
    for (int i = 3; i < decimals; ++i) digits *= 10;
    auto text = std::to_string(digits % 1'000'000);
    return std::string(6 - text.size(), ' ') + text;
}

/// Status A bits 4…3: 01, 10, 11 for steps of 1, 2, 5 digits.
unsigned step_bits(Grams step) {
    auto digit_of = step.count;
    while (digit_of >= 10) digit_of /= 10;
    return digit_of == 5 ? 3U : digit_of == 2 ? 2U : 1U;
}

}  // namespace

std::string encode_toledo(const ToledoWeight& weight, int decimals, Checksum checksum) {
    const auto point = static_cast<unsigned>(2 + decimals);
    unsigned b = 0x30U | (weight.net ? 1U : 0U) | (weight.negative || weight.grams.count < 0 ? 2U : 0U);
    b |= (weight.out_of_range ? 4U : 0U) | (weight.motion ? 8U : 0U) | (weight.not_zeroed ? 0x40U : 0U);
    std::string f(1, stx);
    f += static_cast<char>(0x20U | step_bits(weight.step) << 3 | point);
    f += static_cast<char>(b);
    f += ' ';
    f += weight.out_of_range ? std::string(6, ' ') : six_digits(weight.grams, decimals);
    f += six_digits(weight.tare, decimals);
    f += cr;
    if (checksum == Checksum::absent) return f;
    unsigned sum = 0;
    for (const char c : f) sum += bits(c);
    f += static_cast<char>(-sum & 0x7FU);
    return f;
}

}  // namespace hefang::codec
