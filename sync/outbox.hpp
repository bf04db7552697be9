#pragma once
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace hefang::sync {

/// The journal as the link to the platform sees it: canonical bytes by number, nothing inside them.
/// Implemented by gateway/store. Called on the link's thread only.
class Outbox {
  public:
    struct Entry {
        std::uint64_t sequence = 0;
        std::string bytes;  ///< one fact, exactly as it goes on the wire; at most 32 KiB
    };
    /// What presence says of the journal.
    struct Position {
        std::string epoch;
        std::uint64_t last = 0;   ///< newest committed sequence
        std::uint64_t acked = 0;  ///< the cursor: newest that the platform has stored
    };

    virtual ~Outbox() = default;

    /// Facts from `from` on, in order without gaps, at most `max`; empty when there are none yet.
    [[nodiscard]] virtual Result<std::vector<Entry>> read(std::uint64_t from, std::size_t max) = 0;

    /// Posts the platform's ack; returns before it takes effect (the core moves the cursor in a turn of its own, after
    /// it compared `head` with its own hash at `through`). A wrong head makes position() report the old cursor for
    /// ever.
    virtual void acked(std::uint64_t through, const std::string& head) = 0;

    [[nodiscard]] virtual Position position() = 0;
};

}  // namespace hefang::sync
