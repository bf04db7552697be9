#include "store/schema.hpp"

#include <array>

namespace hefang::store {
namespace {

/// Step n brings user_version n to n + 1. A step that was released is never changed.
constexpr std::array<const char*, schema_version> steps = {
    R"sql(
CREATE TABLE meta(key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT;
CREATE TABLE journal(sequence INTEGER PRIMARY KEY, hash BLOB NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TRIGGER journal_never_changes BEFORE UPDATE ON journal
  BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END;
-- Every reader of the journal has its cursor from the first day: a missing one cannot unlock a deletion.
CREATE TABLE cursor(name TEXT PRIMARY KEY, sequence INTEGER NOT NULL) STRICT;
INSERT INTO cursor VALUES('platform', 0), ('passages', 0);
CREATE TRIGGER journal_keeps_unread BEFORE DELETE ON journal
  WHEN OLD.sequence > coalesce((SELECT min(sequence) FROM cursor), 0)
  BEGIN SELECT RAISE(ABORT, 'a fact that was not read everywhere cannot go'); END;
CREATE TABLE snapshot(id INTEGER PRIMARY KEY CHECK(id = 1), sequence INTEGER NOT NULL, body BLOB NOT NULL) STRICT;

-- One row a stream. A stream that names a second waybill has a further row for it that only points home.
CREATE TABLE inventory(id INTEGER PRIMARY KEY, agent TEXT NOT NULL, cop TEXT NOT NULL, only TEXT NOT NULL,
  waybill TEXT NOT NULL, home INTEGER, body BLOB NOT NULL) STRICT;
CREATE UNIQUE INDEX inventory_stream ON inventory(cop, agent, only) WHERE home IS NULL;
CREATE INDEX inventory_waybill ON inventory(waybill);
-- Keys other than its own by which a stream is known. kind: 1 preNo, 2 invtNo, 3 (agentCode, copNo).
CREATE TABLE alias(kind INTEGER NOT NULL, value TEXT NOT NULL, stream INTEGER NOT NULL,
  PRIMARY KEY(kind, value, stream)) STRICT, WITHOUT ROWID;
CREATE TABLE parked(id INTEGER PRIMARY KEY, pair TEXT, pre TEXT, invt TEXT, body BLOB NOT NULL) STRICT;
CREATE INDEX parked_pair ON parked(pair) WHERE pair IS NOT NULL;
CREATE INDEX parked_pre ON parked(pre) WHERE pre IS NOT NULL;
CREATE INDEX parked_invt ON parked(invt) WHERE invt IS NOT NULL;

-- Projections of the journal up to the cursor 'passages'.
CREATE TABLE passage(waybill TEXT PRIMARY KEY, attempts INTEGER NOT NULL, left INTEGER NOT NULL,
  reweighed INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE number(number TEXT NOT NULL, sequence INTEGER NOT NULL, PRIMARY KEY(number, sequence)) STRICT, WITHOUT ROWID;
)sql",
    R"sql(
-- The newest passage of the number that left by release; empty when none did, or when that was before this column.
ALTER TABLE passage ADD COLUMN released TEXT NOT NULL DEFAULT '';
)sql",
};

Result<void> migrate_from(Database& db, std::int64_t version) {
    const std::string sql = "BEGIN IMMEDIATE;" + std::string(steps[static_cast<std::size_t>(version)]) +
                            "PRAGMA user_version = " + std::to_string(version + 1) + "; COMMIT;";
    const auto done = db.run(sql.c_str());
    if (done) return {};
    const std::string said = db.error("schema step " + std::to_string(version + 1)).detail;
    if (db.in_transaction()) (void)db.run("ROLLBACK");
    return fail(done.error().code, said);
}

Error newer(std::int64_t version) {
    return {Errc::refused, "the database has schema " + std::to_string(version) + ", this program knows up to " +
                               std::to_string(schema_version) + ": it was written by a newer version"};
}

}  // namespace

Result<void> settle_writer(Database& db) {
    // A reader that recovers the WAL just now is waited for.
    if (auto done = db.run("PRAGMA busy_timeout = 1000; PRAGMA page_size = 4096; PRAGMA journal_mode = WAL;"); !done)
        return done;
    if (const auto mode = db.text("PRAGMA journal_mode"); !mode || *mode != "wal")
        return fail(Errc::refused, "the database cannot keep a write-ahead log here (journal_mode " +
                                       mode.value_or("unknown") +
                                       "): the file system of the store must offer shared memory maps");
    return db.run(
        "PRAGMA synchronous = FULL;"
        "PRAGMA cache_size = -16384; PRAGMA mmap_size = 0; PRAGMA wal_autocheckpoint = 0;"
        "PRAGMA recursive_triggers = ON; PRAGMA temp_store = MEMORY;");
}

Result<void> settle_reader(Database& db) {
    return db.run(
        "PRAGMA query_only = ON; PRAGMA cache_size = -2048; PRAGMA mmap_size = 0; PRAGMA busy_timeout = 50;"
        "PRAGMA temp_store = MEMORY;");
}

Result<void> migrate(Database& db) {
    auto version = db.number("PRAGMA user_version");
    if (!version) return tl::unexpected(version.error());
    if (*version > schema_version) return tl::unexpected(newer(*version));
    for (; *version < schema_version; ++*version)
        if (auto done = migrate_from(db, *version); !done) return done;
    return {};
}

Result<void> expect_current(Database& db) {
    const auto version = db.number("PRAGMA user_version");
    if (!version) return tl::unexpected(version.error());
    if (*version > schema_version) return tl::unexpected(newer(*version));
    if (*version < schema_version)
        return fail(Errc::refused, "the database has schema " + std::to_string(*version) +
                                       ": start the gateway once, it brings it to " + std::to_string(schema_version));
    return {};
}

}  // namespace hefang::store
