#pragma once
#include "core/fact.hpp"
#include "digest/sha256.hpp"
#include "evidence/event.hpp"
#include "store/sqlite.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

namespace hefang::store {

/// The newest fact: what the next one builds on.
struct Head {
    std::uint64_t sequence = 0;  ///< 0: no fact yet
    Digest hash{};
    WallTime recorded;  ///< the next fact is never recorded earlier
    friend bool operator==(const Head&, const Head&) = default;
};

/// Appends facts: number, canonical bytes, hash, chain. Writes go into the transaction that is open.
class Journal {
  public:
    /// Reads the newest row and checks it against its hash and number; Errc::corrupt when it does not hold.
    [[nodiscard]] static Result<Journal> open(Database& db, evidence::Envelope envelope);

    [[nodiscard]] Result<void> append(const core::Fact& fact, const Now& now);

    [[nodiscard]] const Head& head() const noexcept { return head_; }
    /// Canonical bytes of the fact appended last; until the next append().
    [[nodiscard]] std::string_view newest_bytes() const noexcept { return buffer_; }
    void go_back(const Head& head) { head_ = head; }

    [[nodiscard]] Result<Digest> hash_at(std::uint64_t sequence);  ///< zeros for 0
    /// Facts behind `sequence`, oldest first, until `each` says no. The bytes live for that call only.
    [[nodiscard]] Result<void> after(std::uint64_t sequence,
                                     const std::function<bool(std::uint64_t, std::string_view)>& each);

  private:
    explicit Journal(evidence::Envelope envelope) : writer_(std::move(envelope)) {}
    Result<void> read_head(Database& db);

    evidence::EventWriter writer_;
    Head head_;
    std::string buffer_;
    Statement insert_, hash_, after_;
};

}  // namespace hefang::store
