#include "app/turn.hpp"

#include "app/snapshot.hpp"
#include "base/log.hpp"
#include "base/uuid.hpp"
#include "core/freshness.hpp"
#include "digest/sha256.hpp"
#include "evidence/event.hpp"

#include <algorithm>
#include <utility>

namespace hefang::app {
namespace {

constexpr std::int64_t longest_wait_ms = 200;
constexpr std::int64_t ack_waits_ms = 200;  // for a turn that commits anyway; behind after a crash only sends again
constexpr std::uint64_t snapshot_every = 1'000;  // facts
constexpr int confirmation_waits_ms = 5;
constexpr std::size_t index_behind = 2'048;  // facts, from which on the index of passages grows while lanes work
constexpr std::size_t busy_step = 64;        // facts brought into it at once
constexpr std::size_t quiet_step = 1'024;    // likewise while lanes are quiet

template <class... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};

/// Nothing but what a sorter says of parcels that are on their way, and at least one of them has left.
bool only_confirmations(const std::vector<Message>& batch) {
    bool one = false;
    for (const auto& message : batch) {
        const auto* r = std::get_if<reading::Reading>(&message);
        if (r == nullptr) return false;
        const bool left = std::holds_alternative<reading::Confirmed>(*r);
        if (!left && !std::holds_alternative<reading::CommandAcked>(*r) &&
            !std::holds_alternative<reading::Induction>(*r))
            return false;
        one = one || left;
    }
    return one;
}

}  // namespace

Turn::Turn(core::SiteModel site, store::Store& store, const Clock& clock, CoreMailbox& mailbox, Outlets outlets,
           StoreLimits limits)
    : site_(std::move(site)),
      store_(store),
      clock_(clock),
      mailbox_(mailbox),
      outlets_(std::move(outlets)),
      limits_(limits),
      state_(core::fresh_state(site_)) {}

Result<std::uint64_t> Turn::record(const core::Fact& fact, const Now& now) {
    if (const auto* decided = std::get_if<core::PassageDecided>(&fact)) keep_before(state_.open.find(decided->passage));
    if (const auto* ended = std::get_if<core::PassageActuated>(&fact)) keep_before(state_.open.find(ended->passage));
    if (auto done = store_.append({&fact, 1}, now); !done) return tl::unexpected(done.error());
    written_.push_back({store_.head().sequence, std::string(store_.newest_bytes())});
    return store_.head().sequence;
}

Result<void> Turn::give(const core::Input& input, const Now& now) {
    Result<void> outcome;
    const std::function<std::string()> new_id = [&] { return uuid7(now.wall); };
    const std::function<std::uint64_t(const core::Fact&)> recorded = [&](const core::Fact& fact) {
        const auto sequence = record(fact, now);
        if (!sequence && outcome) outcome = tl::unexpected(sequence.error());
        return sequence.value_or(store_.head().sequence);
    };
    core::step(state_, input, {site_, store_, now, freshness_, new_id, recorded});
    return outcome;
}

Result<void> Turn::take(const Message& message, const Now& now) {
    return std::visit(
        Overloaded{
            [&](const reading::Reading& r) -> Result<void> {
                if (std::holds_alternative<reading::CodesRead>(r) || std::holds_alternative<reading::Induction>(r))
                    last_scan_ = now.boot;
                if (const auto* ack = std::get_if<reading::CommandAcked>(&r))
                    keep_before(state_.open.at_slot(ack->device, ack->session, ack->sequence));
                return give(r, now);
            },
            [&](const FileJudged&) -> Result<void> { return {}; },  // admitted before
            [&](const InboxAlive& alive) -> Result<void> { return see_inbox(alive.at), Result<void>(); },
            [&](const PlatformAck& ack) { return take_ack(ack, now); },
        },
        message);
}

