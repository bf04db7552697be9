#include "app/turn.hpp"

/// The import's share of a turn: a few rows while lanes work, many when they are quiet.
namespace hefang::app {
namespace {

constexpr std::size_t busy_rows = 16;
constexpr std::size_t quiet_rows = 500;
constexpr std::int64_t quiet_after_ms = 1'000;  // without telegram or induction
constexpr std::int64_t rest_factor = 3;         // busy: rest this much longer than the slice took

}  // namespace

Result<void> Turn::take_import_slice(const Now& now) {
    if (imports_.empty() || now.boot < import_rests_until_) return {};
    const bool busy = last_scan_.ms != 0 && now.boot - last_scan_ < quiet_after_ms;
    auto& file = *imports_.front();
    const auto began = clock_.now().boot;
    for (std::size_t n = busy ? busy_rows : quiet_rows; n > 0 && file.progress.next < file.rows(); --n) {
        auto done = take_row(file, file.progress.next, now);
        if (!done && done.error().code == Errc::full) return put_off();
        if (!done) return done;
        ++file.progress.next;
    }
    if (file.progress.next == file.rows()) {
        if (auto done = finish_import(file, now); !done) return done;
        finished_.push_back(imports_.front());
        imports_.pop_front();
    }
    if (busy) import_rests_until_ = clock_.now().boot + std::max<std::int64_t>(1, rest_factor * (clock_.now().boot - began));
    return {};
}

/// No room for more receipts without declaration: what was taken stays taken, the file stays in the inbox.
Result<void> Turn::put_off() {
    counters_.add("import-put-off");
    put_off_.push_back(imports_.front());
    imports_.pop_front();
    return {};
}

Result<void> Turn::take_row(PendingImport& file, std::size_t row, const Now& now) {
    const auto& judged = file.judged();
    changed_ = true;
    const bool is_declaration = row < judged.declarations.size();
    std::optional<core::Receipt> receipt;
    const auto put = [&]() -> Result<store::Taken> {
        if (is_declaration) {
            const auto& d = judged.declarations[row];
            return store_.put_declaration(d.keys, d.waybill, d.version);
        }
        const auto& r = judged.receipts[row - judged.declarations.size()];
        receipt = r.receipt;
        receipt->taken_ms = now.wall.ms;
        return store_.put_receipt(r.keys, *receipt);
    }();
    if (!put) return tl::unexpected(put.error());
    if (put->outcome == store::Taken::Outcome::repeated) {
        ++file.progress.repeated;
        return {};
    }
    ++file.progress.taken;
    for (const auto& waybill : put->waybills)
        if (auto done = give(core::RegisterChanged{waybill, receipt}, now); !done) return done;
    return {};
}

Result<void> Turn::finish_import(PendingImport& file, const Now& now) {
    const auto& judged = file.judged();
    core::MessageTaken fact;
    fact.sha256 = judged.sha256;
    fact.kind = judged.kind.empty() ? "unreadable" : judged.kind;
    fact.name = file.name();
    fact.bytes = judged.bytes;
    fact.nodes_taken = file.progress.taken;
    fact.nodes_repeated = file.progress.repeated;
    fact.nodes_refused = static_cast<std::int64_t>(judged.refusals.size());
    fact.refusal = file.refusal();
    if (const auto sequence = record(fact, now); !sequence) return tl::unexpected(sequence.error());
    inbox_seen_ = now.boot;
    inbox_seen_changed_ = true;
    changed_ = true;
    return {};
}

}  // namespace hefang::app
