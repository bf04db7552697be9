#include "store/verify.hpp"

#include "store/schema.hpp"
#include "store/sqlite.hpp"

namespace hefang::store {
namespace {

constexpr std::int64_t batch = 2000;  // rows of one read transaction: about 10 ms

struct Mark {
    std::string name;
    std::uint64_t sequence;
};

/// How far readers of the journal have come. Taken before the walk: a gateway that runs meanwhile only adds.
Result<std::vector<Mark>> marks_of(Database& db) {
    auto rows = db.prepare("SELECT 'cursor ' || name, sequence FROM cursor UNION ALL SELECT 'the snapshot', sequence FROM snapshot");
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
        seen.faults.push_back({evidence::Fault::missing, seen.last + 1,
                               "the journal ends here, but " + mark.name + " stands at " + std::to_string(mark.sequence)});
        return;
    }
}

Result<void> check_pages(Database& db, Verification& seen) {
    auto check = db.prepare("PRAGMA quick_check(20)");
    if (!check) return tl::unexpected(check.error());
    for (;;) {
        const auto row = check->step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return {};
        if (check->text(0) != "ok") seen.page_faults.emplace_back(check->text(0));
    }
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
    if (seen.last == 0) seen.faults.push_back({evidence::Fault::missing, 1, "the journal is empty: not even epoch.opened"});
    if (!seen.ended_early) check_end(*marks, seen);
    if (options.pages)
        if (auto done = check_pages(*db, seen); !done) return tl::unexpected(done.error());
    return seen;
}

}  // namespace hefang::store
