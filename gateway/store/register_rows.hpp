#pragma once
#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/counters.hpp"
#include "core/clearance.hpp"
#include "store/sqlite.hpp"
#include "store/stream.hpp"

namespace hefang::store {

/// What a message did to the register.
struct Taken {
    enum class Outcome {
        taken,     ///< something is known now that was not
        repeated,  ///< known already, nothing changed
        parked,    ///< a receipt whose declaration is not here yet; it joins when that comes
        overfull,  ///< its declaration has no room for it: left out, and that declaration frees nobody any more
    };
    Outcome outcome = Outcome::repeated;
    std::vector<std::string> waybills;  ///< whose clearance may be another now, each once
};

/// A key by which a stream is known, as in the table.
struct Alias {
    enum class Kind : std::int64_t { pre_no = 1, invt_no = 2, pair = 3 };
    Kind kind;
    std::string value;
    friend auto operator<=>(const Alias&, const Alias&) = default;
};

/// Declarations, and receipts that wait for one, that a key may bring. A key of more was filled in by a template: it
/// tells nothing apart, costs a look-up each in every message that carries it, and counts as not carried.
constexpr std::int64_t shared_limit = 64;

/// What one look at waiting receipts came to.
struct Looked {
    std::size_t forgotten = 0;
    bool at_end = false;  ///< every one has been looked at; the next look begins anew
};

/// Declarations and receipts by key, in the tables inventory, alias and parked. Below its limits what lies there depends
/// on the set of messages put, never on their order. At a limit it does, and on the safe side: what was left out of a
/// declaration is remembered with it as a gap. Writes go into the transaction that is open.
class RegisterRows {
  public:
    /// `parked_limit`: receipts that may wait for their declaration. Both references must outlive the object; damage that
    /// is passed over is counted as register-row-damaged and register-stream-missing.
    [[nodiscard]] static Result<RegisterRows> open(Database& db, std::size_t parked_limit, Counters& counters);

    [[nodiscard]] Result<Taken> put_declaration(const core::StreamKeys& keys, const std::string& waybill,
                                                core::Version version);
    [[nodiscard]] Result<Taken> put_receipt(const core::StreamKeys& keys, core::Receipt receipt);
    /// Did the last put fail by a limit of the register, before it wrote anything? Errc::full: no room for so many
    /// messages without a declaration, or with no key but a shared one. Errc::refused: never has a place.
    /// Errc::corrupt: it belongs to a row that is damaged.
    [[nodiscard]] bool limited() const noexcept { return limited_; }
    [[nodiscard]] Result<core::Clearance> clearance(const std::string& waybill);

    [[nodiscard]] std::size_t parked() const noexcept { return parked_; }
    /// The transaction was committed, or rolled back: what is kept in memory follows.
    void committed() noexcept { parked_committed_ = parked_; }
    void go_back() noexcept { parked_ = parked_committed_, looked_through_ = 0; }
    /// Looks at the next `max` receipts that wait, and forgets those that were taken more than `kept_ms` before `now`,
    /// which must be true. One that is dated 0 (taken by a clock nobody had set) or later than `now` is dated anew: its
    /// time begins with this look.
    [[nodiscard]] Result<Looked> expire_parked(WallTime now, std::int64_t kept_ms, std::size_t max);

  private:
    struct Turn;     ///< the streams that one message touches
    struct Waiting;  ///< a row of parked

    RegisterRows() = default;
    Result<void> prepare();
    Result<void> count();
    Result<Stream*> load(Turn& turn, std::int64_t id);
    Result<Stream*> find(Turn& turn, const Stream& like);
    Result<std::optional<std::vector<std::int64_t>>> known_as(const Alias& alias);
    Result<std::optional<std::vector<Waiting>>> waiting_for(const Alias& alias);
    Result<Taken> declare(Turn& turn, Stream& stream, const KeptVersion& version);
    Result<Taken> join(Turn& turn, const KeptReceipt& receipt);
    Result<void> gather(Turn& turn, Stream& stream, const core::StreamKeys& keys);
    Result<Taken> hold_back(Turn& turn);
    Result<void> save(Turn& turn);
    Result<void> save_stream(Stream& stream, const std::string& body);
    tl::unexpected<Error> limit(Errc code, std::string why);
    tl::unexpected<Error> shared(const char* what, const core::StreamKeys& keys);
    Result<Taken> park(const KeptReceipt& receipt);

    Database* db_ = nullptr;
    Counters* counters_ = nullptr;
    std::size_t parked_limit_ = 0;
    std::size_t parked_ = 0, parked_committed_ = 0;
    std::int64_t looked_through_ = 0;  ///< row of parked
    bool limited_ = false;
    Statement by_stream_, by_id_, by_waybill_, insert_stream_, insert_pointer_, update_stream_, insert_alias_, by_alias_;
    Statement parked_by_pair_, parked_by_pre_, parked_by_invt_, insert_parked_, delete_parked_, count_parked_,
        next_parked_, date_parked_;
};

/// Streams by waybill for any connection: reads the rows that `by_waybill` yields (id, home, agent, cop, only, waybill,
/// body), following pointers home with `by_id` (the same columns). More than shared_limit of them are a gap: a number in
/// so many declarations was filled in by a template, and nobody waits for all of them to be read.
[[nodiscard]] Result<core::Clearance> read_clearance(Statement& by_waybill, Statement& by_id, const std::string& waybill);
constexpr const char* sql_by_waybill =
    "SELECT id, home, agent, cop, only, waybill, body FROM inventory WHERE waybill = ? LIMIT ?";
constexpr const char* sql_by_id = "SELECT id, home, agent, cop, only, waybill, body FROM inventory WHERE id = ?";

}  // namespace hefang::store
