#include "app/turn.hpp"
#include "base/log.hpp"

#include <algorithm>
#include <utility>

/// The import's share of a turn: a few rows while lanes work, many when they are quiet.
namespace hefang::app {
namespace {

constexpr std::size_t busy_rows = 16;
constexpr std::size_t quiet_rows = 500;
constexpr std::int64_t busy_slice_ms = 4;  // a slice ends after so long, too
constexpr std::int64_t quiet_slice_ms = 20;
constexpr std::int64_t quiet_after_ms = 1'000;  // without telegram or induction
constexpr std::int64_t rest_factor = 3;         // busy: rest this much longer than the turn of the slice took
constexpr std::int64_t give_way_ms = 50;        // busy: a turn with parcels goes without a slice, but not for longer

constexpr std::int64_t parked_ms = std::int64_t{30} * 24 * 3'600'000;  // a receipt waits so long for its declaration
constexpr std::int64_t expire_every_ms = 3'600'000;
constexpr std::size_t expire_rows = 64;  // that one turn looks at

}  // namespace

bool Turn::lanes_busy(const Now& now) const { return last_scan_.ms != 0 && now.boot - last_scan_ < quiet_after_ms; }

Result<void> Turn::take_import_slice(const Now& now) {
    if (imports_.empty() || now.boot < import_rests_until_) return {};
    const bool busy = lanes_busy(now);
    if (busy && before_.lanes_kept && now.boot - import_rests_until_ < give_way_ms) return {};
    import_slice_ = true;
    auto& file = *imports_.front();
    const auto began = clock_.now().boot;
    for (std::size_t n = busy ? busy_rows : quiet_rows; n > 0 && file.progress.next < file.rows(); --n) {
        if (auto done = take_row(file, file.progress.next, now); !done) return done;
        ++file.progress.next;
        if (clock_.now().boot - began >= (busy ? busy_slice_ms : quiet_slice_ms)) break;
    }
    if (file.progress.next == file.rows())
        if (auto done = finish_import(now); !done) return done;
    return {};
}

/// After the commit, which is the longer part of it: the next parcels come first.
void Turn::rest_import(const Now& now) {
    if (!std::exchange(import_slice_, false) || !lanes_busy(now)) return;
    const auto ended = clock_.now().boot;
    import_rests_until_ = ended + std::max<std::int64_t>(1, rest_factor * (ended - now.boot));
}

/// By a wall clock that the network agrees with only: one that runs ahead must not forget a hold.
Result<void> Turn::expire_parked(const Now& now) {
    if (now.clock != ClockState::synced || now.boot < expire_at_ || store_.parked() == 0) return {};
    const auto looked = store_.expire_parked(now.wall, parked_ms, expire_rows);
    if (!looked) return tl::unexpected(looked.error());
    expired_ = looked->forgotten;
    if (looked->at_end) expire_at_ = now.boot + expire_every_ms;
    return {};
}

/// Since when a receipt waits: never since before what is recorded already, and 0 while nobody has set the clock.
std::int64_t Turn::waits_since(const Now& now) const {
    return now.clock == ClockState::unsynced ? 0 : std::max(now.wall, store_.head().recorded).ms;
}

Result<void> Turn::take_row(PendingImport& file, std::size_t row, const Now& now) {
    const auto& judged = file.judged();
    const bool is_declaration = row < judged.declarations.size();
    std::optional<core::Receipt> receipt;
    const auto put = [&]() -> Result<store::Taken> {
        if (is_declaration) {
            const auto& d = judged.declarations[row];
            return store_.put_declaration(d.keys, d.waybill, d.version);
        }
        const auto& r = judged.receipts[row - judged.declarations.size()];
        receipt = r.receipt;
        receipt->taken_ms = waits_since(now);
        auto taken = store_.put_receipt(r.keys, *receipt);
        receipt->taken_ms = now.wall.ms;  // by which it is judged as late, or not
        return taken;
    }();
    if (!put && store_.limited()) {  // the rows behind it may be holds: they are taken
        auto& left = put.error().code == Errc::refused ? file.progress.refused : file.progress.put_aside;
        if (++left == 1) log(LogLevel::warn, "register", file.name() + ": a row was left out: " + put.error().detail);
        return {};
    }
    if (!put) return tl::unexpected(put.error());
    switch (put->outcome) {
        case store::Taken::Outcome::repeated: ++file.progress.repeated; return {};
        case store::Taken::Outcome::parked:
        case store::Taken::Outcome::taken: ++file.progress.taken; break;
        case store::Taken::Outcome::overfull:
            if (++file.progress.put_aside == 1)
                log(LogLevel::warn, "register",
                    file.name() + ": a row found no room in its declaration, which holds now");
            receipt.reset();  // it is not in the register
            break;
    }
    for (const auto& waybill : put->waybills)
        if (auto done = give(core::RegisterChanged{waybill, receipt}, now); !done) return done;
    return {};
}

/// A file of which rows found no room stays in the inbox and comes again; what was taken of it stays taken.
Result<void> Turn::finish_import(const Now& now) {
    const auto& file = *imports_.front();
    if (file.progress.put_aside == 0) {
        const auto& judged = file.judged();
        core::MessageTaken fact;
        fact.sha256 = judged.sha256;
        fact.kind = judged.kind.empty() ? "unreadable" : judged.kind;
        fact.name = file.name();
        fact.bytes = judged.bytes;
        fact.nodes_taken = file.progress.taken;
        fact.nodes_repeated = file.progress.repeated;
        fact.nodes_refused = static_cast<std::int64_t>(judged.refusals.size()) + file.progress.refused;
        fact.refusal = file.refusal();
        if (const auto sequence = record(fact, now); !sequence) return tl::unexpected(sequence.error());
        see_inbox(file.found);
    }
    (file.progress.put_aside == 0 ? finished_ : put_off_).push_back(imports_.front());
    imports_.pop_front();
    return {};
}

}  // namespace hefang::app
