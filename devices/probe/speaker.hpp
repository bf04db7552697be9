#pragma once
#include "probe/tap.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace hefang::probe {

/// A protocol of the catalogue that understands a recording.
struct Speaker {
    std::string kind;
    std::string protocol;
    std::uint64_t frames = 0;   ///< that its driver takes as valid; at least 1
    std::uint64_t refused = 0;  ///< that it refuses, for whatever reason
};

/// What speaks here? Every protocol of a scale is tried on the recording, each with its own driver and its default
/// settings; best first: most frames, then fewest refusals. Readers of codes are not tried: they take any line.
[[nodiscard]] std::vector<Speaker> speakers_of(const Recording& recording);

}  // namespace hefang::probe
