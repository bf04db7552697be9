#include "driver/sorter_slots.hpp"

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
        next.push_back({command, State::waiting, std::nullopt, std::nullopt});
        if (const auto* const known = find(command.sequence, command.revision);
            known != nullptr && known->command.session == session) {
            next.back().state = known->state;
            next.back().slot = known->slot;
            next.back().unanswered_since = known->unanswered_since;
            if (known->state != State::waiting) next.back().command.chute = known->command.chute;
        }
    }
    entries_ = std::move(next);
    refused_ = std::move(out);
    return refused;
}

SorterSlots::Fill SorterSlots::fill(BootTime now) {
    Fill out;
    std::array<bool, codec::sorter::depth> taken{};
    for (auto& e : entries_) {
        if (e.state != State::done && e.command.valid_until < now) {
            e.state = State::done;
            e.slot.reset();
            ++out.expired;
        }
        if (e.slot) taken[*e.slot] = true;
    }
    for (auto& e : entries_) {
        if (e.state == State::waiting) {
            const auto free = std::find(taken.begin(), taken.end(), false);
            if (free == taken.end()) continue;
            *free = true;
            e.slot = static_cast<std::size_t>(free - taken.begin());
            e.state = State::sent;
            e.unanswered_since = now;
            ++out.fresh;
        }
        if (!e.slot) continue;
        const auto& c = e.command;
        out.block.slots[*e.slot] = {c.sequence, c.chute, c.reason, c.revision};
    }
    return out;
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
