#include "app/turn.hpp"

#include <algorithm>
#include <cstdlib>
#include <thread>

#include "app/snapshot.hpp"
#include "base/log.hpp"
#include "base/uuid.hpp"
#include "core/freshness.hpp"
#include "digest/sha256.hpp"
#include "evidence/event.hpp"

namespace hefang::app {
namespace {

constexpr std::int64_t longest_wait_ms = 200;
constexpr std::int64_t retry_ms = 1'000;           // between two tries of a store that refuses
constexpr std::uint64_t snapshot_every = 1'000;    // facts

template <class... Fs>
struct Overloaded : Fs... {
    using Fs::operator()...;
};

}  // namespace

Turn::Turn(core::SiteModel site, store::Store& store, const Clock& clock, CoreMailbox& mailbox, Outlets outlets,
           StoreLimits limits)
    : site_(std::move(site)), store_(store), clock_(clock), mailbox_(mailbox), outlets_(std::move(outlets)),
      limits_(limits), state_(core::fresh_state(site_)) {}

Now Turn::tell_time() {
    Now now = clock_.now();
    now.wall.ms = last_wall_ = std::max(last_wall_, now.wall.ms);
    return now;
}

Result<core::State> Turn::restored() const {
    core::State state = core::fresh_state(site_);
    std::uint64_t after = 0;
    Result<void> outcome;
    const auto fold = [&](std::uint64_t sequence, std::string_view bytes) {
        const auto event = evidence::parse_event(bytes);
        if (!event) {
            outcome = fail(Errc::corrupt, "fact " + std::to_string(sequence) + ": " + event.error().detail);
            return false;
        }
        core::evolve(state, event->fact, sequence);
        return true;
    };
    const auto saved = store_.snapshot();
    if (!saved) return tl::unexpected(saved.error());
    if (*saved) {
        const auto kept = read_snapshot((*saved)->bytes);
        if (!kept) return tl::unexpected(kept.error());
        for (const auto sequence : *kept) {
            const auto once = [&](std::uint64_t n, std::string_view bytes) { return fold(n, bytes), false; };
            if (auto read = store_.facts_after(sequence - 1, once); !read) return tl::unexpected(read.error());
        }
        after = (*saved)->sequence;
    }
    if (auto read = store_.facts_after(after, fold); !read) return tl::unexpected(read.error());
    if (!outcome) return tl::unexpected(outcome.error());
    return state;
}

Result<void> Turn::begin() {
    auto state = restored();
    if (!state) return tl::unexpected(state.error());
    state_ = std::move(*state);
    const Now now = tell_time();
    if (auto done = remember_inbox(); !done) return done;
    if (auto done = store_.begin(); !done) return done;
    if (auto done = give(core::Started{}, now); !done) return done;
    if (auto done = snapshot_if_due(true); !done) return done;
    if (auto done = store_.commit(); !done) return done;
    let_out(now);
    last_turn_ = clock_.now().boot.ms;
    return {};
}

/// A restarted process knows how old the customs data are; after a reboot nobody does.
Result<void> Turn::remember_inbox() {
    const auto seen = store_.meta("inbox.seen");
    if (!seen) return tl::unexpected(seen.error());
    const std::string mine = boot_id() + " ";
    if (*seen && (*seen)->starts_with(mine)) inbox_seen_ = BootTime{std::strtoll((*seen)->c_str() + mine.size(), nullptr, 10)};
    return {};
}

/// Looks once a second.
Result<void> Turn::room_left() {
    const auto now = clock_.now().boot;
    if (room_checked_at_.ms != 0 && now - room_checked_at_ < retry_ms) return {};
    room_checked_at_ = now;
    const auto free = store_.free_bytes();
    if (limits_.least_free_bytes > 0 && free && *free < limits_.least_free_bytes)
        return fail(Errc::full, std::to_string(*free >> 20) + " MiB are free, " + std::to_string(limits_.least_free_bytes >> 20) +
                                    " MiB must be ([store] free_gib)");
    const auto size = store_.size_bytes();
    if (limits_.most_bytes > 0 && size && *size > limits_.most_bytes)
        return fail(Errc::full, "the store has " + std::to_string(*size >> 20) + " MiB of " +
                                    std::to_string(limits_.most_bytes >> 20) + " MiB ([store] limit_gib, 97 %)");
    return {};
}

Result<std::uint64_t> Turn::record(const core::Fact& fact, const Now& now) {
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
    return std::visit(Overloaded{
                          [&](const reading::Reading& r) -> Result<void> {
                              if (std::holds_alternative<reading::CodesRead>(r) ||
                                  std::holds_alternative<reading::Induction>(r))
                                  last_scan_ = now.boot;
                              return give(r, now);
                          },
                          [&](const FileJudged&) -> Result<void> { return {}; },  // admitted before
                          [&](const InboxAlive&) -> Result<void> {
                              inbox_seen_ = now.boot;
                              inbox_seen_changed_ = true;
                              return {};
                          },
                          [&](const PlatformAck& ack) { return take_ack(ack); },
                      },
                      message);
}

Result<void> Turn::take_ack(const PlatformAck& ack) {
    const auto cursor = store_.cursor("platform");
    if (!cursor) return tl::unexpected(cursor.error());
    if (ack.through <= *cursor || ack.through > store_.head().sequence) return {};
    const auto own = store_.hash_at(ack.through);
    if (!own) return tl::unexpected(own.error());
    if (hex(*own) != ack.head) {
        counters_.add("ack-wrong-head");
        return {};
    }
    changed_ = true;
    return store_.move_cursor("platform", ack.through);
}

void Turn::admit_imports(std::vector<Message>& batch) {
    for (auto& message : batch)
        if (auto* judged = std::get_if<FileJudged>(&message)) imports_.push_back(std::move(judged->file));
    std::erase_if(batch, [](const Message& m) { return std::holds_alternative<FileJudged>(m); });
}

Result<void> Turn::snapshot_if_due(bool anyway) {
    if (store_.head().sequence == snapshot_at_ || (!anyway && store_.head().sequence - snapshot_at_ < snapshot_every)) return {};
    changed_ = true;
    const auto done = store_.put_snapshot(store_.head().sequence, write_snapshot(core::facts_that_matter(state_)));
    if (done) snapshot_at_ = store_.head().sequence;
    return done;
}

Result<void> Turn::decide_and_commit(const std::vector<Message>& batch, const Now& now) {
    freshness_ = measure_freshness(now);
    if (auto done = store_.begin(); !done) return done;
    for (const auto& message : batch)
        if (auto done = take(message, now); !done) return done;
    if (auto done = give(core::Tick{}, now); !done) return done;
    if (auto done = take_import_slice(now); !done) return done;
    if (inbox_seen_changed_ && changed_) {
        inbox_seen_changed_ = false;
        if (auto done = store_.put_meta("inbox.seen", boot_id() + " " + std::to_string(inbox_seen_->ms)); !done) return done;
    }
    if (auto done = snapshot_if_due(false); !done) return done;
    if (written_.empty() && !changed_) {
        store_.rollback();
        return {};
    }
    return store_.commit();
}

void Turn::turn() {
    if (mode_ == Mode::stopped) return try_again();
    if (const auto room = room_left(); !room) return refuse(room.error(), {}, state_.lanes);
    auto batch = mailbox_.take(turn_takes, std::chrono::milliseconds(wait_limit(clock_.now())));
    admit_imports(batch);
    const Now now = tell_time();
    auto lanes_before = state_.lanes;
    if (const auto done = decide_and_commit(batch, now); !done) return refuse(done.error(), std::move(batch), std::move(lanes_before));
    let_out(now);
    const bool idle = mailbox_.waiting() == 0;
    if (const auto done = store_.checkpoint_if(idle); !done) counters_.add("checkpoint-failed");
    if (idle) {
        if (const auto done = store_.index_some(256); !done) counters_.add("index-failed");
    }
    last_turn_ = clock_.now().boot.ms;
}

void Turn::let_out(const Now& now) {
    for (auto& fact : written_)
        if (outlets_.committed) outlets_.committed(fact.sequence, std::move(fact.bytes));
    if (!written_.empty() && outlets_.journal_grew) outlets_.journal_grew(store_.head().sequence);
    written_.clear();
    changed_ = false;
    for (const auto& file : imports_) file->committed = file->progress;
    for (const auto& file : finished_) file->finish(PendingImport::End::committed);
    finished_.clear();
    for (const auto& file : put_off_) file->finish(PendingImport::End::put_off);
    put_off_.clear();
    for (std::size_t i = 0; i < state_.lanes.size(); ++i) {
        auto& lane = state_.lanes[i];
        if (!lane.commands_changed || outlets_.sorters[i] == nullptr) continue;
        lane.commands_changed = false;
        outlets_.sorters[i]->want(core::wanted(state_, site_, i, now.boot));
    }
}

std::int64_t Turn::wait_limit(const Now& now) const {
    const auto due = core::next_deadline(state_, site_, now.boot + longest_wait_ms);
    std::int64_t limit = std::clamp<std::int64_t>(due - now.boot, 1, longest_wait_ms);
    if (!imports_.empty()) limit = std::min(limit, std::clamp<std::int64_t>(import_rests_until_ - now.boot, 0, longest_wait_ms));
    return limit;
}

core::Freshness Turn::measure_freshness(const Now& now) const {
    if (site_.policy.inbox_quiet_for_min <= 0) return core::freshness_of(std::nullopt, site_.policy);
    if (!inbox_seen_) return core::Freshness::stale;
    return core::freshness_of(now.boot - *inbox_seen_, site_.policy);
}

void Turn::roll_back(std::vector<core::LaneState> lanes_before) {
    store_.rollback();
    written_.clear();
    changed_ = false;
    for (const auto& file : finished_) imports_.push_front(file);
    for (const auto& file : put_off_) imports_.push_front(file);
    finished_.clear();
    put_off_.clear();
    for (const auto& file : imports_) file->progress = file->committed;
    auto state = restored();
    if (!state) {  // not even readable: keep what lives; nothing leaves while stopped
        counters_.add("restore-failed");
        return;
    }
    for (auto& [id, open] : state->open.all()) {  // deadlines and acks are no part of the journal
        const auto* lived = state_.open.find(id);
        if (lived == nullptr) continue;
        open.valid_until = lived->valid_until;
        open.confirm_until = lived->confirm_until;
        const bool same = lived->decided.revision == open.decided.revision;
        open.acked = same && lived->acked;
        open.too_late = same && lived->too_late;
        open.refused = same && lived->refused;
        open.in_force = lived->in_force;
        open.chutes = lived->chutes;
    }
    state->lanes = std::move(lanes_before);
    state->before = state_.before;
    state_ = std::move(*state);
}

void Turn::refuse(const Error& why, std::vector<Message> batch, std::vector<core::LaneState> lanes_before) {
    roll_back(std::move(lanes_before));
    counters_.add("store-refused");
    if (mode_ != Mode::stopped) log(LogLevel::error, "store", "refused a turn, outputs stopped: " + why.detail);
    mode_ = Mode::stopped;
    stopped_because_ = why.detail;
    refused_ = std::move(batch);
    try_again_at_ = clock_.now().boot + retry_ms;
    if (!refusal_recorded_) {
        if (!store_.reserve().release()) counters_.add("reserve-not-released");
        record_refusal();
    }
}

/// The reserve file made room for this one fact.
void Turn::record_refusal() {
    const Now now = tell_time();
    auto done = store_.begin();
    if (done) {
        if (const auto sequence = record(core::StoreRefused{stopped_because_}, now); !sequence)
            done = tl::unexpected(sequence.error());
    }
    if (done) done = store_.commit();
    refusal_recorded_ = done.has_value();
    if (refusal_recorded_) {
        for (auto& fact : written_)
            if (outlets_.committed) outlets_.committed(fact.sequence, std::move(fact.bytes));
    } else {
        store_.rollback();
    }
    written_.clear();
}

void Turn::try_again() {
    const auto wait = try_again_at_ - clock_.now().boot;
    if (wait > 0) {  // short, so that a stop request is seen
        std::this_thread::sleep_for(std::chrono::milliseconds(std::min<std::int64_t>(wait, 50)));
        return;
    }
    try_again_at_ = clock_.now().boot + retry_ms;
    if (!refusal_recorded_) record_refusal();
    room_checked_at_ = {};
    if (!refusal_recorded_ || !store_.reserve().create() || !room_left()) return;
    auto batch = std::move(refused_);
    refused_.clear();
    const Now now = tell_time();
    auto lanes_before = state_.lanes;
    if (const auto done = decide_and_commit(batch, now); !done) return refuse(done.error(), std::move(batch), std::move(lanes_before));
    log(LogLevel::warn, "store", "takes facts again");
    refusal_recorded_ = false;
    stopped_because_.clear();
    mode_ = Mode::running;
    let_out(now);
    last_turn_ = clock_.now().boot.ms;
}

void Turn::end() {
    if (mode_ == Mode::stopped || !store_.begin()) return;
    if (!snapshot_if_due(true) || !store_.commit()) store_.rollback();
}

}  // namespace hefang::app
