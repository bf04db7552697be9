#include "receiver/ledger.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "digest/sha256.hpp"
#include "receiver/schema.hpp"
#include "receiver/slices.hpp"
#include "receiver/turn_lock.hpp"
#include "sync/topics.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <utility>

#include <SQLiteCpp/SQLiteCpp.h>

namespace hefang::receiver {
namespace {

constexpr std::int64_t most_alarms = 10000;  // rows; beyond they are only counted
constexpr std::size_t alarm_bytes = 4096;    // of what was found, kept in a row
constexpr std::int64_t quarantined_listed = 64;

struct Stream {
    std::int64_t id = 0;
    std::uint64_t through = 0;
    Digest head{};
    std::uint64_t newest = 0, repeats = 0, quarantined = 0;
    bool blocked = false;  ///< in this transaction: the next fact does not chain
};

struct Piece {
    std::string_view bytes;
    std::optional<Envelope> envelope;
};

std::string_view view(const Digest& d) { return {reinterpret_cast<const char*>(d.data()), d.size()}; }

void bind_blob(SQLite::Statement& s, int at, std::string_view bytes) {
    s.bindNoCopy(at, bytes.data(), static_cast<int>(bytes.size()));
}

/// Ready for the next use, also after a step that failed (reset() would throw that failure once more).
void renew(SQLite::Statement& s) { (void)s.tryReset(); }

void bind_text(SQLite::Statement& s, int at, std::string_view text) { s.bind(at, std::string(text)); }
void bind_number(SQLite::Statement& s, int at, std::uint64_t n) { s.bind(at, static_cast<std::int64_t>(n)); }

/// Gives every piece a key: a fact that cannot even say its number stands between neighbours that can.
void infer_keys(std::vector<Piece>& pieces) {
    const auto known =
        std::find_if(pieces.begin(), pieces.end(), [](const Piece& p) { return p.envelope.has_value(); });
    if (known == pieces.end()) return;
    const auto base_at = known - pieces.begin();
    const std::string_view epoch = known->envelope->epoch;
    const auto base = static_cast<std::int64_t>(known->envelope->sequence);
    for (auto at = pieces.begin(); at != pieces.end(); ++at) {
        const std::int64_t sequence = base + ((at - pieces.begin()) - base_at);
        if (at->envelope || sequence < 1) continue;
        at->envelope = Envelope{epoch,
                                static_cast<std::uint64_t>(sequence),
                                {},
                                {},
                                "its number was told from its neighbours: epoch or sequence cannot be read"};
    }
}

}  // namespace

class Ledger::Impl {
  public:
    Impl(const std::filesystem::path& file, Counters& counters)
        : counters_(counters),
          lock_(file.string() + ".lock"),
          db_(std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE, 5000)) {
        const TurnLock::Turn turn(lock_);
        db_->exec(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA wal_autocheckpoint=4000;"
            "PRAGMA journal_size_limit=67108864; PRAGMA foreign_keys=OFF;");
        const int version = db_->execAndGet("PRAGMA user_version").getInt();
        if (version == 0) {
            SQLite::Transaction make(*db_, SQLite::TransactionBehavior::IMMEDIATE);
            db_->exec(schema);
            db_->exec("PRAGMA user_version=" + std::to_string(schema_version));
            make.commit();
        } else if (version != schema_version) {
            throw std::runtime_error("its schema is version " + std::to_string(version) + ", this program knows " +
                                     std::to_string(schema_version));
        }
        statements_.emplace(*db_);
    }

    ~Impl() {
        try {
            const TurnLock::Turn turn(lock_);  // the last close writes a checkpoint
            statements_.reset();
            db_.reset();
        } catch (const std::exception& e) {
            log(LogLevel::warn, "receiver", e.what());
        }
    }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    std::vector<Prefix> store(const std::vector<Batch>& batches, const std::vector<Sighting>& sightings, WallTime now) {
        const TurnLock::Turn turn(lock_);
        now_ = now;
        streams_.clear();
        tally_.clear();
        SQLite::Transaction all(*db_, SQLite::TransactionBehavior::IMMEDIATE);
        for (const auto& sighting : sightings) see(sighting);
        for (const auto& batch : batches) take(batch);
        for (auto& [key, stream] : streams_) settle(key, stream);
        auto out = prefixes();
        all.commit();
        for (const auto& [name, by] : tally_) counters_.add(name, by);
        return out;
    }

