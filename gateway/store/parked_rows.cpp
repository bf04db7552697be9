#include "store/parked_rows.hpp"

#include <utility>

namespace hefang::store {

Result<ParkedRows> ParkedRows::open(Database& db) {
    ParkedRows rows;
    const std::initializer_list<std::pair<Statement*, const char*>> all = {
        {&rows.by_pair_, "SELECT id, body, pair FROM parked WHERE pair = ? LIMIT ?"},
        {&rows.by_pre_, "SELECT id, body, pair FROM parked WHERE pre = ? LIMIT ?"},
        {&rows.by_invt_, "SELECT id, body, pair FROM parked WHERE invt = ? LIMIT ?"},
        {&rows.insert_,
         "INSERT INTO parked(pair, pre, invt, body) VALUES(nullif(?, ''), nullif(?, ''), nullif(?, ''), ?)"},
        {&rows.delete_, "DELETE FROM parked WHERE id = ?"},
        {&rows.next_, "SELECT id, body FROM parked WHERE id > ? ORDER BY id LIMIT ?"},
        {&rows.date_, "UPDATE parked SET body = ? WHERE id = ?"},
    };
    for (const auto& [statement, sql] : all) {
        auto prepared = db.prepare(sql);
        if (!prepared) return tl::unexpected(prepared.error());
        *statement = std::move(*prepared);
    }
    const auto count = db.number("SELECT count(*) FROM parked");
    if (!count) return tl::unexpected(count.error());
    rows.size_ = rows.committed_ = static_cast<std::size_t>(*count);
    return rows;
}

Result<std::optional<std::vector<ParkedRows::Row>>> ParkedRows::by(const Alias& alias) {
    std::optional<std::vector<Row>> found(std::in_place);
    if (size_ == 0) return found;
    auto& rows = alias.kind == Alias::Kind::pair ? by_pair_ : (alias.kind == Alias::Kind::pre_no ? by_pre_ : by_invt_);
    const Reading end(rows);
    rows.bind(1, alias.value).bind(2, shared_limit + 1);
    for (std::int64_t n = 0;; ++n) {
        const auto row = rows.step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return found;
        if (n == shared_limit) return std::optional<std::vector<Row>>();
        auto receipt = decode_receipt(rows.blob(1));
        found->push_back({rows.integer(0), std::string(rows.text(2)), std::nullopt});
        if (receipt) found->back().receipt = std::move(*receipt);
    }
}

Result<void> ParkedRows::add(const KeptReceipt& receipt) {
    const auto& r = receipt.receipt;
    const std::string body = encode(receipt), pair = pair_of(receipt.agent_code, receipt.cop_no);
    auto done = insert_.bind(1, pair).bind(2, r.pre_no).bind(3, r.invt_no).bind_blob(4, body).run();
    if (done) ++size_;
    return done;
}

Result<void> ParkedRows::remove(std::int64_t id) {
    auto done = delete_.bind(1, id).run();
    if (done) --size_;
    return done;
}

Result<Looked> ParkedRows::expire(WallTime now, std::int64_t kept_ms, std::size_t max) {
    std::vector<std::int64_t> old;
    std::vector<std::pair<std::int64_t, std::string>> dated;
    std::size_t seen = 0;
    {
        const Reading end(next_);
        next_.bind(1, looked_through_).bind(2, static_cast<std::int64_t>(max));
        for (;; ++seen) {
            const auto row = next_.step();
            if (!row) return tl::unexpected(row.error());
            if (!*row) break;
            looked_through_ = next_.integer(0);
            auto kept = decode_receipt(next_.blob(1));
            if (!kept) continue;  // nobody knows since when it waits: it stays, a gap of whatever it may belong to
            auto& taken_ms = kept->receipt.taken_ms;
            if (taken_ms == 0 || taken_ms > now.ms) {
                taken_ms = now.ms;
                dated.emplace_back(looked_through_, encode(*kept));
            } else if (now.ms - taken_ms > kept_ms) {
                old.push_back(looked_through_);
            }
        }
    }
    for (const auto id : old)
        if (auto done = remove(id); !done) return tl::unexpected(done.error());
    for (const auto& [id, body] : dated)
        if (auto done = date_.bind_blob(1, body).bind(2, id).run(); !done) return tl::unexpected(done.error());
    const bool at_end = seen < max;
    if (at_end) looked_through_ = 0;
    return Looked{old.size(), at_end};
}

}  // namespace hefang::store
