#include "store/register_rows.hpp"

#include "store/clearance_rows.hpp"

#include <algorithm>
#include <deque>
#include <set>
#include <utility>

namespace hefang::store {
namespace {

/// A row must stay small: it is read with every scan and written with every message of the stream.
constexpr std::size_t body_limit = 1 << 20;
/// Declarations that one message may touch through the keys of its receipts.
constexpr std::size_t touched_limit = 256;
static_assert(3 * shared_limit + 1 <= touched_limit);  // by its own keys a message is never too far

template <class T>
void each_once(std::vector<T>& all) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
}

}  // namespace

/// Streams are loaded once, changed in memory and saved at the end, so that a refusal leaves no row half done.
struct RegisterRows::Turn {
    struct Touched {
        Stream stream;
        std::set<Alias> known;  ///< aliases it had in the table
        bool changed = false;
    };
    std::deque<Touched> streams;       ///< deque: pointers stay
    std::vector<std::int64_t> joined;  ///< parked rows that found their stream

    Touched& of(const Stream& stream) {
        return *std::find_if(streams.begin(), streams.end(), [&](const Touched& t) { return &t.stream == &stream; });
    }
    Stream* hold(Stream stream) {
        auto known = stream.id == 0 ? std::set<Alias>() : aliases_of(stream);
        streams.push_back({std::move(stream), std::move(known), false});
        return &streams.back().stream;
    }
};

Result<RegisterRows> RegisterRows::open(Database& db, std::size_t parked_limit, Counters& counters) {
    RegisterRows rows;
    rows.db_ = &db;
    rows.counters_ = &counters;
    rows.parked_limit_ = parked_limit;
    if (auto done = rows.prepare(); !done) return tl::unexpected(done.error());
    auto parked = ParkedRows::open(db);
    if (!parked) return tl::unexpected(parked.error());
    rows.parked_ = std::move(*parked);
    return rows;
}

Result<void> RegisterRows::prepare() {
    const std::initializer_list<std::pair<Statement*, const char*>> all = {
        {&by_stream_,
         "SELECT id, home, agent, cop, only, waybill, body FROM inventory"
         " WHERE cop = ? AND agent = ? AND only = ? AND home IS NULL"},
        {&by_id_, sql_by_id},
        {&by_waybill_, sql_by_waybill},
        {&insert_stream_, "INSERT INTO inventory(agent, cop, only, waybill, body) VALUES(?, ?, ?, ?, ?) RETURNING id"},
        {&insert_pointer_,
         "INSERT INTO inventory(agent, cop, only, waybill, home, body)"
         " SELECT '', '', '', ?1, ?2, x'' WHERE NOT EXISTS"
         " (SELECT 1 FROM inventory WHERE waybill = ?1 AND (home = ?2 OR id = ?2))"},
        {&update_stream_, "UPDATE inventory SET body = ? WHERE id = ?"},
        {&insert_alias_, "INSERT OR IGNORE INTO alias(kind, value, stream) VALUES(?, ?, ?)"},
        {&by_alias_, "SELECT stream FROM alias WHERE kind = ? AND value = ? LIMIT ?"},
    };
    for (const auto& [statement, sql] : all) {
        auto prepared = db_->prepare(sql);
        if (!prepared) return tl::unexpected(prepared.error());
        *statement = std::move(*prepared);
    }
    return {};
}

/// Null for one that is damaged, which holds by itself, or gone: the message is not of that one alone.
Result<Stream*> RegisterRows::load(Turn& turn, std::int64_t id) {
    for (auto& touched : turn.streams)
        if (touched.stream.id == id) return &touched.stream;
    const Reading end(by_id_);
    const auto row = by_id_.bind(1, id).step();
    if (!row) return tl::unexpected(row.error());
    auto stream = *row ? stream_of(by_id_) : fail(Errc::corrupt, "");
    if (!stream) {
        counters_->add(*row ? "register-row-damaged" : "register-stream-missing");
        return nullptr;
    }
    if (turn.streams.size() >= touched_limit)
        return limit(Errc::full, "one message touches more than " + std::to_string(touched_limit) + " declarations");
    return turn.hold(std::move(*stream));
}

