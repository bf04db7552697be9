#include "store/reader.hpp"

#include "store/alias.hpp"
#include "store/clearance_rows.hpp"
#include "store/passages.hpp"
#include "store/schema.hpp"
#include "store/sqlite.hpp"

#include <algorithm>
#include <set>

namespace hefang::store {
namespace {

constexpr std::size_t most_bytes = 4 << 20;  // of one call: keeps the read transaction short
constexpr std::int64_t most_lag = 100'000;   // facts behind the index that track() looks through
constexpr std::int64_t lag_batch = 1'000;    // of them in one read transaction

}  // namespace

struct Reader::Connection {
    Database db;
    Statement from, newest, last, meta, cursor, one, numbers, by_waybill, by_id, by_alias, lag;

    Result<void> prepare() {
        const std::initializer_list<std::pair<Statement*, const char*>> all = {
            {&from, "SELECT sequence, body FROM journal WHERE sequence >= ? ORDER BY sequence LIMIT ?"},
            {&newest, "SELECT sequence, body FROM journal ORDER BY sequence DESC LIMIT ?"},
            {&last, "SELECT coalesce(max(sequence), 0) FROM journal"},
            {&meta, "SELECT value FROM meta WHERE key = ?"},
            {&cursor, "SELECT sequence FROM cursor WHERE name = ?"},
            {&one, "SELECT sequence, body FROM journal WHERE sequence = ?"},
            {&numbers, "SELECT sequence FROM number WHERE number = ? ORDER BY sequence DESC LIMIT ?"},
            {&by_waybill, sql_by_waybill},
            {&by_id, sql_by_id},
            {&by_alias, "SELECT stream FROM alias WHERE kind IN (1, 2) AND value = ? LIMIT ?"},
            {&lag, "SELECT sequence, body FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?"},
        };
        for (const auto& [statement, sql] : all) {
            auto prepared = db.prepare(sql);
            if (!prepared) return tl::unexpected(prepared.error());
            *statement = std::move(*prepared);
        }
        return {};
    }
};

Reader::Reader(std::unique_ptr<Connection> connection) : connection_(std::move(connection)) {}
Reader::~Reader() = default;
Reader::Reader(Reader&&) noexcept = default;
Reader& Reader::operator=(Reader&&) noexcept = default;

Result<Reader> Reader::open(const std::string& path, const std::string& vfs) {
    auto db = Database::open(path + "/hefang.db", Access::read, vfs);
    if (!db) return tl::unexpected(db.error());
    auto connection = std::make_unique<Connection>();
    connection->db = std::move(*db);
    if (auto done = settle_reader(connection->db); !done) return tl::unexpected(done.error());
    if (auto done = expect_current(connection->db); !done) return tl::unexpected(done.error());
    if (auto done = connection->prepare(); !done) return tl::unexpected(done.error());
    return Reader(std::move(connection));
}

namespace {

/// Rows (sequence, body) of a bound statement, until it ends or there are enough bytes.
Result<std::vector<Reader::Entry>> entries(Statement& statement) {
    const Reading end(statement);
    std::vector<Reader::Entry> out;
    for (std::size_t bytes = 0; bytes < most_bytes;) {
        const auto row = statement.step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) break;
        out.push_back({static_cast<std::uint64_t>(statement.integer(0)), std::string(statement.blob(1))});
        bytes += out.back().bytes.size();
    }
    return out;
}

}  // namespace

Result<std::vector<Reader::Entry>> Reader::facts(std::uint64_t from, std::size_t max) {
    return entries(connection_->from.bind(1, static_cast<std::int64_t>(from)).bind(2, static_cast<std::int64_t>(max)));
}

Result<std::vector<Reader::Entry>> Reader::journal_tail(std::size_t count) {
    auto found = entries(connection_->newest.bind(1, static_cast<std::int64_t>(count)));
    if (found) std::reverse(found->begin(), found->end());
    return found;
}

Result<std::uint64_t> Reader::last() {
    const Reading end(connection_->last);
    const auto row = connection_->last.step();
    if (!row) return tl::unexpected(row.error());
    return static_cast<std::uint64_t>(connection_->last.integer(0));
}

Result<std::string> Reader::epoch() {
    const Reading end(connection_->meta);
    const auto row = connection_->meta.bind(1, std::string_view("epoch")).step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return fail(Errc::not_found, "the database has no epoch yet");
    return std::string(connection_->meta.blob(0));
}

Result<std::uint64_t> Reader::cursor(const std::string& name) {
    const Reading end(connection_->cursor);
    const auto row = connection_->cursor.bind(1, name).step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return fail(Errc::not_found, "no cursor is named " + name);
    return static_cast<std::uint64_t>(connection_->cursor.integer(0));
}

