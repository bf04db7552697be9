#pragma once
#include <array>
#include <cstdint>
#include <string_view>

namespace hefang::probe {

/// Two registers of a Modbus weight read as one number. The name says where the bytes A (highest) to D lie on the wire.
struct OrderedWord {
    std::string_view order;  ///< "ABCD", "CDAB", "BADC", "DCBA"
    std::uint32_t bits = 0;
    [[nodiscard]] std::int32_t as_signed() const;
    [[nodiscard]] float as_float() const;
};

/// `first` has the lower address.
[[nodiscard]] std::array<OrderedWord, 4> word_orders(std::uint16_t first, std::uint16_t second);

}  // namespace hefang::probe
