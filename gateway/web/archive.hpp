#pragma once
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hefang::web {

/// The journal as screens read it. Declared here, implemented by the gateway's wiring over a read-only view of the
/// store. Called on the web thread only; a call holds everything else of that thread up, so it must end within 100 ms.
class Archive {
  public:
    struct Entry {
        std::uint64_t sequence = 0;
        std::string bytes;  ///< one fact, canonical JSON, exactly as on the wire
    };

    virtual ~Archive() = default;

    /// Facts from `from` on in ascending order, at most `max`; empty when there are none, or none can be read now.
    /// The first may be newer than `from` when older ones were pruned.
    [[nodiscard]] virtual std::vector<Entry> facts(std::uint64_t from, std::size_t max) = 0;

    /// Newest committed sequence; 0 when there is none.
    [[nodiscard]] virtual std::uint64_t last() = 0;

    /// The time line of any number, as one JSON value. not_found when nothing knows it.
    [[nodiscard]] virtual Result<std::string> track_json(const std::string& number) = 0;
};

}  // namespace hefang::web
