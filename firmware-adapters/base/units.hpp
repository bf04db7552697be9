#pragma once
#include <compare>
#include <cstdint>

namespace hefang {

/// A mass in whole grams; never a floating-point number. Negative values are real readings of a scale below zero.
struct Grams {
    std::int64_t count = 0;
    friend constexpr auto operator<=>(Grams, Grams) = default;
    friend constexpr Grams operator+(Grams a, Grams b) { return {a.count + b.count}; }
    friend constexpr Grams operator-(Grams a, Grams b) { return {a.count - b.count}; }
};

[[nodiscard]] constexpr Grams abs(Grams g) { return {g.count < 0 ? -g.count : g.count}; }

constexpr Grams operator""_g(unsigned long long n) { return {static_cast<std::int64_t>(n)}; }
constexpr Grams operator""_kg(unsigned long long n) { return {static_cast<std::int64_t>(n) * 1000}; }

}  // namespace hefang
