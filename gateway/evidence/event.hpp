#pragma once
#include "base/clock.hpp"
#include "base/result.hpp"
#include "core/fact.hpp"
#include "digest/sha256.hpp"
#include "evidence/limits.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace hefang::evidence {

/// What every fact of one journal says beside itself.
struct Envelope {
    std::string gateway;
    std::string location;                      ///< EPCIS bizLocation; empty = the gateway id
    std::string epoch;                         ///< UUIDv7 of the journal
    std::string boot;                          ///< the kernel's boot id; empty = member absent
    std::string utc_offset = "+08:00";         ///< of the site's people; times themselves are UTC
    std::map<std::string, std::string> flows;  ///< lane id → flow ("parcel-sort"); a lane not named has no such member
};

/// Writes facts as CloudEvents in canonical form (contract v1 §3; RFC 8785). Holds no state but the envelope.
class EventWriter {
  public:
    explicit EventWriter(Envelope envelope);

    /// Replaces `out` by the bytes of one fact, always shorter than event_bytes. `now.wall` is the time of recording.
    void write(const core::Fact& fact, std::uint64_t sequence, const Digest& prevhash, const Now& now,
               std::string& out) const;

    [[nodiscard]] const Envelope& envelope() const noexcept { return envelope_; }

  private:
    Envelope envelope_;
    std::string read_point_, source_, id_;  ///< their constant parts
};

/// The hash of a fact is SHA-256 of its bytes; of nothing (before the first fact) it is 32 zero bytes.
[[nodiscard]] inline Digest hash_of(std::string_view event) { return sha256(event); }

/// A fact read back from the journal.
struct StoredEvent {
    std::uint64_t sequence = 0;
    std::string epoch;
    Digest prevhash{};
    std::string type;  ///< wire name without prefix and version: "passage.decided"
    Now recorded;      ///< recordedtime, mono and clock
    std::string boot;  ///< empty when absent
    core::Fact fact;
};

/// Reads what EventWriter wrote. Bytes are not trusted: size, depth, doubled names, types and ranges are checked, and a
/// fact type that is not known here is refused. Members that are not known are ignored.
[[nodiscard]] Result<StoredEvent> parse_event(std::string_view bytes);

}  // namespace hefang::evidence
