#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/clock.hpp"
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
    };
    Outcome outcome = Outcome::repeated;
    std::vector<std::string> waybills;  ///< whose clearance may be another now
};

/// Declarations and receipts by key, in the tables inventory, alias and parked. What lies there depends on the set of
/// messages put, never on their order. Writes go into the transaction that is open.
class RegisterRows {
  public:
    /// `parked_limit`: receipts that may wait for their declaration.
    [[nodiscard]] static Result<RegisterRows> open(Database& db, std::size_t parked_limit);

    [[nodiscard]] Result<Taken> put_declaration(const core::StreamKeys& keys, const std::string& waybill,
                                                core::Version version);
    [[nodiscard]] Result<Taken> put_receipt(const core::StreamKeys& keys, core::Receipt receipt);
    /// Did the last put fail by a limit of the register, before it wrote anything? Errc::full: no room for so many
    /// messages of one declaration, without a declaration, or with one key. Errc::refused: never has a place.
    /// Errc::corrupt: it belongs to a row that is damaged.
    [[nodiscard]] bool limited() const noexcept { return limited_; }
    [[nodiscard]] Result<core::Clearance> clearance(const std::string& waybill);

    [[nodiscard]] std::size_t parked() const noexcept { return parked_; }
    /// The transaction was committed, or rolled back: what is kept in memory follows.
    void committed() noexcept { parked_committed_ = parked_; }
    void go_back() noexcept { parked_ = parked_committed_; }
    /// Forgets receipts parked before `before`, the longest waiting first; at most `max`; how many.
    [[nodiscard]] Result<std::size_t> expire_parked(WallTime before, std::size_t max);

  private:
    struct Turn;  ///< the streams that one message touches

    RegisterRows() = default;
    Result<void> prepare();
    Result<void> count();
    Result<Stream*> load(Turn& turn, std::int64_t id);
    Result<Stream*> find(Turn& turn, const Stream& like);
    Result<std::vector<std::int64_t>> known_as(const core::StreamKeys& keys);
    Result<void> gather(Turn& turn, Stream& stream, const core::StreamKeys& keys);
    Result<std::vector<std::pair<std::int64_t, KeptReceipt>>> waiting_for(const core::StreamKeys& keys);
    Result<void> save(Turn& turn);
    Result<void> save_stream(Stream& stream, const std::string& body);
    tl::unexpected<Error> limit(Errc code, std::string why);
    tl::unexpected<Error> shared(const char* what, const std::string& key);
    Result<Taken> park(const KeptReceipt& receipt);

    Database* db_ = nullptr;
    std::size_t parked_limit_ = 0;
    std::size_t parked_ = 0, parked_committed_ = 0;
    bool limited_ = false;
    Statement by_stream_, by_id_, by_waybill_, insert_stream_, insert_pointer_, update_stream_, insert_alias_, by_alias_;
    Statement parked_by_pair_, parked_by_pre_, parked_by_invt_, insert_parked_, delete_parked_, count_parked_, oldest_parked_;
};

/// Streams by waybill for any connection: reads the rows that `by_waybill` yields (id, home, agent, cop, only, waybill,
/// body), following pointers home with `by_id` (the same columns).
[[nodiscard]] Result<core::Clearance> read_clearance(Statement& by_waybill, Statement& by_id, const std::string& waybill);
constexpr const char* sql_by_waybill = "SELECT id, home, agent, cop, only, waybill, body FROM inventory WHERE waybill = ?";
constexpr const char* sql_by_id = "SELECT id, home, agent, cop, only, waybill, body FROM inventory WHERE id = ?";

/// Kinds of alias, as in the table.
enum class AliasKind : std::int64_t { pre_no = 1, invt_no = 2, pair = 3 };

}  // namespace hefang::store
