#pragma once
#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace hefang::sync {

/// What a gateway says of itself (contract v1 §2): retained, as the will, and every 60 s.
struct Presence {
    std::string state;    ///< "online", "offline" (the will), "stopped"
    std::string boot;     ///< the kernel's boot id
    std::string start;    ///< UUIDv7 of the process
    std::uint64_t n = 0;  ///< number of the connection within the process
    std::string epoch;
    std::uint64_t last = 0, acked = 0, feed = 0;
    std::string version;
    friend bool operator==(const Presence&, const Presence&) = default;
};

[[nodiscard]] std::string to_json(const Presence& presence);
[[nodiscard]] Result<Presence> parse_presence(std::string_view payload);

}  // namespace hefang::sync