Result<core::Clearance> Reader::clearance(const std::string& waybill) {
    return read_clearance(connection_->by_waybill, connection_->by_id, waybill);
}

Result<void> Reader::name_waybills(const std::string& number, Track& track) {
    auto& alias = connection_->by_alias;
    const Reading end(alias);
    alias.bind(1, number).bind(2, shared_limit + 1);
    for (std::int64_t n = 0;; ++n) {
        const auto row = alias.step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) break;
        if (n == shared_limit) {
            track.clearance.gap = core::Gap::too_many;
            track.waybills.clear();
            break;
        }
        const Reading home_end(connection_->by_id);
        const auto home = connection_->by_id.bind(1, alias.integer(0)).step();
        if (!home) return tl::unexpected(home.error());
        if (*home) track.waybills.emplace_back(connection_->by_id.text(5));
    }
    track.waybills.insert(track.waybills.begin(), number);
    return {};
}

/// Facts that the index has not taken in, in short reads.
Result<void> Reader::look_behind_index(std::uint64_t after, const std::vector<std::string>& names,
                                       std::set<std::uint64_t, std::greater<>>& sequences) {
    auto& lag = connection_->lag;
    for (std::int64_t left = most_lag; left > 0; left -= lag_batch) {
        const Reading end(lag);
        lag.bind(1, static_cast<std::int64_t>(after)).bind(2, lag_batch);
        std::int64_t rows = 0;
        for (;; ++rows) {
            const auto row = lag.step();
            if (!row) return tl::unexpected(row.error());
            if (!*row) break;
            after = static_cast<std::uint64_t>(lag.integer(0));
            for (const auto& text : numbers_of(lag.blob(1)))
                if (std::find(names.begin(), names.end(), text) != names.end()) sequences.insert(after);
        }
        if (rows < lag_batch) break;
    }
    return {};
}

Result<Reader::Track> Reader::track(const std::string& number, std::size_t max) {
    Track track;
    if (auto done = name_waybills(number, track); !done) return tl::unexpected(done.error());
    std::set<std::uint64_t, std::greater<>> sequences;  // newest first
    const auto indexed = cursor("passages");  // before the index is read: what it takes in meanwhile is found twice
    if (!indexed) return tl::unexpected(indexed.error());
    for (const auto& name : track.waybills) {
        auto known = clearance(name);
        if (!known && known.error().code == Errc::corrupt) known = core::Clearance{{}, core::Gap::damaged};
        if (!known) return tl::unexpected(known.error());
        if (known->gap != core::Gap::none) track.clearance.gap = known->gap;
        for (auto& inventory : known->inventories) track.clearance.inventories.push_back(std::move(inventory));
        auto& numbers = connection_->numbers;
        const Reading end(numbers);
        numbers.bind(1, name).bind(2, static_cast<std::int64_t>(max) + 1);
        for (;;) {
            const auto row = numbers.step();
            if (!row) return tl::unexpected(row.error());
            if (!*row) break;
            sequences.insert(static_cast<std::uint64_t>(numbers.integer(0)));
        }
    }
    if (auto done = look_behind_index(*indexed, track.waybills, sequences); !done) return tl::unexpected(done.error());
    for (const auto sequence : sequences) {
        if (track.facts.size() == max) {
            track.cut = true;
            break;
        }
        auto found = entries(connection_->one.bind(1, static_cast<std::int64_t>(sequence)));
        if (!found) return tl::unexpected(found.error());
        for (auto& entry : *found) track.facts.push_back(std::move(entry));
    }
    std::reverse(track.facts.begin(), track.facts.end());
    return track;
}

StoreOutbox::StoreOutbox(Reader reader, std::function<bool(std::uint64_t, const std::string&)> post)
    : reader_(std::move(reader)), post_(std::move(post)) {}

Result<std::vector<StoreOutbox::Entry>> StoreOutbox::read(std::uint64_t from, std::size_t max) {
    return reader_.facts(from, max);
}

void StoreOutbox::acked(std::uint64_t through, const std::string& head) {
    unposted_.reset();
    if (!post_(through, head)) unposted_.emplace(through, head);
}

sync::Outbox::Position StoreOutbox::position() {
    if (unposted_ && post_(unposted_->first, unposted_->second)) unposted_.reset();
    // Cursor before last: the cursor never seems to be ahead of the journal.
    if (auto epoch = reader_.epoch()) position_.epoch = std::move(*epoch);
    if (const auto acked = reader_.cursor("platform")) position_.acked = *acked;
    if (const auto last = reader_.last()) position_.last = *last;
    return position_;
}

}  // namespace hefang::store