/// The cursor moves with the next turn that commits, or soon: an ack alone is not worth a flush of its own.
Result<void> Turn::take_ack(const PlatformAck& ack, const Now& now) {
    const auto cursor = store_.cursor("platform");
    if (!cursor) return tl::unexpected(cursor.error());
    const std::uint64_t committed = store_.head().sequence - written_.size();
    if (ack.through <= std::max(*cursor, acked_ ? acked_->through : 0)) return {};
    const auto refused = [&](const char* counter, const std::string& why) -> Result<void> {
        counters_.add(counter);
        log(LogLevel::error, "journal", "the platform's ack of fact " + std::to_string(ack.through) + ": " + why);
        return {};
    };
    if (ack.through > committed)
        return refused("ack-ahead", "the journal ends at " + std::to_string(committed) + ", as an older copy would");
    const auto own = store_.hash_at(ack.through);
    if (own) {
        if (hex(*own) != ack.head) return refused("ack-wrong-head", "its hash is not ours");
    } else {
        // A row that is damaged stops nobody: the cursor stays, verify names the row.
        if (own.error().code == Errc::not_found) return refused("ack-without-fact", own.error().detail);
        if (own.error().code == Errc::corrupt) return refused("ack-of-damaged-fact", own.error().detail);
        return tl::unexpected(own.error());
    }
    acked_ = Acked{ack.through, acked_ ? acked_->since : now.boot};
    return {};
}

/// A sign of life counts from when it was seen: what waited here for hours is hours old.
void Turn::see_inbox(BootTime at) {
    if (inbox_seen_ && at <= *inbox_seen_) return;
    inbox_seen_ = at;
    inbox_seen_changed_ = true;
}

void Turn::admit_imports(std::vector<Message>& batch) {
    for (auto& message : batch)
        if (auto* judged = std::get_if<FileJudged>(&message)) imports_.push_back(std::move(judged->file));
    std::erase_if(batch, [](const Message& m) { return std::holds_alternative<FileJudged>(m); });
}

/// What need not reach the disk at once goes with a turn that commits anyway, and at the `last` one.
Result<void> Turn::write_what_waited(const Now& now, bool last) {
    const bool ack_due = acked_ && now.boot - acked_->since >= ack_waits_ms;
    if (!store_.writing() && !ack_due && !last) return {};
    if (acked_) {
        if (auto done = store_.move_cursor("platform", acked_->through); !done) return done;
        ack_put_ = true;
    }
    if (inbox_seen_changed_) {
        if (auto done = store_.put_meta("inbox.seen", boot_id() + " " + std::to_string(inbox_seen_->ms)); !done)
            return done;
        inbox_seen_put_ = true;
    }
    const auto newest = store_.head().sequence;
    if (newest == snapshot_at_ || (!last && started_ && newest - snapshot_at_ < snapshot_every)) return {};
    snapshot_put_ = newest;
    return store_.put_snapshot(newest, write_snapshot(core::facts_that_matter(state_)));
}

Result<void> Turn::decide_and_commit(const std::vector<Message>& batch, const Now& now) {
    freshness_ = measure_freshness(now);
    if (auto done = store_.begin(); !done) return done;
    if (!started_)
        if (auto done = give(core::Started{}, now); !done) return done;
    for (const auto& message : batch)
        if (auto done = take(message, now); !done) return done;
    if (auto done = give(core::Tick{}, now); !done) return done;
    if (auto done = take_import_slice(now); !done) return done;
    if (auto done = expire_parked(now); !done) return done;
    if (auto done = write_what_waited(now, false); !done) return done;
    return store_.commit();
}

/// What waits. A confirmation alone does not flush the disk while a parcel may be about to be read: it waits a moment
/// for company, and whatever comes ends the wait.
std::vector<Message> Turn::take_batch() {
    auto batch = mailbox_.take(turn_takes, std::chrono::milliseconds(wait_limit(clock_.now())));
    const auto until = clock_.now().boot + confirmation_waits_ms;
    for (int i = 0; i < confirmation_waits_ms && only_confirmations(batch) && batch.size() < turn_takes; ++i) {
        const auto left = until - clock_.now().boot;
        if (left <= 0) break;
        for (auto& message : mailbox_.take(turn_takes - batch.size(), std::chrono::milliseconds(left)))
            batch.push_back(std::move(message));
    }
    return batch;
}

