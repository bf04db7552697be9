// How a turn begins its life: what the journal says, and what the last process left.
#include "app/restore.hpp"
#include "app/turn.hpp"

#include <cstdlib>

namespace hefang::app {

Result<void> Turn::begin() {
    auto state = restored(site_, store_);
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
