#pragma once
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::receiver {

constexpr std::size_t depth_limit = 32;  ///< nesting of brackets in one message

/// Cuts a JSON array into the bytes of its elements, exactly as they were sent: nothing is parsed and written again,
/// so the slices can be hashed. Refused when the text is no array, holds more than `most` elements or is nested too
/// deeply. Inside an element only strings and brackets are followed.
[[nodiscard]] Result<std::vector<std::string_view>> slice_array(std::string_view text, std::size_t most);

/// The key of a fact and what makes it checkable. Views into the fact.
struct Envelope {
    std::string_view epoch;
    std::uint64_t sequence = 0;
    std::string_view prevhash;  ///< 64 hexadecimal digits; empty when it is not there
    std::string_view type;      ///< "hefang.passage.decided.v1"; empty when it is not there
    std::string fault;          ///< why the fact is not understood; empty when it is
};

/// Reads the top level of one fact of `gateway`. None when not even its key (epoch, sequence) can be read.
[[nodiscard]] std::optional<Envelope> read_envelope(std::string_view fact, std::string_view gateway);

}  // namespace hefang::receiver
