#include "customs/kilograms.hpp"

#include "customs/limits.hpp"

namespace hefang::customs {
namespace {

bool all_digits(std::string_view text) { return text.find_first_not_of("0123456789") == std::string_view::npos; }

}  // namespace

Result<Grams> grams_of_kilograms(std::string_view text) {
    if (text.starts_with('-')) return fail(Errc::refused, "is negative");
    if (text.starts_with('+')) text.remove_prefix(1);
    const auto dot = text.find('.');
    auto whole = text.substr(0, dot);
    const auto fraction = dot == std::string_view::npos ? std::string_view{} : text.substr(dot + 1);
    if ((whole.empty() && fraction.empty()) || !all_digits(whole) || !all_digits(fraction)) {
        return fail(Errc::refused, "is no decimal number");
    }
    while (whole.starts_with('0')) whole.remove_prefix(1);
    if (whole.size() > 10) return fail(Errc::refused, "is more than 1000000000 kg");
    std::int64_t kilograms = 0;
    for (const char c : whole) kilograms = kilograms * 10 + (c - '0');
    const bool more = fraction.find_first_not_of('0') != std::string_view::npos;
    if (kilograms > limits::kilograms || (kilograms == limits::kilograms && more)) {
        return fail(Errc::refused, "is more than 1000000000 kg");
    }
    std::int64_t thousandths = 0;
    for (std::size_t i = 0; i < 3; ++i) thousandths = thousandths * 10 + (i < fraction.size() ? fraction[i] - '0' : 0);
    if (fraction.size() > 3 && fraction[3] >= '5') ++thousandths;
    return Grams{kilograms * 1000 + thousandths};
}

}  // namespace hefang::customs
