#pragma once
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "core/clearance.hpp"
#include "store/alias.hpp"
#include "store/parked_rows.hpp"
#include "store/sqlite.hpp"
#include "store/stream.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

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

/// Declarations and receipts by key, in the tables inventory, alias and parked. Below its limits what lies there
/// depends on the set of messages put, never on their order. At a limit the order counts, on the safe side: what was
/// left out of a declaration is remembered with it as a gap. Writes go into the transaction that is open.
class RegisterRows {
  public:
    /// `parked_limit`: receipts that may wait for their declaration. Both references must outlive the object; damage
    /// that is passed over is counted as register-row-damaged and register-stream-missing.
    [[nodiscard]] static Result<RegisterRows> open(Database& db, std::size_t parked_limit, Counters& counters);

    [[nodiscard]] Result<Taken> put_declaration(const core::StreamKeys& keys, const std::string& waybill,
                                                core::Version version);
    [[nodiscard]] Result<Taken> put_receipt(const core::StreamKeys& keys, core::Receipt receipt);
    /// Did the last put fail by a limit of the register, before it wrote anything? Errc::full: no room for so many
    /// messages without a declaration, or with no key but a shared one. Errc::refused: never has a place.
    /// Errc::corrupt: it belongs to a row that is damaged.
    [[nodiscard]] bool limited() const noexcept { return limited_; }
    [[nodiscard]] Result<core::Clearance> clearance(const std::string& waybill);

    [[nodiscard]] std::size_t parked() const noexcept { return parked_.size(); }
    /// See ParkedRows::expire().
    [[nodiscard]] Result<Looked> expire_parked(WallTime now, std::int64_t kept_ms, std::size_t max) {
        return parked_.expire(now, kept_ms, max);
    }
    /// The transaction was committed, or rolled back: what is kept in memory follows.
    void committed() noexcept { parked_.committed(); }
    void go_back() noexcept { parked_.go_back(); }

  private:
    struct Turn;  ///< the streams that one message touches

    RegisterRows() = default;
    Result<void> prepare();
    Result<Stream*> load(Turn& turn, std::int64_t id);
    Result<Stream*> find(Turn& turn, const Stream& like);
    Result<std::optional<std::vector<std::int64_t>>> known_as(const Alias& alias);
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
    ParkedRows parked_;
    bool limited_ = false;
    Statement by_stream_, by_id_, by_waybill_, insert_stream_, insert_pointer_, update_stream_, insert_alias_,
        by_alias_;
};

}  // namespace hefang::store
