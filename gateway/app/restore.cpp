#include "app/restore.hpp"

#include "app/snapshot.hpp"
#include "evidence/event.hpp"

namespace hefang::app {

Result<core::State> restored(const core::SiteModel& site, store::Store& store) {
    core::State state = core::fresh_state(site);
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
    const auto saved = store.snapshot();
    if (!saved) return tl::unexpected(saved.error());
    if (*saved) {
        const auto kept = read_snapshot((*saved)->bytes);
        if (!kept) return tl::unexpected(kept.error());
        for (const auto sequence : *kept) {
            const auto once = [&](std::uint64_t n, std::string_view bytes) { return fold(n, bytes), false; };
            if (auto read = store.facts_after(sequence - 1, once); !read) return tl::unexpected(read.error());
        }
        after = (*saved)->sequence;
    }
    if (auto read = store.facts_after(after, fold); !read) return tl::unexpected(read.error());
    if (!outcome) return tl::unexpected(outcome.error());
    return state;
}

evidence::Envelope envelope_of(const Config& config, const std::string& boot) {
    evidence::Envelope envelope;
    envelope.gateway = config.site.gateway;
    envelope.location = config.site.location;
    envelope.boot = boot;
    for (const auto& lane : config.lanes) envelope.flows[lane.id.text()] = "parcel-sort";
    return envelope;
}

}  // namespace hefang::app
