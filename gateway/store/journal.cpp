#include "store/journal.hpp"

#include "evidence/canonical.hpp"
#include "evidence/members.hpp"

#include <algorithm>

namespace hefang::store {
namespace {

std::string_view raw(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

}  // namespace

Result<Journal> Journal::open(Database& db, evidence::Envelope envelope) {
    Journal journal(std::move(envelope));
    const std::initializer_list<std::pair<Statement*, const char*>> all = {
        {&journal.insert_, "INSERT INTO journal VALUES(?, ?, ?)"},
        {&journal.hash_, "SELECT hash FROM journal WHERE sequence = ?"},
        {&journal.after_, "SELECT sequence, body FROM journal WHERE sequence > ? ORDER BY sequence"},
    };
    for (const auto& [statement, sql] : all) {
        auto prepared = db.prepare(sql);
        if (!prepared) return tl::unexpected(prepared.error());
        *statement = std::move(*prepared);
    }
    if (auto read = journal.read_head(db); !read) return tl::unexpected(read.error());
    return journal;
}

Result<void> Journal::read_head(Database& db) {
    auto newest = db.prepare("SELECT sequence, hash, body FROM journal ORDER BY sequence DESC LIMIT 1");
    if (!newest) return tl::unexpected(newest.error());
    const auto row = newest->step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return {};
    head_.sequence = static_cast<std::uint64_t>(newest->integer(0));
    const auto bytes = newest->blob(2);
    head_.hash = evidence::hash_of(bytes);
    const auto top = evidence::top_level(bytes);
    const auto recorded = evidence::member(bytes, "recordedtime");
    const auto time = recorded ? evidence::parse_time(evidence::unquoted(*recorded).value_or("")) : std::nullopt;
    if (raw(head_.hash) != newest->blob(1) || !top || top->number != head_.sequence || !time ||
        top->epoch != writer_.envelope().epoch)
        return fail(Errc::corrupt, "the newest fact of the journal, " + std::to_string(head_.sequence) +
                                       ", does not hold against its hash, number or epoch");
    head_.recorded = *time;
    const auto source = evidence::member(bytes, "source");
    const std::string mine = "\"urn:hefang:" + writer_.envelope().gateway + '"';
    if (source && *source != mine)
        return fail(Errc::refused, "the journal is of " + std::string(*source) + ", not of " + mine +
                                       ": a gateway of another name ([site] gateway) needs a store of its own");
    return {};
}

Result<void> Journal::append(const core::Fact& fact, const Now& now) {
    Now recorded = now;
    recorded.wall = std::max(now.wall, head_.recorded);
    const std::uint64_t sequence = head_.sequence + 1;
    writer_.write(fact, sequence, head_.hash, recorded, buffer_);
    const Digest hash = evidence::hash_of(buffer_);
    insert_.bind(1, static_cast<std::int64_t>(sequence)).bind_blob(2, raw(hash)).bind_blob(3, buffer_);
    if (auto done = insert_.run(); !done) return done;
    head_ = {sequence, hash, recorded.wall};
    return {};
}

Result<Digest> Journal::hash_at(std::uint64_t sequence) {
    Digest hash{};
    if (sequence == 0) return hash;
    const Reading end(hash_);
    const auto row = hash_.bind(1, static_cast<std::int64_t>(sequence)).step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return fail(Errc::not_found, "fact " + std::to_string(sequence) + " is not in the journal");
    const auto bytes = hash_.blob(0);
    if (bytes.size() != hash.size())
        return fail(Errc::corrupt, "the hash of fact " + std::to_string(sequence) + " is no hash");
    std::copy(bytes.begin(), bytes.end(), hash.begin());
    return hash;
}

Result<void> Journal::after(std::uint64_t sequence, const std::function<bool(std::uint64_t, std::string_view)>& each) {
    const Reading end(after_);
    after_.bind(1, static_cast<std::int64_t>(sequence));
    for (;;) {
        const auto row = after_.step();
        if (!row) return tl::unexpected(row.error());
        if (!*row || !each(static_cast<std::uint64_t>(after_.integer(0)), after_.blob(1))) return {};
    }
}

}  // namespace hefang::store