  private:
    using Key = std::pair<std::string, std::string>;  // gateway, epoch

    struct Statements {
        explicit Statements(SQLite::Database& db)
            : find_stream(db,
                          "SELECT id,through,head,newest,repeats,quarantined FROM stream WHERE gateway=? AND epoch=?"),
              add_stream(db, "INSERT INTO stream VALUES(NULL,?,?,0,zeroblob(32),0,0,0)"),
              set_stream(db, "UPDATE stream SET through=?,head=?,newest=?,repeats=?,quarantined=? WHERE id=?"),
              add_fact(db, "INSERT INTO fact VALUES(?,?,?,?,?,?) ON CONFLICT DO NOTHING"),
              hash_of(db, "SELECT hash FROM fact WHERE stream=? AND sequence=?"),
              beyond(db, "SELECT sequence,hash,fault,bytes FROM fact WHERE stream=? AND sequence>? ORDER BY sequence"),
              quarantined(
                  db, "SELECT sequence FROM fact WHERE stream=? AND fault IS NOT NULL ORDER BY sequence DESC LIMIT ?"),
              count_alarms(db, "SELECT count(*) FROM alarm"),
              add_alarm(db, "INSERT INTO alarm VALUES(NULL,?,?,?,?,?,?,?,?) ON CONFLICT DO NOTHING"),
              newest_online(db, "SELECT start,n FROM presence WHERE gateway=?"),
              set_presence(db, "INSERT OR REPLACE INTO presence VALUES(?,?,?,?,?,?,?,?,?,?)") {}
        SQLite::Statement find_stream, add_stream, set_stream, add_fact, hash_of, beyond, quarantined, count_alarms,
            add_alarm, newest_online, set_presence;
    };

    void count(const std::string& name, std::uint64_t by = 1) { tally_[name] += by; }

    Stream& stream(const std::string& gateway, std::string_view epoch) {
        const Key key{gateway, std::string(epoch)};
        if (const auto at = streams_.find(key); at != streams_.end()) return at->second;
        Stream out;
        auto& find = statements_->find_stream;
        for (int round = 0; round < 2; ++round) {
            renew(find);
            find.bind(1, key.first), find.bind(2, key.second);
            if (find.executeStep()) break;
            auto& add = statements_->add_stream;
            renew(add);
            add.bind(1, key.first), add.bind(2, key.second);
            add.exec();
        }
        out.id = find.getColumn(0).getInt64();
        out.through = static_cast<std::uint64_t>(find.getColumn(1).getInt64());
        const auto head = find.getColumn(2);
        std::copy_n(static_cast<const std::uint8_t*>(head.getBlob()), out.head.size(), out.head.begin());
        out.newest = static_cast<std::uint64_t>(find.getColumn(3).getInt64());
        out.repeats = static_cast<std::uint64_t>(find.getColumn(4).getInt64());
        out.quarantined = static_cast<std::uint64_t>(find.getColumn(5).getInt64());
        renew(find);
        return streams_.emplace(key, out).first->second;
    }

    void take(const Batch& batch) {
        const auto slices = slice_array(batch.payload, sync::batch_facts);
        if (!slices) {
            count("batches-refused");
            return raise("unreadable-batch", batch.gateway, {}, 0, sha256(batch.payload), slices.error().detail,
                         batch.payload);
        }
        std::vector<Piece> pieces;
        pieces.reserve(slices->size());
        for (const auto slice : *slices) pieces.push_back({slice, read_envelope(slice, batch.gateway)});
        infer_keys(pieces);
        count("batches");
        for (const auto& piece : pieces) {
            if (piece.envelope) {
                add(batch.gateway, piece.bytes, *piece.envelope);
            } else {
                count("facts-unreadable");
                raise("unreadable-fact", batch.gateway, {}, 0, sha256(piece.bytes), "no key, and no neighbour with one",
                      piece.bytes);
            }
        }
    }