void Turn::turn() {
    if (mode_ == Mode::stopped) return try_again();
    if (const auto room = room_left(); !room) {
        keep_before({}, clock_.now());
        return refuse(room.error(), {});
    }
    auto batch = take_batch();
    admit_imports(batch);
    const Now now = clock_.now();
    keep_before(batch, now);
    if (const auto done = decide_and_commit(batch, now); !done) return refuse(done.error(), std::move(batch));
    let_out(now);
    rest_import(now);
    look_after_store(now);
    last_turn_ = clock_.now().boot.ms;
}

/// Checkpoints, and the index of passages: both cost a flush that the next parcel would wait for.
void Turn::look_after_store(const Now& now) {
    const bool quiet = !lanes_busy(now) && imports_.empty();
    const bool idle = mailbox_.waiting() == 0;
    const auto pace = quiet ? store::Pace::quiet : idle ? store::Pace::idle : store::Pace::busy;
    if (const auto done = store_.checkpoint_if(pace); !done) counters_.add("checkpoint-failed");
    if (!idle || store_.lag() == 0 || (!quiet && store_.lag() < index_behind)) return;
    if (const auto done = store_.index_some(quiet ? quiet_step : busy_step); !done) counters_.add("index-failed");
}

void Turn::let_out(const Now& now) {
    for (auto& fact : written_)
        if (outlets_.committed) outlets_.committed(fact.sequence, std::move(fact.bytes));
    if (!written_.empty() && outlets_.journal_grew) outlets_.journal_grew(store_.head().sequence);
    written_.clear();
    started_ = true;
    if (std::exchange(ack_put_, false)) acked_.reset();
    if (std::exchange(inbox_seen_put_, false)) inbox_seen_changed_ = false;
    if (snapshot_put_ != 0) snapshot_at_ = std::exchange(snapshot_put_, 0);
    if (expired_ > 0) {
        counters_.add("receipts-expired", expired_);
        log(LogLevel::warn, "register",
            std::to_string(std::exchange(expired_, 0)) +
                " receipts waited too long for their declaration and were forgotten");
    }
    for (const auto& file : imports_) file->committed = file->progress;
    for (const auto& file : finished_) file->finish(PendingImport::End::committed);
    finished_.clear();
    for (const auto& file : put_off_) {
        counters_.add("import-put-off");
        counters_.add("import-rows-put-aside", static_cast<std::uint64_t>(file->progress.put_aside));
    }
    for (const auto& file : put_off_) file->finish(PendingImport::End::put_off);
    put_off_.clear();
    for (std::size_t i = 0; i < state_.lanes.size(); ++i) {
        if (!state_.lanes[i].commands_changed || outlets_.sorters[i] == nullptr) continue;
        outlets_.sorters[i]->want(core::hand_out(state_, site_, i, now.boot));
    }
}

std::int64_t Turn::wait_limit(const Now& now) const {
    const auto due = core::next_deadline(state_, site_, now.boot + longest_wait_ms);
    std::int64_t limit = std::clamp<std::int64_t>(due - now.boot, 1, longest_wait_ms);
    if (!imports_.empty())
        limit = std::min(limit, std::clamp<std::int64_t>(import_rests_until_ - now.boot, 0, longest_wait_ms));
    return limit;
}

core::Freshness Turn::measure_freshness(const Now& now) const {
    if (site_.policy.inbox_quiet_for_min <= 0) return core::freshness_of(std::nullopt, site_.policy);
    if (!inbox_seen_) return core::Freshness::stale;
    return core::freshness_of(now.boot - *inbox_seen_, site_.policy);
}

bool Turn::undecided() const {
    const auto read = [](const core::Floating& f) { return std::holds_alternative<reading::CodesRead>(f.reading); };
    const auto waits = [&](const core::LaneState& lane) {
        return !lane.slots.empty() || std::any_of(lane.floating.begin(), lane.floating.end(), read);
    };
    return std::any_of(state_.lanes.begin(), state_.lanes.end(), waits);
}

void Turn::end() {
    if (mode_ == Mode::stopped || !store_.begin()) return;
    const Now now = clock_.now();
    if (!write_what_waited(now, true) || !store_.commit()) return store_.rollback();
    let_out(now);
}

}  // namespace hefang::app
