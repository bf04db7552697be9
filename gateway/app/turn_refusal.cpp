// The turn while the store refuses: back to what is on disk, the refusal recorded once, and tried again.
#include "app/restore.hpp"
#include "app/turn.hpp"
#include "base/log.hpp"

#include <algorithm>
#include <thread>

namespace hefang::app {
namespace {

constexpr std::int64_t retry_ms = 1'000;  // between two tries of a store that refuses, and two looks at its room

}  // namespace

/// Looks once a second.
Result<void> Turn::room_left() {
    const auto now = clock_.now().boot;
    if (room_checked_at_.ms != 0 && now - room_checked_at_ < retry_ms) return {};
    room_checked_at_ = now;
    const auto free = store_.free_bytes();
    if (limits_.least_free_bytes > 0 && free && *free < limits_.least_free_bytes)
        return fail(Errc::full, std::to_string(*free >> 20) + " MiB are free, " +
                                    std::to_string(limits_.least_free_bytes >> 20) + " MiB must be ([store] free_gib)");
    const auto size = store_.size_bytes();
    if (limits_.most_bytes > 0 && size && *size > limits_.most_bytes)
        return fail(Errc::full, "the store has " + std::to_string(*size >> 20) + " MiB of " +
                                    std::to_string(limits_.most_bytes >> 20) + " MiB ([store] limit_gib, 97 %)");
    return {};
}

/// Called before anything of the turn is decided. Only readings and deadlines that are due change what lanes hold; a
/// revision by the register only asks for commands, which is as well asked once too often.
void Turn::keep_before(const std::vector<Message>& batch, const Now& now) {
    const auto reads = [](const Message& m) { return std::holds_alternative<reading::Reading>(m); };
    before_.lanes_kept =
        std::any_of(batch.begin(), batch.end(), reads) || core::next_deadline(state_, site_, now.boot + 1) <= now.boot;
    if (before_.lanes_kept) before_.lanes = state_.lanes;
    before_.tick = state_.before;
    before_.inbox_seen = inbox_seen_;
    before_.inbox_seen_changed = inbox_seen_changed_;
    before_.passages.clear();
    if (now.boot <= state_.confirm_due) return;
    for (const auto& [id, open] : state_.open.all())
        if (core::is_late(open, now)) keep_before(&open);
}

/// Called before an open passage is changed by this turn.
void Turn::keep_before(const core::OpenPassage* open) {
    if (open == nullptr) return;
    before_.passages.try_emplace(open->decided.passage, *open);
}

void Turn::roll_back() {
    store_.rollback();
    written_.clear();
    ack_put_ = inbox_seen_put_ = false;
    snapshot_put_ = 0;
    expired_ = 0;
    for (const auto& file : finished_) imports_.push_front(file);
    for (const auto& file : put_off_) imports_.push_front(file);
    finished_.clear();
    put_off_.clear();
    for (const auto& file : imports_) file->progress = file->committed;
    inbox_seen_ = before_.inbox_seen;
    inbox_seen_changed_ = before_.inbox_seen_changed;
    unrestored_ = true;
    (void)restore();
}

/// The state before the refused turn. False when the store cannot even be read: until it can, nothing is decided.
bool Turn::restore() {
    auto state = restored(site_, store_);
    if (!state) {
        counters_.add("restore-failed");
        return false;
    }
    for (auto& [id, open] : state->open.all()) {
        if (const auto kept = before_.passages.find(id); kept != before_.passages.end()) {
            open = std::move(kept->second);
        } else if (const auto* lives = state_.open.find(id)) {
            open = *lives;  // as it was before: what the turn changes is kept
        }
    }
    state->lanes = std::move(before_.lanes_kept ? before_.lanes : state_.lanes);
    state->before = before_.tick;
    state_ = std::move(*state);
    unrestored_ = false;
    return true;
}

void Turn::refuse(const Error& why, std::vector<Message> batch) {
    roll_back();
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

/// The reserve file made room for this one fact. When even that fails it is tried again with everything else.
void Turn::record_refusal() {
    const Now now = clock_.now();
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
        if (outlets_.journal_grew) outlets_.journal_grew(store_.head().sequence);
    } else {
        store_.rollback();
        counters_.add("refusal-not-recorded");
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
    if (unrestored_ && !restore()) return;
    if (!refusal_recorded_) record_refusal();
    room_checked_at_ = {};
    if (!refusal_recorded_ || !store_.reserve().create() || !room_left()) return;
    auto batch = std::move(refused_);
    refused_.clear();
    const Now now = clock_.now();
    keep_before(batch, now);
    if (const auto done = decide_and_commit(batch, now); !done) return refuse(done.error(), std::move(batch));
    log(LogLevel::warn, "store", "takes facts again");
    refusal_recorded_ = false;
    stopped_because_.clear();
    mode_ = Mode::running;
    let_out(now);
    last_turn_ = clock_.now().boot.ms;
}

}  // namespace hefang::app
