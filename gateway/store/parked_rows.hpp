#pragma once
#include "base/clock.hpp"
#include "store/alias.hpp"
#include "store/sqlite.hpp"
#include "store/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace hefang::store {

/// What one look at waiting receipts came to.
struct Looked {
    std::size_t forgotten = 0;
    bool at_end = false;  ///< every one has been looked at; the next look begins anew
};

/// Receipts that wait for their declaration, in the table parked. Writes go into the transaction that is open.
class ParkedRows {
  public:
    struct Row {
        std::int64_t id;
        std::string pair;                    ///< of (agentCode, copNo); empty when it does not carry both
        std::optional<KeptReceipt> receipt;  ///< none: damaged
    };

    [[nodiscard]] static Result<ParkedRows> open(Database& db);

    [[nodiscard]] std::size_t size() const noexcept { return size_; }
    /// Those that carry the key; none when too many do.
    [[nodiscard]] Result<std::optional<std::vector<Row>>> by(const Alias& alias);
    [[nodiscard]] Result<void> add(const KeptReceipt& receipt);
    [[nodiscard]] Result<void> remove(std::int64_t id);
    /// Looks at the next `max`, and forgets those that were taken more than `kept_ms` before `now`, which must be true.
    /// One that is dated 0 (taken by a clock nobody had set) or later than `now` is dated anew: its time begins with
    /// this look.
    [[nodiscard]] Result<Looked> expire(WallTime now, std::int64_t kept_ms, std::size_t max);

    /// The transaction was committed, or rolled back: what is kept in memory follows.
    void committed() noexcept { committed_ = size_; }
    void go_back() noexcept { size_ = committed_, looked_through_ = 0; }

  private:
    std::size_t size_ = 0, committed_ = 0;
    std::int64_t looked_through_ = 0;  ///< id of the row
    Statement by_pair_, by_pre_, by_invt_, insert_, delete_, next_, date_;
};

}  // namespace hefang::store
