#include "probe/word_order.hpp"

#include <bit>

namespace hefang::probe {
namespace {

std::uint32_t word(std::uint16_t high, std::uint16_t low) { return std::uint32_t{high} << 16U | low; }
std::uint16_t swapped(std::uint16_t r) { return static_cast<std::uint16_t>(r << 8U | r >> 8U); }

}  // namespace

std::int32_t OrderedWord::as_signed() const { return static_cast<std::int32_t>(bits); }
float OrderedWord::as_float() const { return std::bit_cast<float>(bits); }

std::array<OrderedWord, 4> word_orders(std::uint16_t first, std::uint16_t second) {
    return {{{"ABCD", word(first, second)},
             {"CDAB", word(second, first)},
             {"BADC", word(swapped(first), swapped(second))},
             {"DCBA", word(swapped(second), swapped(first))}}};
}

}  // namespace hefang::probe