    void add(const std::string& gateway, std::string_view bytes, const Envelope& envelope) {
        Stream& s = stream(gateway, envelope.epoch);
        const Digest hash = sha256(bytes);
        auto& insert = statements_->add_fact;
        renew(insert);
        insert.bind(1, s.id);
        bind_number(insert, 2, envelope.sequence);
        bind_blob(insert, 3, view(hash));
        bind_text(insert, 4, envelope.type);
        envelope.fault.empty() ? insert.bind(5) : insert.bind(5, envelope.fault);
        bind_blob(insert, 6, bytes);
        if (insert.exec() == 0) return again(s, gateway, bytes, envelope, hash);
        count("facts");
        s.newest = std::max(s.newest, envelope.sequence);
        if (!envelope.fault.empty()) ++s.quarantined, count("facts-quarantined");
        if (envelope.sequence == s.through + 1) {
            (void)extend(s, gateway, envelope.epoch, envelope.sequence, hash, envelope.prevhash,
                         envelope.fault.empty());
        }
    }

    void again(Stream& s, const std::string& gateway, std::string_view bytes, const Envelope& envelope,
               const Digest& hash) {
        auto& find = statements_->hash_of;
        renew(find);
        find.bind(1, s.id);
        bind_number(find, 2, envelope.sequence);
        const bool same = find.executeStep() && find.getColumn(0).getString() == view(hash);
        renew(find);
        if (same) {
            ++s.repeats;
            return count("facts-repeated");
        }
        count("facts-contradicting");
        raise("other-hash", gateway, envelope.epoch, envelope.sequence, hash,
              "this number is already stored with another hash", bytes);
    }

    /// Moves the prefix over one stored fact; false when it does not chain. Of one that is not understood it is enough
    /// that a prevhash cannot be read.
    bool extend(Stream& s, const std::string& gateway, std::string_view epoch, std::uint64_t sequence,
                const Digest& hash, std::string_view prevhash, bool understood) {
        if (s.blocked) return false;
        if ((understood || !prevhash.empty()) && prevhash != hex(s.head)) {
            s.blocked = true;
            raise("chain", gateway, epoch, sequence, hash,
                  "its prevhash is not the hash of the fact before it, " + hex(s.head), {});
            return false;
        }
        s.through = sequence;
        s.head = hash;
        return true;
    }

    /// Takes what was stored beyond a gap earlier, then writes the stream's row.
    void settle(const Key& key, Stream& s) {
        if (s.newest > s.through && !s.blocked) {
            auto& next = statements_->beyond;
            renew(next);
            next.bind(1, s.id);
            bind_number(next, 2, s.through);
            while (next.executeStep()) {
                const auto sequence = static_cast<std::uint64_t>(next.getColumn(0).getInt64());
                if (sequence != s.through + 1) break;
                const auto stored = next.getColumn(1);
                Digest hash{};
                std::copy_n(static_cast<const std::uint8_t*>(stored.getBlob()), hash.size(), hash.begin());
                const bool understood = next.getColumn(2).isNull();
                const std::string bytes = next.getColumn(3).getString();
                const auto envelope = read_envelope(bytes, key.first);
                if (!extend(s, key.first, key.second, sequence, hash,
                            envelope ? envelope->prevhash : std::string_view(), understood)) {
                    break;
                }
            }
            renew(next);
        }
        auto& set = statements_->set_stream;
        renew(set);
        bind_number(set, 1, s.through);
        bind_blob(set, 2, view(s.head));
        bind_number(set, 3, s.newest), bind_number(set, 4, s.repeats), bind_number(set, 5, s.quarantined);
        set.bind(6, s.id);
        set.exec();
    }

