#pragma once
#include "base/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hefang::codec {

enum class MassUnit { gram, kilogram, tonne };

/// What a scale's checksum is worth. `log_only`: a wrong one is counted and the frame used (clones that send a fixed
/// one); `absent`: the format's variant that has none.
enum class Checksum { required, log_only, absent };

/// digits × 10^exponent units in whole grams, by integer arithmetic alone; a half gram is rounded away from zero.
/// `exponent` −9…9. Nothing when the result is beyond 10^12 g.
[[nodiscard]] std::optional<Grams> to_grams(std::int64_t digits, int exponent, MassUnit unit);

/// digits × 10^−decimals.
struct Decimal {
    std::int64_t digits = 0;
    int decimals = 0;
    friend bool operator==(const Decimal&, const Decimal&) = default;
};

/// "0012.34": digits and nothing else, or digits, one point and digits; at most most_places of them. No sign, no blank.
constexpr std::size_t most_places = 12;
[[nodiscard]] std::optional<Decimal> decimal(std::string_view text);

/// The other way: "12.340" for 12340 g with 3 decimals (0…5) of a kilogram; without sign, cut off, not rounded.
[[nodiscard]] std::string decimal_text(Grams grams, int decimals);

}  // namespace hefang::codec