Result<Stream*> RegisterRows::find(Turn& turn, const Stream& like) {
    if (like.only.empty() && (like.agent_code.empty() || like.cop_no.empty())) return nullptr;
    const Reading end(by_stream_);
    const auto row = by_stream_.bind(1, like.cop_no).bind(2, like.agent_code).bind(3, like.only).step();
    if (!row) return tl::unexpected(row.error());
    if (!*row) return nullptr;
    const auto id = by_stream_.integer(0);
    for (auto& touched : turn.streams)
        if (touched.stream.id == id) return &touched.stream;
    auto stream = stream_of(by_stream_);
    if (!stream) {
        counters_->add("register-row-damaged");
        return limit(stream.error().code, std::move(stream.error().detail));
    }
    return turn.hold(std::move(*stream));
}

/// None: too many are.
Result<std::optional<std::vector<std::int64_t>>> RegisterRows::known_as(const Alias& alias) {
    std::optional<std::vector<std::int64_t>> ids(std::in_place);
    const Reading end(by_alias_);
    by_alias_.bind(1, static_cast<std::int64_t>(alias.kind)).bind(2, alias.value).bind(3, shared_limit + 1);
    for (std::int64_t n = 0;; ++n) {
        const auto row = by_alias_.step();
        if (!row) return tl::unexpected(row.error());
        if (!*row) return ids;
        if (n == shared_limit) return std::optional<std::vector<std::int64_t>>();
        ids->push_back(by_alias_.integer(0));
    }
}

/// Brings into `stream` every receipt that it takes and that shares a key with `keys` or, one joined, with that one.
Result<void> RegisterRows::gather(Turn& turn, Stream& stream, const core::StreamKeys& keys) {
    const auto own_pair = pair_of(stream.agent_code, stream.cop_no);
    std::deque<core::StreamKeys> open{keys};
    const auto take = [&](const KeptReceipt& receipt) {
        if (!stream.takes(receipt) || !stream.add(receipt)) return false;
        turn.of(stream).changed = true;
        open.push_back(receipt.keys());
        return true;
    };
    for (; !open.empty(); open.pop_front()) {
        for (const auto& alias : aliases_of(open.front())) {
            auto waiting = parked_.by(alias);
            if (!waiting) return tl::unexpected(waiting.error());
            for (const auto& row : waiting->value_or(std::vector<ParkedRows::Row>())) {
                if (!row.receipt && (row.pair.empty() || own_pair.empty() || row.pair == own_pair))
                    stream.incomplete = turn.of(stream).changed = true;  // it may be a hold of this one
                else if (row.receipt && take(*row.receipt))
                    turn.joined.push_back(row.id);
            }
            auto others = known_as(alias);
            if (!others) return tl::unexpected(others.error());
            for (const auto id : others->value_or(std::vector<std::int64_t>()))
                if (auto other = load(turn, id); !other) return tl::unexpected(other.error());
        }
        Stream like;
        like.agent_code = open.front().agent_code, like.cop_no = open.front().cop_no;
        // Another one that is damaged takes no receipt from this one.
        if (auto other = find(turn, like); !other && !std::exchange(limited_, false))
            return tl::unexpected(other.error());
        for (const auto& touched : turn.streams)
            if (&touched.stream != &stream)
                for (const auto& receipt : touched.stream.receipts) take(receipt);
    }
    return {};
}