    void raise(const std::string& kind, const std::string& gateway, std::string_view epoch, std::uint64_t sequence,
               const Digest& hash, const std::string& detail, std::string_view bytes) {
        auto& many = statements_->count_alarms;
        renew(many);
        const bool full = many.executeStep() && many.getColumn(0).getInt64() >= most_alarms;
        renew(many);
        if (full) return count("alarms-dropped");
        auto& add = statements_->add_alarm;
        renew(add);
        add.bind(1, now_.ms), add.bind(2, gateway), bind_text(add, 3, epoch), bind_number(add, 4, sequence);
        add.bind(5, kind);
        bind_blob(add, 6, view(hash));
        add.bind(7, detail);
        bind_blob(add, 8, bytes.empty() ? std::string_view("", 0) : bytes.substr(0, alarm_bytes));
        if (add.exec() == 0) return;
        count("alarms");
        log(LogLevel::error, "receiver",
            "alarm " + kind + " gateway=" + gateway + " epoch=" + printable(epoch) +
                " sequence=" + std::to_string(sequence) + ": " + detail);
    }

    void see(const Sighting& sighting) {
        const auto& p = sighting.presence;
        (void)stream(sighting.gateway, p.epoch);
        auto& before = statements_->newest_online;
        renew(before);
        before.bind(1, sighting.gateway);
        bool stale = false;
        if (before.executeStep()) {
            const std::string start = before.getColumn(0).getString();
            const auto n = static_cast<std::uint64_t>(before.getColumn(1).getInt64());
            // A will of an older connection may arrive after the newer one has said that it is online.
            stale = p.state == "offline" && std::pair(p.start, p.n) != std::pair(start, n);
        }
        renew(before);
        if (stale) return count("presence-outdated");
        count("presences");
        auto& set = statements_->set_presence;
        renew(set);
        set.bind(1, sighting.gateway), set.bind(2, p.state), set.bind(3, p.start), bind_number(set, 4, p.n);
        set.bind(5, p.boot), set.bind(6, p.epoch), set.bind(7, std::to_string(p.last));
        set.bind(8, std::to_string(p.acked)), set.bind(9, p.version), set.bind(10, now_.ms);
        set.exec();
    }

    std::vector<Prefix> prefixes() {
        std::vector<Prefix> out;
        for (const auto& [key, s] : streams_) {
            Prefix prefix{key.first, key.second, s.through, hex(s.head), {}};
            if (s.quarantined > 0) {
                auto& list = statements_->quarantined;
                renew(list);
                list.bind(1, s.id), list.bind(2, quarantined_listed);
                while (list.executeStep()) {
                    prefix.quarantined.push_back(static_cast<std::uint64_t>(list.getColumn(0).getInt64()));
                }
                renew(list);
            }
            out.push_back(std::move(prefix));
        }
        return out;
    }

    Counters& counters_;
    TurnLock lock_;
    std::unique_ptr<SQLite::Database> db_;
    std::optional<Statements> statements_;
    WallTime now_{};
    std::map<Key, Stream> streams_;               ///< those of the running transaction
    std::map<std::string, std::uint64_t> tally_;  ///< counted when the transaction has held
};

Ledger::Ledger(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Ledger::~Ledger() = default;

Result<std::unique_ptr<Ledger>> Ledger::open(const std::filesystem::path& file, Counters& counters) {
    try {
        return std::unique_ptr<Ledger>(new Ledger(std::make_unique<Impl>(file, counters)));
    } catch (const std::exception& e) {
        return fail(Errc::unreachable, "database '" + file.string() + "': " + e.what());
    }
}

Result<std::vector<Prefix>> Ledger::store(const std::vector<Batch>& batches, const std::vector<Sighting>& sightings,
                                          WallTime now) {
    try {
        return impl_->store(batches, sightings, now);
    } catch (const std::exception& e) {
        return fail(Errc::unreachable, std::string("nothing was stored: ") + e.what());
    }
}

}  // namespace hefang::receiver
