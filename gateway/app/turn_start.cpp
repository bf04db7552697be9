// How a turn begins its life: what the journal says, and what the last process left.
#include "app/snapshot.hpp"
#include "app/turn.hpp"
#include "evidence/event.hpp"

#include <cstdlib>

namespace hefang::app {

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
    if (auto done = remember_inbox(); !done) return done;
    const Now now = clock_.now();
    keep_before({}, now);
    auto done = store_.reserve().create();
    if (done) done = decide_and_commit({}, now);
    if (!done) {  // up, stopped and trying, as a running one would be: a full disk is waited out
        refuse(done.error(), {});
        return {};
    }
    let_out(now);
    last_turn_ = clock_.now().boot.ms;
    return {};
}

/// A restarted process knows how old the customs data are; after a reboot nobody does.
Result<void> Turn::remember_inbox() {
    const auto seen = store_.meta("inbox.seen");
    if (!seen) return tl::unexpected(seen.error());
    const std::string mine = boot_id() + " ";
    if (*seen && (*seen)->starts_with(mine))
        inbox_seen_ = BootTime{std::strtoll((*seen)->c_str() + mine.size(), nullptr, 10)};
    return {};
}

}  // namespace hefang::app
