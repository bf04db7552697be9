#pragma once
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace hefang::sync {

/// How far the platform has stored one journal (contract v1 §4, unsigned mode).
struct Ack {
    std::string epoch;
    std::uint64_t through = 0;
    std::string head;             ///< 64 hexadecimal digits; zeros exactly when `through` is 0
    std::size_t quarantined = 0;  ///< facts the platform stored but could not understand
};

/// Why an ack was refused: each has its own counter.
enum class AckFault : std::uint8_t { too_large, not_json, audience, members };

[[nodiscard]] std::string_view counter_of(AckFault fault);

/// Reads the bare JSON object of the unsigned mode. Members that are not known are ignored.
[[nodiscard]] tl::expected<Ack, AckFault> parse_ack(std::string_view payload, std::string_view gateway);

}  // namespace hefang::sync
