#include "weight/toledo.hpp"

#include <algorithm>
#include <optional>

namespace hefang::codec {
namespace {

constexpr char stx = '\x02';
constexpr char cr = '\x0D';
constexpr std::size_t weight_at = 4;
constexpr std::size_t tare_at = 10;  // and the CR of the short form
constexpr std::size_t places = 6;

std::size_t cr_of(ToledoForm form) { return form == ToledoForm::full ? tare_at + places : tare_at; }

unsigned bits(char c) { return static_cast<unsigned char>(c); }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool digit_or_blank(char c) { return digit(c) || c == ' '; }

bool laid_out(std::string_view f, std::size_t cr_at) {
    const bool status = (bits(f[1]) & 0x20U) != 0 && (bits(f[3]) & 0x20U) != 0;
    const auto digits = f.substr(weight_at, cr_at - weight_at);
    return status && f[cr_at] == cr && std::all_of(digits.begin(), digits.end(), digit_or_blank);
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

/// What the bits of status B say, the gravest first.
Rest rest_of(char status_b) {
    const auto b = bits(status_b);
    if ((b & 0x40U) != 0) return Rest::not_zeroed;
    if ((b & 4U) != 0) return (b & 2U) != 0 ? Rest::under : Rest::over;
    return (b & 8U) != 0 ? Rest::motion : Rest::stable;
}

}  // namespace

ToledoParser::Out ToledoParser::feed(std::string_view bytes) {
    Out out;
    cut_frames(held_, bytes, [&](std::string_view at) { return take(at, out); });
    return out;
}

/// How many bytes at the front of `at` are done with; 0: more are needed.
std::size_t ToledoParser::take(std::string_view at, Out& out) {
    if (at.front() != stx) {
        if (!noise_) out.refused.push_back(WeightRefusal::noise);
        noise_ = true;
        return 1;
    }
    const auto cr_at = cr_of(form_);
    const auto length = cr_at + (checksum_ == Checksum::absent ? 1 : 2);
    if (at.size() < length) return 0;
    noise_ = false;
    const auto f = at.substr(0, length);
    const auto refuse = [&](WeightRefusal reason, std::size_t used) { return out.refused.push_back(reason), used; };
    if (!laid_out(f, cr_at)) return refuse(WeightRefusal::bad_layout, 1);
    if (checksum_ != Checksum::absent && !sums_up(f)) {
        if (checksum_ == Checksum::required) return refuse(WeightRefusal::bad_checksum, 1);
        out.refused.push_back(WeightRefusal::bad_checksum);
    }
    const auto digits = number(f.substr(weight_at, places));
    const auto tare = form_ == ToledoForm::full ? number(f.substr(tare_at, places)) : -1;
    if (digits == -2 || tare == -2) return refuse(WeightRefusal::bad_layout, 1);
    Indication w;
    w.rest = rest_of(f[2]);
    w.net = (bits(f[2]) & 1U) != 0;
    w.preset = (bits(f[3]) & 0x40U) != 0 && tare > 0;
    const bool shown = w.rest == Rest::stable || w.rest == Rest::motion;
    if (digits < 0 && shown) return refuse(WeightRefusal::no_digits, length);
    const auto unit = unit_of(f[2], f[3]);
    if (!unit) return refuse(WeightRefusal::other_unit, length);
    w.unit = *unit;
    const int exponent = 2 - static_cast<int>(bits(f[1]) & 7U);
    const auto sign = (bits(f[2]) & 2U) != 0 ? -1 : 1;
    const auto grams = to_grams(shown ? sign * digits : 0, exponent, *unit);
    const auto tare_grams = to_grams(std::max<std::int64_t>(tare, 0), exponent, *unit);
    const auto step = to_grams(increment_of(f[1]), exponent, *unit);
    if (!grams || !tare_grams || !step) return refuse(WeightRefusal::too_large, length);
    w.grams = *grams;
    if (tare >= 0) w.tare = *tare_grams;
    w.digit = std::max(*step, Grams{1});
    out.take(w, f);
    return length;
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

std::string encode_toledo(const Indication& weight, int decimals, Checksum checksum, ToledoForm form) {
    const auto point = static_cast<unsigned>(2 + decimals);
    const bool out_of_range = weight.rest == Rest::over || weight.rest == Rest::under;
    unsigned b = 0x30U | (weight.net ? 1U : 0U) | (weight.rest == Rest::under || weight.grams.count < 0 ? 2U : 0U);
    b |= (out_of_range ? 4U : 0U) | (weight.rest == Rest::motion ? 8U : 0U);
    b |= weight.rest == Rest::not_zeroed ? 0x40U : 0U;
    std::string f(1, stx);
    f += static_cast<char>(0x20U | step_bits(weight.digit) << 3 | point);
    f += static_cast<char>(b);
    f += static_cast<char>(0x20U | (weight.preset ? 0x40U : 0U));
    f += out_of_range ? std::string(places, ' ') : six_digits(weight.grams, decimals);
    if (form == ToledoForm::full) f += six_digits(weight.tare.value_or(Grams{}), decimals);
    f += cr;
    if (checksum == Checksum::absent) return f;
    unsigned sum = 0;
    for (const char c : f) sum += bits(c);
    f += static_cast<char>(-sum & 0x7FU);
    return f;
}

}  // namespace hefang::codec
