#pragma once
#include "base/counters.hpp"
#include "core/register.hpp"
#include "digest/sha256.hpp"
#include "evidence/event.hpp"
#include "store/files.hpp"
#include "store/journal.hpp"
#include "store/passages.hpp"
#include "store/register_rows.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace hefang::store {

struct StoreOptions {
    std::string path;                    ///< folder; the database is <path>/hefang.db
    evidence::Envelope envelope;         ///< its epoch is filled in by the store
    std::string vfs;                     ///< SQLite VFS; empty = the default one
    std::size_t parked_limit = 200'000;  ///< receipts that may wait for their declaration
    std::size_t tail_limit = 16'384;     ///< facts that may wait for the index of passages
    std::size_t tail_step = 512;         ///< of them brought in by a begin() that finds so many
    std::int64_t reserve_bytes = 4 << 20;
    int quiet_pages = 200;  ///< of the WAL, from which a gateway with quiet lanes checkpoints
    int idle_pages = 1000;  ///< from which one does that has nothing to do this moment
    int most_pages = 4000;  ///< at which one does in any case
};

/// What the lanes leave the store time for: none, a moment, as much as it wants.
enum class Pace : std::uint8_t { busy, idle, quiet };

struct Snapshot {
    std::uint64_t sequence = 0;  ///< newest fact that it holds
    std::string bytes;
};

/// Journal and register in one database: the only writer, on the core's thread only.
///
/// A turn is begin(), any number of append() and put_…(), then commit() or rollback(). SQLite's transaction begins with
/// the first write, so that a turn without one costs nothing; this is the only writer, so look-ups before it see the
/// same. When a write or a look-up fails, the turn takes no further write and cannot be committed any more. A message
/// that the register refuses by a limit of its own leaves the turn as it was: limited(). After commit() has failed the
/// turn is rolled back and the head is that of the last commit; a turn whose last flush failed may be found whole in
/// the file after a crash, as with any database.
class Store final : public core::Register {
  public:
    /// Makes the folder and the database when they are not there: a new epoch, whose first fact is `epoch.opened`.
    /// Errc::busy: another gateway has it. Errc::refused: a newer schema. Errc::corrupt: the newest fact does not hold.
    [[nodiscard]] static Result<std::unique_ptr<Store>> open(StoreOptions options, const Now& now);
    ~Store() override;

    // The turn.
    [[nodiscard]] Result<void> begin();
    [[nodiscard]] Result<void> append(std::span<const core::Fact> facts, const Now& now);
    [[nodiscard]] Result<Taken> put_declaration(const core::StreamKeys& keys, const std::string& waybill,
                                                core::Version version);
    [[nodiscard]] Result<Taken> put_receipt(const core::StreamKeys& keys, core::Receipt receipt);
    /// Did the last put_declaration() or put_receipt() fail by a limit of the register, so that the turn may go on
    /// without that message? See RegisterRows::limited().
    [[nodiscard]] bool limited() const noexcept { return limited_; }
    /// See ParkedRows::expire().
    [[nodiscard]] Result<Looked> expire_parked(WallTime now, std::int64_t kept_ms, std::size_t max);
    /// Moves on only; a cursor behind is left where it is. Errc::refused beyond the newest fact.
    [[nodiscard]] Result<void> move_cursor(const std::string& name, std::uint64_t sequence);
    [[nodiscard]] Result<void> put_snapshot(std::uint64_t sequence, std::string_view bytes);
    /// A small value; outside of a turn it is a transaction of its own.
    [[nodiscard]] Result<void> put_meta(const std::string& key, std::string_view value);
    /// Has this turn written anything yet?
    [[nodiscard]] bool writing() const noexcept { return writing_; }
    [[nodiscard]] Result<void> commit();
    void rollback();

    // What it holds, the turn under way included.
    [[nodiscard]] const Head& head() const noexcept { return journal_->head(); }
    /// Canonical bytes of the fact appended last; until the next append().
    [[nodiscard]] std::string_view newest_bytes() const noexcept { return journal_->newest_bytes(); }
    [[nodiscard]] const std::string& epoch() const noexcept { return options_.envelope.epoch; }
    /// Errors of its rows are a gap of it, counted.
    [[nodiscard]] core::Clearance clearance(const std::string& waybill) const override;
    [[nodiscard]] core::History history(const std::string& waybill) const override;
    [[nodiscard]] Result<std::uint64_t> cursor(const std::string& name);
    [[nodiscard]] Result<Digest> hash_at(std::uint64_t sequence) { return journal_->hash_at(sequence); }
    [[nodiscard]] Result<std::optional<Snapshot>> snapshot();
    [[nodiscard]] Result<void> facts_after(std::uint64_t sequence,
                                           const std::function<bool(std::uint64_t, std::string_view)>& each) {
        return journal_->after(sequence, each);
    }
    [[nodiscard]] Result<std::optional<std::string>> meta(const std::string& key);
    [[nodiscard]] const Counters& counters() const noexcept { return counters_; }
    [[nodiscard]] std::size_t parked() const noexcept { return register_->parked(); }
    [[nodiscard]] std::size_t lag() const noexcept { return passages_->lag(); }  ///< facts behind the index of passages

    // Between turns.
    /// Brings at most `max` facts into the index of passages, as a transaction of its own; how many are left.
    [[nodiscard]] Result<std::size_t> index_some(std::size_t max);
    /// Copies the WAL into the database when the pages of its pace are there. True when it ran.
    [[nodiscard]] Result<bool> checkpoint_if(Pace pace);
    [[nodiscard]] int wal_pages() const noexcept { return *wal_pages_; }
    [[nodiscard]] Reserve reserve() const { return {options_.path, options_.reserve_bytes}; }
    /// Of the database and its WAL.
    [[nodiscard]] Result<std::int64_t> size_bytes() const { return store::size_bytes(options_.path); }
    [[nodiscard]] Result<std::int64_t> free_bytes() const { return store::free_bytes(options_.path); }

  private:
    Store(StoreOptions options, StoreLock lock, Database db);
    Result<void> prepare(const Now& now);
    Result<void> open_epoch(const Now& now);
    /// Every write of a turn passes here first: it begins SQLite's transaction, or refuses because the turn is broken
    /// or SQLite gave the transaction up. So no row ever reaches the disk by itself.
    Result<void> ready_to_write();
    /// Remembers the first failure that makes the turn uncommittable, and hands it on. Look-ups count also before
    /// begin(): what was decided without them must not be committed.
    template <class T>
    Result<T> watched(Result<T> result) const;

    StoreOptions options_;
    StoreLock lock_;
    std::unique_ptr<Database> db_;
    std::unique_ptr<int> wal_pages_ = std::make_unique<int>(0);  ///< written by SQLite after each commit
    int next_checkpoint_ = 0;
    std::optional<Journal> journal_;
    mutable std::optional<RegisterRows> register_;
    mutable std::optional<Passages> passages_;
    Head committed_;
    mutable Counters counters_;
    bool turn_ = false;     ///< between begin() and commit() or rollback(), also when SQLite gave up
    bool writing_ = false;  ///< the turn has begun SQLite's transaction
    bool limited_ = false;
    mutable std::optional<Error> broken_;  ///< why the turn under way cannot be committed
    Statement begin_, commit_, rollback_, cursor_, move_cursor_, snapshot_, put_snapshot_, meta_, put_meta_;
};

}  // namespace hefang::store
