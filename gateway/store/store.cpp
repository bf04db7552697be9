#include "store/store.hpp"

#include "base/uuid.hpp"
#include "store/schema.hpp"

#include <sqlite3.h>

namespace hefang::store {
namespace {

int note_wal_pages(void* pages, sqlite3*, const char*, int count) {
    *static_cast<int*>(pages) = count;
    return SQLITE_OK;
}

}  // namespace

Store::Store(StoreOptions options, StoreLock lock, Database db)
    : options_(std::move(options)), lock_(std::move(lock)), db_(std::make_unique<Database>(std::move(db))) {}

Store::~Store() { rollback(); }

Result<std::unique_ptr<Store>> Store::open(StoreOptions options, const Now& now) {
    if (auto made = make_folder(options.path); !made) return tl::unexpected(made.error());
    auto lock = StoreLock::take(options.path);
    if (!lock) return tl::unexpected(lock.error());
    auto db = Database::open(options.path + "/hefang.db", Access::write, options.vfs);
    if (!db) return tl::unexpected(db.error());
    std::unique_ptr<Store> store(new Store(std::move(options), std::move(*lock), std::move(*db)));
    if (auto ready = store->prepare(now); !ready) return tl::unexpected(ready.error());
    return store;
}

Result<void> Store::prepare(const Now& now) {
    // The version first: a database of a newer program is refused before anything of it is touched.
    if (const auto version = db_->number("PRAGMA user_version"); version && *version > schema_version)
        return migrate(*db_);
    if (auto done = settle_writer(*db_); !done) return done;
    if (auto done = migrate(*db_); !done) return done;
    sqlite3_wal_hook(db_->raw(), note_wal_pages, wal_pages_.get());
    const std::initializer_list<std::pair<Statement*, const char*>> all = {
        {&begin_, "BEGIN IMMEDIATE"},
        {&commit_, "COMMIT"},
        {&rollback_, "ROLLBACK"},
        {&cursor_, "SELECT sequence FROM cursor WHERE name = ?"},
        {&move_cursor_,
         "INSERT INTO cursor VALUES(?1, ?2) ON CONFLICT(name) DO UPDATE SET sequence = max(sequence, ?2)"},
        {&snapshot_, "SELECT sequence, body FROM snapshot"},
        {&put_snapshot_,
         "INSERT INTO snapshot VALUES(1, ?1, ?2) ON CONFLICT(id) DO UPDATE SET sequence = ?1, body = ?2"},
        {&meta_, "SELECT value FROM meta WHERE key = ?"},
        {&put_meta_, "INSERT INTO meta VALUES(?1, ?2) ON CONFLICT(key) DO UPDATE SET value = ?2"},
    };
    for (const auto& [statement, sql] : all) {
        auto prepared = db_->prepare(sql);
        if (!prepared) return tl::unexpected(prepared.error());
        *statement = std::move(*prepared);
    }
    return open_epoch(now);
}

Result<void> Store::open_epoch(const Now& now) {
    auto epoch = meta("epoch");
    if (!epoch) return tl::unexpected(epoch.error());
    const bool fresh = !*epoch;
    options_.envelope.epoch = fresh ? uuid7(now.wall) : **epoch;

    auto journal = Journal::open(*db_, options_.envelope);
    if (!journal) return tl::unexpected(journal.error());
    journal_ = std::move(*journal);
    auto rows = RegisterRows::open(*db_, options_.parked_limit, counters_);
    if (!rows) return tl::unexpected(rows.error());
    register_ = std::move(*rows);
    auto passages = Passages::open(*db_);
    if (!passages) return tl::unexpected(passages.error());
    passages_ = std::move(*passages);
    committed_ = journal_->head();
    if (!fresh) return {};
    if (committed_.sequence != 0) return fail(Errc::corrupt, "the journal has facts but no epoch");

    // Epoch and first fact together: a crash in between leaves an empty database, which is new again.
    if (auto done = begin(); !done) return done;
    const core::Fact opened = core::EpochOpened{options_.envelope.epoch, {}, "new-database"};
    if (auto done = put_meta("epoch", options_.envelope.epoch); !done) return done;
    if (auto done = append({&opened, 1}, now); !done) return done;
    return commit();
}

template <class T>
Result<T> Store::watched(Result<T> result) const {
    if (!result && !broken_) broken_ = result.error();
    return result;
}

Result<void> Store::begin() {
    if (turn_) return fail(Errc::refused, "a turn is open already");
    // On a full disk the index need not find room, only what is decided; twice the limit is the end of memory for it.
    if (passages_->lag() >= options_.tail_limit)
        if (auto left = index_some(options_.tail_step); !left && passages_->lag() >= 2 * options_.tail_limit)
            return tl::unexpected(left.error());
    turn_ = true;
    return {};
}

Result<void> Store::ready_to_write() {
    if (!turn_) return fail(Errc::refused, "no turn is open");
    if (broken_) return tl::unexpected(*broken_);
    if (!writing_) {
        auto begun = watched(begin_.run());
        writing_ = begun.has_value();
        return begun;
    }
    if (db_->in_transaction()) return {};
    return watched(Result<void>(fail(Errc::unreachable, "the database gave the transaction up")));
}

Result<void> Store::append(std::span<const core::Fact> facts, const Now& now) {
    if (auto ready = ready_to_write(); !ready) return ready;
    for (const auto& fact : facts) {
        if (auto done = journal_->append(fact, now); !done) return watched(std::move(done));
        passages_->add(journal_->head().sequence, mark_of(fact));
    }
    return {};
}

Result<Taken> Store::put_declaration(const core::StreamKeys& keys, const std::string& waybill, core::Version version) {
    limited_ = false;
    if (auto ready = ready_to_write(); !ready) return tl::unexpected(ready.error());
    auto taken = register_->put_declaration(keys, waybill, std::move(version));
    limited_ = register_->limited();
    return limited_ ? taken : watched(std::move(taken));
}

Result<Taken> Store::put_receipt(const core::StreamKeys& keys, core::Receipt receipt) {
    limited_ = false;
    if (auto ready = ready_to_write(); !ready) return tl::unexpected(ready.error());
    auto taken = register_->put_receipt(keys, std::move(receipt));
    limited_ = register_->limited();
    return limited_ ? taken : watched(std::move(taken));
}

Result<Looked> Store::expire_parked(WallTime now, std::int64_t kept_ms, std::size_t max) {
    if (auto ready = ready_to_write(); !ready) return tl::unexpected(ready.error());
    return watched(register_->expire_parked(now, kept_ms, max));
}

Result<void> Store::move_cursor(const std::string& name, std::uint64_t sequence) {
    if (auto ready = ready_to_write(); !ready) return ready;
    if (sequence > journal_->head().sequence)
        return fail(Errc::refused, "cursor " + name + " cannot stand at " + std::to_string(sequence) +
                                       ": the newest fact is " + std::to_string(journal_->head().sequence));
    return watched(move_cursor_.bind(1, name).bind(2, static_cast<std::int64_t>(sequence)).run());
}

Result<void> Store::put_snapshot(std::uint64_t sequence, std::string_view bytes) {
    if (auto ready = ready_to_write(); !ready) return ready;
    return watched(put_snapshot_.bind(1, static_cast<std::int64_t>(sequence)).bind_blob(2, bytes).run());
}

Result<void> Store::put_meta(const std::string& key, std::string_view value) {
    if (turn_)
        if (auto ready = ready_to_write(); !ready) return ready;
    auto done = put_meta_.bind(1, key).bind_blob(2, value).run();
    return turn_ ? watched(std::move(done)) : done;
}

Result<void> Store::commit() {
    if (!turn_) return fail(Errc::refused, "no turn is open");
    auto done = broken_ ? Result<void>(tl::unexpected(*broken_)) : writing_ ? commit_.run() : Result<void>();
    if (!done) {
        rollback();
        return done;
    }
    committed_ = journal_->head();
    register_->committed();
    turn_ = writing_ = false;
    return {};
}

void Store::rollback() {
    broken_.reset();
    turn_ = writing_ = false;
    if (db_->in_transaction()) (void)rollback_.run();  // fails only when SQLite has rolled back by itself
    if (!journal_ || !passages_ || !register_) return;
    passages_->take_back(committed_.sequence);
    journal_->go_back(committed_);
    register_->go_back();
}

core::Clearance Store::clearance(const std::string& waybill) const {
    auto found = register_->clearance(waybill);
    if (found) return std::move(*found);
    // One damaged row holds its parcel and no other; without an answer nothing may be committed.
    if (found.error().code == Errc::corrupt) {
        counters_.add("register-row-damaged");
        return {{}, core::Gap::damaged};
    }
    (void)watched(std::move(found));
    return {};
}

core::History Store::history(const std::string& waybill) const {
    return watched(passages_->history(waybill)).value_or(core::History{});
}

Result<std::uint64_t> Store::cursor(const std::string& name) {
    const Reading end(cursor_);
    const auto row = cursor_.bind(1, name).step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return fail(Errc::not_found, "no cursor is named " + name);
    return static_cast<std::uint64_t>(cursor_.integer(0));
}

Result<std::optional<Snapshot>> Store::snapshot() {
    const Reading end(snapshot_);
    const auto row = snapshot_.step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return std::optional<Snapshot>();
    return std::optional(Snapshot{static_cast<std::uint64_t>(snapshot_.integer(0)), std::string(snapshot_.blob(1))});
}

Result<std::optional<std::string>> Store::meta(const std::string& key) {
    const Reading end(meta_);
    const auto row = meta_.bind(1, key).step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return std::optional<std::string>();
    return std::optional(std::string(meta_.blob(0)));
}

Result<std::size_t> Store::index_some(std::size_t max) {
    if (passages_->lag() == 0 || max == 0) return passages_->lag();
    if (turn_) return fail(Errc::refused, "a turn is open");
    if (auto done = begin_.run(); !done) return tl::unexpected(done.error());
    auto through = passages_->index(max);
    auto done = through ? commit_.run() : Result<void>(tl::unexpected(through.error()));
    if (!done) {
        if (db_->in_transaction()) (void)rollback_.run();
        return tl::unexpected(done.error());
    }
    passages_->indexed(*through);
    return passages_->lag();
}

Result<bool> Store::checkpoint_if(Pace pace) {
    const int pages = *wal_pages_;
    const int due = pace == Pace::quiet  ? options_.quiet_pages
                    : pace == Pace::idle ? options_.idle_pages
                                         : options_.most_pages;
    if (pages < next_checkpoint_ || pages < due) return false;
    int in_wal = 0, copied = 0;
    const int rc = sqlite3_wal_checkpoint_v2(db_->raw(), nullptr, SQLITE_CHECKPOINT_PASSIVE, &in_wal, &copied);
    if (rc != SQLITE_OK) return tl::unexpected(db_->error("checkpoint"));
    // All copied: the next commit begins the WAL anew. Else a reader holds a part of it; trying again at once is waste.
    *wal_pages_ = in_wal == copied ? 0 : pages;
    next_checkpoint_ = in_wal == copied ? 0 : pages + options_.quiet_pages;
    return true;
}

}  // namespace hefang::store
