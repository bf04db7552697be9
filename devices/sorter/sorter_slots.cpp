#include "sorter/sorter_slots.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hefang::driver {

using reading::SorterCommand;

SorterSlots::Refused SorterSlots::replace(const std::vector<SorterCommand>& wanted, reading::SorterSession session) {
    Refused refused;
    std::vector<SorterCommand> out;
    const auto refuse = [&](const SorterCommand& command, std::size_t& count) {
        if (std::find(refused_.begin(), refused_.end(), command) == refused_.end()) ++count;
        out.push_back(command);
    };
    std::vector<Entry> next;
    for (const auto& command : wanted) {
        if (command.session != session || session == 0) {
            refuse(command, refused.other_session);
            continue;
        }
        if (command.sequence == 0) {
            refuse(command, refused.no_sequence);
            continue;
        }
        const bool newer_exists = std::any_of(wanted.begin(), wanted.end(), [&](const SorterCommand& other) {
            return other.session == session && other.sequence == command.sequence && other.revision > command.revision;
        });
        const bool repeated = std::any_of(next.begin(), next.end(), [&](const Entry& e) {
            return e.command.sequence == command.sequence && e.command.revision == command.revision;
        });
        if (newer_exists || repeated) {
            refuse(command, refused.superseded);
            continue;
        }
        next.push_back({command, State::waiting, std::nullopt, {}, std::nullopt});
        const auto* const known = find(command.sequence, command.revision);
        if (known == nullptr || known->command.session != session) continue;
        if (known->state == State::over && known->command.valid_until < command.valid_until)
            continue;  // it got more time
        next.back() = *known;
        next.back().command.valid_until = command.valid_until;
        if (known->state == State::waiting) next.back().command = command;
    }
    entries_ = std::move(next);
    refused_ = std::move(out);
    return refused;
}

SorterSlots::Fill SorterSlots::fill(BootTime now, std::int64_t patience_ms) {
    Fill out;
    for (auto& e : entries_) {
        if (e.command.valid_until >= now || (e.state != State::waiting && e.state != State::sent)) continue;
        e.state = e.state == State::waiting ? State::over : State::done;
        e.slot.reset();
        ++out.expired;
    }
    for (auto& e : entries_) {
        if (e.state != State::waiting) continue;
        const auto slot = make_room(now, patience_ms, out);
        if (!slot) break;
        e.slot = slot;
        e.state = State::sent;
        e.sent_at = now;
        e.unanswered_since = now;
        ++out.fresh;
    }
    for (const auto& e : entries_) {
        const auto& c = e.command;
        if (e.slot) out.block.slots[*e.slot] = {c.sequence, c.chute, c.reason, c.revision};
    }
    return out;
}

std::optional<std::size_t> SorterSlots::make_room(BootTime now, std::int64_t patience_ms, Fill& out) {
    std::array<bool, codec::sorter::depth> taken{};
    Entry* oldest = nullptr;
    for (auto& e : entries_) {
        if (!e.slot) continue;
        taken[*e.slot] = true;
        if (oldest == nullptr || e.sent_at < oldest->sent_at) oldest = &e;
    }
    const auto free = std::find(taken.begin(), taken.end(), false);
    if (free != taken.end()) return static_cast<std::size_t>(free - taken.begin());
    if (oldest == nullptr || now - oldest->sent_at <= patience_ms) return std::nullopt;
    oldest->state = State::done;  // the PLC has it, if it has anything; its answer still counts
    ++out.displaced;
    return std::exchange(oldest->slot, std::nullopt);
}

void SorterSlots::answered(std::uint16_t sequence, std::uint16_t revision) {
    auto* const entry = find(sequence, revision);
    if (entry == nullptr) return;
    entry->state = State::done;
    entry->slot.reset();
}

std::vector<SorterCommand> SorterSlots::unanswered(BootTime now, std::int64_t limit_ms) {
    std::vector<SorterCommand> out;
    for (auto& e : entries_) {
        if (e.state != State::sent || !e.unanswered_since || now - *e.unanswered_since <= limit_ms) continue;
        e.unanswered_since.reset();
        out.push_back(e.command);
    }
    return out;
}

std::size_t SorterSlots::open() const { return count(State::waiting) + count(State::sent); }

std::size_t SorterSlots::waiting() const { return count(State::waiting); }

std::size_t SorterSlots::count(State state) const {
    const auto n = std::count_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.state == state; });
    return static_cast<std::size_t>(n);
}

SorterSlots::Entry* SorterSlots::find(std::uint16_t sequence, std::uint16_t revision) {
    const auto at = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) {
        return e.command.sequence == sequence && e.command.revision == revision;
    });
    return at == entries_.end() ? nullptr : &*at;
}

}  // namespace hefang::driver
