#include "store/verify.hpp"

#include "store/images.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"
#include "store/stream.hpp"

namespace hefang::store {
namespace {

constexpr std::size_t most_page_faults = 20;
constexpr std::int64_t batch = 2000;  // rows of one read transaction: about 10 ms

struct Mark {
    std::string name;
    std::uint64_t sequence;
};

/// How far readers of the journal have come. Taken before the walk: a gateway that runs meanwhile only adds.
Result<std::vector<Mark>> marks_of(Database& db) {
    auto rows = db.prepare(
        "SELECT 'cursor ' || name, sequence FROM cursor UNION ALL SELECT 'the snapshot', sequence FROM snapshot");
    if (!rows) return tl::unexpected(rows.error());
    std::vector<Mark> marks;
    for (;;) {
        const auto row = rows->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return marks;
        marks.push_back({std::string(rows->text(0)), static_cast<std::uint64_t>(rows->integer(1))});
    }
}

void check_end(const std::vector<Mark>& marks, Verification& seen) {
    for (const auto& mark : marks) {
        if (mark.sequence <= seen.last) continue;
        seen.faults.push_back(
            {evidence::Fault::missing, seen.last + 1,
             "the journal ends here, but " + mark.name + " stands at " + std::to_string(mark.sequence)});
        return;
    }
}

/// SQLite says what is wrong as rows, and as an error where it cannot even read on.
void check_table(Database& db, const std::string& table, Verification& seen) {
    auto check = db.prepare("PRAGMA quick_check(" + table + ")");
    for (;;) {
        const auto row = check ? check->step() : tl::unexpected(check.error());
        if (!row) return seen.page_faults.push_back(table + ": " + row.error().detail);
        if (!*row) return;
        if (check->text(0) != "ok") seen.page_faults.push_back(table + ": " + std::string(check->text(0)));
        if (seen.page_faults.size() >= most_page_faults) return;
    }
}

/// Each row of (id, body), in short reads.
void check_rows(Database& db, const std::string& table, const char* sql, Result<void> (*check)(std::string_view),
                Verification& seen) {
    auto rows = db.prepare(sql);
    std::int64_t after = 0;
    for (std::int64_t n = batch; n == batch;) {
        if (!rows) return seen.page_faults.push_back(table + ": " + rows.error().detail);
        const Reading end(*rows);
        rows->bind(1, after).bind(2, batch);
        for (n = 0;; ++n, ++seen.register_rows) {
            const auto row = rows->step();
            if (!row) return seen.page_faults.push_back(table + ": " + row.error().detail);
            if (!*row) break;
            after = rows->integer(0);
            if (seen.page_faults.size() >= most_page_faults) return;
            if (const auto done = check(rows->blob(1)); !done)
                seen.page_faults.push_back(table + " row " + std::to_string(after) + ": " + done.error().detail);
        }
    }
}

Result<void> readable_stream(std::string_view body) {
    Stream stream;
    return decode(body, stream);
}

Result<void> readable_receipt(std::string_view body) {
    const auto receipt = decode_receipt(body);
    return receipt ? Result<void>() : tl::unexpected(receipt.error());
}

void check_pages(Database& db, Verification& seen) {
    for (const char* table :
         {"meta", "journal", "cursor", "snapshot", "inventory", "alias", "parked", "passage", "number"})
        check_table(db, table, seen);
    check_rows(db, "inventory", "SELECT id, body FROM inventory WHERE id > ? AND home IS NULL ORDER BY id LIMIT ?",
               readable_stream, seen);
    check_rows(db, "parked", "SELECT id, body FROM parked WHERE id > ? ORDER BY id LIMIT ?", readable_receipt, seen);
}

/// One batch behind the checker's newest row; false at the end.
Result<bool> check_batch(Statement& rows, evidence::ChainChecker& checker, Verification& seen, std::size_t most) {
    const Reading end(rows);
    rows.bind(1, static_cast<std::int64_t>(checker.last())).bind(2, batch);
    bool any = false;
    for (;;) {
        const auto row = rows.step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return any;
        any = true;
        checker.feed(static_cast<std::uint64_t>(rows.integer(0)), rows.blob(1), rows.blob(2), seen.faults);
        if (seen.faults.size() >= most) {
            seen.ended_early = true;
            return false;
        }
    }
}

}  // namespace

Result<Verification> verify(const std::string& path, const VerifyOptions& options) {
    auto db = Database::open(path + "/hefang.db", Access::read, options.vfs);
    if (!db) return tl::unexpected(db.error());
    if (auto done = settle_reader(*db); !done) return tl::unexpected(done.error());
    if (auto done = expect_current(*db); !done) return tl::unexpected(done.error());
    Verification seen;
    {
        auto epoch = db->prepare("SELECT value FROM meta WHERE key = 'epoch'");
        if (!epoch) return tl::unexpected(epoch.error());
        const auto row = epoch->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return fail(Errc::corrupt, "the database has no epoch");
        seen.epoch = epoch->blob(0);
    }
    auto rows = db->prepare("SELECT sequence, hash, body FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?");
    if (!rows) return tl::unexpected(rows.error());
    const auto marks = marks_of(*db);
    if (!marks) return tl::unexpected(marks.error());
    evidence::ChainChecker checker(seen.epoch);
    for (bool more = true; more;) {
        const auto going = check_batch(*rows, checker, seen, options.most_faults);
        if (!going) return tl::unexpected(going.error());
        more = *going;
        if (more && options.go_on && !options.go_on(checker.rows())) seen.ended_early = true, more = false;
    }
    seen.rows = checker.rows();
    seen.last = checker.last();
    seen.head = checker.head();
    if (seen.last == 0)
        seen.faults.push_back({evidence::Fault::missing, 1, "the journal is empty: not even epoch.opened"});
    if (!seen.ended_early) check_end(*marks, seen);
    if (options.pages) {
        check_pages(*db, seen);
        const auto images = check_images(path);
        if (!images) return tl::unexpected(images.error());
        seen.images = images->files;
        if (images->faults > 0)
            seen.page_faults.push_back(std::to_string(images->faults) + " image(s), first " + images->first_fault);
    }
    return seen;
}

}  // namespace hefang::store
