#include "weight/nci.hpp"

#include <algorithm>
#include <optional>

namespace hefang::codec {
namespace {

constexpr unsigned motion_bit = 1;  // of the first digit
constexpr unsigned under_bit = 1;   // of the second, and the next two
constexpr unsigned over_bit = 2;
constexpr unsigned zero_error_bit = 8;
constexpr std::size_t places = 6;

/// The next piece between CR or LF, taken off; empty at the end.
std::string_view next_piece(std::string_view& text) {
    text.remove_prefix(std::min(text.find_first_not_of("\r\n"), text.size()));
    const auto piece = text.substr(0, text.find_first_of("\r\n"));
    text.remove_prefix(piece.size());
    return piece;
}

bool status_digit(char c) { return c >= '0' && c <= '?'; }  // 3x

std::optional<Rest> rest_of(std::string_view status) {
    if (status.size() < 3 || status[0] != 'S') return std::nullopt;
    if (!std::all_of(status.begin() + 1, status.end(), status_digit)) return std::nullopt;
    const auto first = static_cast<unsigned>(status[1]);
    const auto second = static_cast<unsigned>(status[2]);
    if ((second & zero_error_bit) != 0) return Rest::not_zeroed;
    if ((second & over_bit) != 0) return Rest::over;
    if ((second & under_bit) != 0) return Rest::under;
    return (first & motion_bit) != 0 ? Rest::motion : Rest::stable;
}

std::optional<MassUnit> unit_of(std::string_view text) {
    if (text == "KG") return MassUnit::kilogram;
    return text == "G" ? std::optional(MassUnit::gram) : unit_named(text);
}

}  // namespace

LineRead read_nci(std::string_view answer) {
    const auto refuse = [](WeightRefusal reason) { return tl::unexpected(reason); };
    auto first = next_piece(answer);
    auto status = next_piece(answer);
    if (status.empty()) std::swap(first, status);
    const auto rest = rest_of(status);
    if (!rest || !next_piece(answer).empty()) return refuse(WeightRefusal::bad_layout);
    Indication w;
    w.rest = *rest;
    if (w.rest != Rest::stable && w.rest != Rest::motion) return w;
    if (first.empty()) return refuse(WeightRefusal::busy);
    const auto digits = first.substr(0, first.find_last_of("0123456789") + 1);
    return with_weight(w, digits, unit_of(trimmed(first.substr(digits.size()))));
}

std::string encode_nci(const Indication& weight, int decimals) {
    const bool shown = weight.rest == Rest::stable || weight.rest == Rest::motion;
    const char first = weight.rest == Rest::motion ? '1' : '0';
    const char second = weight.rest == Rest::over         ? '2'
                        : weight.rest == Rest::under      ? '1'
                        : weight.rest == Rest::not_zeroed ? '8'
                                                          : '0';
    const auto text = shown ? "\n" + number_text(weight.grams, decimals, places + 1, '0', ' ') + "KG\n" : std::string();
    return text + "\rS" + first + second + "\r" + std::string(nci_ends);
}

}  // namespace hefang::codec