Result<Taken> RegisterRows::put_declaration(const core::StreamKeys& keys, const std::string& waybill,
                                            core::Version version) {
    limited_ = false;
    if (version.pre_no.empty()) version.pre_no = keys.pre_no;
    if (version.invt_no.empty()) version.invt_no = keys.invt_no;
    Stream fresh;
    fresh.agent_code = keys.agent_code, fresh.cop_no = keys.cop_no, fresh.waybill = waybill;
    if (keys.agent_code.empty() || keys.cop_no.empty())  // no full key: told apart by the best that is there
        fresh.only = !version.pre_no.empty() ? "p" + version.pre_no
                                             : (!version.invt_no.empty() ? "i" + version.invt_no : "w" + waybill);
    const KeptVersion kept{std::move(version), waybill};
    Turn turn;
    const auto found = find(turn, fresh);
    if (!found) return tl::unexpected(found.error());
    auto taken = declare(turn, *found != nullptr ? **found : *turn.hold(fresh), kept);
    if (taken || !limited_) return taken;

    Turn marked;
    if (*found == nullptr) {
        marked.hold(std::move(fresh))->add(kept);  // alone it always has a place
    } else if (auto again = load(marked, (*found)->id); !again) {
        return tl::unexpected(again.error());
    }
    return hold_back(marked);
}

Result<Taken> RegisterRows::declare(Turn& turn, Stream& stream, const KeptVersion& version) {
    if (!stream.add(version)) return Taken{Taken::Outcome::repeated, {}};
    turn.of(stream).changed = true;
    // A new version may fit receipts that contradicted the earlier ones: everything the stream is known by counts anew.
    const auto& v = version.version;
    auto gathered = gather(turn, stream, {stream.agent_code, stream.cop_no, v.pre_no, v.invt_no});
    for (const auto& alias : aliases_of(stream)) {
        if (!gathered) break;
        if (alias.kind == Alias::Kind::pre_no) gathered = gather(turn, stream, {{}, {}, alias.value, {}});
        if (alias.kind == Alias::Kind::invt_no) gathered = gather(turn, stream, {{}, {}, {}, alias.value});
    }
    if (gathered) gathered = save(turn);
    if (!gathered) return tl::unexpected(gathered.error());
    return Taken{Taken::Outcome::taken, stream.waybills()};
}

Result<Taken> RegisterRows::put_receipt(const core::StreamKeys& keys, core::Receipt receipt) {
    limited_ = false;
    if (receipt.pre_no.empty()) receipt.pre_no = keys.pre_no;
    if (receipt.invt_no.empty()) receipt.invt_no = keys.invt_no;
    const KeptReceipt kept{std::move(receipt), keys.agent_code, keys.cop_no};
    if (aliases_of(kept.keys()).empty()) return limit(Errc::refused, "a receipt without any key can belong to nothing");
    Turn turn;
    auto taken = join(turn, kept);
    if (taken || !limited_) return taken;

    Turn marked;
    for (const auto& touched : turn.streams)
        if (touched.stream.takes(kept))
            if (auto again = load(marked, touched.stream.id); !again) return tl::unexpected(again.error());
    return marked.streams.empty() ? taken : hold_back(marked);
}

Result<Taken> RegisterRows::join(Turn& turn, const KeptReceipt& kept) {
    const auto carried = kept.keys();
    Stream like;
    like.agent_code = carried.agent_code, like.cop_no = carried.cop_no;
    if (auto found = find(turn, like); !found) return tl::unexpected(found.error());
    bool told_apart = !turn.streams.empty();
    for (const auto& alias : aliases_of(carried)) {
        const auto others = known_as(alias);
        if (!others) return tl::unexpected(others.error());
        told_apart = told_apart || *others;
        for (const auto id : others->value_or(std::vector<std::int64_t>()))
            if (auto loaded = load(turn, id); !loaded) return tl::unexpected(loaded.error());
    }
    if (!told_apart) return shared("declarations", carried);

    bool taken = false, known = false;
    for (std::size_t i = 0, n = turn.streams.size(); i < n; ++i) {
        Stream& stream = turn.streams[i].stream;
        if (!stream.takes(kept)) continue;
        if (!stream.add(kept)) {
            known = true;
            continue;
        }
        taken = turn.streams[i].changed = true;
        if (auto gathered = gather(turn, stream, carried); !gathered) return tl::unexpected(gathered.error());
    }
    if (!taken && known) return Taken{Taken::Outcome::repeated, {}};
    if (!taken) return park(kept);
    if (auto saved = save(turn); !saved) return tl::unexpected(saved.error());
    Taken out{Taken::Outcome::taken, {}};
    for (const auto& touched : turn.streams)
        if (touched.changed)
            for (auto& waybill : touched.stream.waybills()) out.waybills.push_back(std::move(waybill));
    each_once(out.waybills);
    return out;
}

/// A message was left out of these streams, which are as they were without it: that is remembered with them.
Result<Taken> RegisterRows::hold_back(Turn& turn) {
    limited_ = false;
    Taken out{Taken::Outcome::overfull, {}};
    for (auto& touched : turn.streams) {
        if (std::exchange(touched.stream.incomplete, true)) continue;
        touched.changed = true;
        for (auto& waybill : touched.stream.waybills()) out.waybills.push_back(std::move(waybill));
    }
    each_once(out.waybills);
    if (auto saved = save(turn); !saved) return tl::unexpected(saved.error());
    return out;
}

tl::unexpected<Error> RegisterRows::limit(Errc code, std::string why) {
    limited_ = true;
    return fail(code, std::move(why));
}

tl::unexpected<Error> RegisterRows::shared(const char* what, const core::StreamKeys& keys) {
    return limit(Errc::full, "more than " + std::to_string(shared_limit) + ' ' + what + " carry the key " +
                                 aliases_of(keys).back().value + ", and it carries no other");
}

Result<Taken> RegisterRows::park(const KeptReceipt& receipt) {
    bool told_apart = false;
    for (const auto& alias : aliases_of(receipt.keys())) {
        const auto waiting = parked_.by(alias);
        if (!waiting) return tl::unexpected(waiting.error());
        told_apart = told_apart || *waiting;
        for (const auto& row : waiting->value_or(std::vector<ParkedRows::Row>()))
            if (row.receipt && row.receipt->same_as(receipt)) return Taken{Taken::Outcome::repeated, {}};
    }
    if (!told_apart) return shared("receipts that wait", receipt.keys());
    if (parked_.size() >= parked_limit_)
        return limit(Errc::full,
                     std::to_string(parked_.size()) + " receipts wait for their declarations: no room for more");
    if (auto done = parked_.add(receipt); !done) return tl::unexpected(done.error());
    return Taken{Taken::Outcome::parked, {}};
}

Result<void> RegisterRows::save(Turn& turn) {
    std::vector<std::pair<Turn::Touched*, std::string>> bodies;
    for (auto& touched : turn.streams) {
        if (!touched.changed) continue;
        bodies.emplace_back(&touched, encode(touched.stream));
        if (bodies.back().second.size() > body_limit)
            return limit(Errc::full, "the messages of one declaration exceed " + std::to_string(body_limit) + " bytes");
    }
    for (auto& [touched, body] : bodies) {
        if (auto saved = save_stream(touched->stream, body); !saved) return saved;
        for (const auto& alias : aliases_of(touched->stream)) {
            if (touched->known.contains(alias)) continue;
            insert_alias_.bind(1, static_cast<std::int64_t>(alias.kind)).bind(2, alias.value);
            if (auto done = insert_alias_.bind(3, touched->stream.id).run(); !done) return done;
        }
    }
    each_once(turn.joined);
    for (const auto id : turn.joined)
        if (auto done = parked_.remove(id); !done) return done;
    return {};
}

Result<void> RegisterRows::save_stream(Stream& stream, const std::string& body) {
    if (stream.id == 0) {
        const Reading end(insert_stream_);
        insert_stream_.bind(1, stream.agent_code).bind(2, stream.cop_no).bind(3, stream.only).bind(4, stream.waybill);
        const auto row = insert_stream_.bind_blob(5, body).step();
        if (!row) return tl::unexpected(row.error());
        stream.id = insert_stream_.integer(0);
    } else if (auto done = update_stream_.bind_blob(1, body).bind(2, stream.id).run(); !done) {
        return done;
    }
    for (const auto& waybill : stream.waybills())
        if (waybill != stream.waybill)
            if (auto done = insert_pointer_.bind(1, waybill).bind(2, stream.id).run(); !done) return done;
    return {};
}

Result<core::Clearance> RegisterRows::clearance(const std::string& waybill) {
    return read_clearance(by_waybill_, by_id_, waybill);
}

}  // namespace hefang::store
