#include "hil/sorter_plc.hpp"

#include <algorithm>

namespace hefang::hil {

namespace map = codec::sorter;

namespace {

enum : std::uint16_t { ack_accepted = 1, ack_too_late = 2, ack_unknown = 3, ack_full = 4, ack_not_in_auto = 5 };
enum : std::uint16_t { left_diverted = 1, left_missed = 2 };

/// So many numbers of items that have left are remembered, to tell "too late" from "unknown".
constexpr std::size_t remembered = 64;

/// Appends to a log of bounded size: the older half goes when it is full.
template <class Entry>
void note(std::vector<Entry>& log, const Entry& entry) {
    constexpr std::size_t limit = 200'000;
    if (log.size() == limit) log.erase(log.begin(), log.begin() + limit / 2);
    log.push_back(entry);
}

}  // namespace

SorterPlc::SorterPlc(SorterPlcSettings settings, BootTime now, std::uint16_t start)
    : settings_(settings), now_(now), beat_seen_(now), next_beat_(now + settings.heartbeat_ms) {
    status_.start = start;
    status_.state = map::state_running;
}

void SorterPlc::advance(BootTime now) {
    now_ = std::max(now_, now);
    while (next_beat_ <= now_) {
        if (!heartbeat_frozen_) ++status_.plc_heartbeat;
        next_beat_ = next_beat_ + settings_.heartbeat_ms;
    }
    if (beating_ && !watchdog_ignored_ && now_ - beat_seen_ > settings_.watchdog_ms) {
        beating_ = false;
        status_.accepted_session = 0;
        forget_orders();
    }
    for (auto& item : belt_) {
        if (!item.diverted && item.divert_at <= now_) choose_chute(item);
    }
    while (!belt_.empty() && belt_.front().diverted && belt_.front().divert_at + settings_.leave_ms <= now_) {
        confirm(belt_.front());
        belt_.pop_front();
    }
}

BootTime SorterPlc::next_due() const {
    BootTime due = next_beat_;
    if (beating_) due = std::min(due, beat_seen_ + (settings_.watchdog_ms + 1));
    for (const auto& item : belt_) due = std::min(due, item.divert_at + (item.diverted ? settings_.leave_ms : 0));
    return due;
}

bool SorterPlc::write(int first, std::span<const std::uint16_t> values) {
    for (std::size_t i = 0; i < values.size(); ++i) {
        const int reg = first + static_cast<int>(i);
        const bool command =
            reg >= map::reg_command_block && reg < map::reg_command_block + static_cast<int>(map::command_size);
        if (!command && reg != map::reg_edge_heartbeat && reg != map::reg_edge_session) return false;
    }
    bool command_written = false;
    bool beaten = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const int reg = first + static_cast<int>(i);
        if (reg == map::reg_edge_heartbeat) {
            if (values[i] != status_.edge_heartbeat) {
                beat_seen_ = now_;
                beating_ = beaten = true;
            }
            status_.edge_heartbeat = values[i];
            if (!echo_frozen_) status_.echo = values[i];
        } else if (reg == map::reg_edge_session) {
            status_.edge_session = values[i];
        } else {
            command_registers_[static_cast<std::size_t>(reg - map::reg_command_block)] = values[i];
            command_written = true;
        }
    }
    if (beaten) accept_session();
    if (command_written) take_commands();
    return true;
}

void SorterPlc::accept_session() {
    if (status_.edge_session == 0 || status_.edge_session == offered_session_) return;
    offered_session_ = status_.edge_session;
    status_.accepted_session = status_.edge_session;
    forget_orders();
}

void SorterPlc::forget_orders() {
    for (auto& item : belt_) item.order.reset();
}

void SorterPlc::take_commands() {
    const auto block = map::decode_commands(command_registers_).value_or(map::Commands{});
    const bool same_session = block.session == taken_.session;
    for (std::size_t i = 0; i < map::depth; ++i) {
        const auto& entry = block.slots[i];
        const auto& before = taken_.slots[i];
        const bool seen = same_session && before.sequence == entry.sequence && before.revision == entry.revision;
        if (entry.sequence == 0 || seen) continue;
        const bool obey = status_.accepted_session != 0 && block.session == status_.accepted_session;
        note(received_, ReceivedCommand{now_, block.session, entry, obey ? answer(entry) : std::uint16_t{0}});
        ++received_count_;
        if (!obey) continue;
        ++status_.ack_count;
        status_.acks[map::newest_index(status_.ack_count)] = {entry.sequence, entry.revision, received_.back().code};
    }
    taken_ = block;
}

std::uint16_t SorterPlc::answer(const map::CommandEntry& entry) {
    const auto of_entry = [&](const Item& item) { return item.sequence == entry.sequence; };
    const auto at = std::find_if(belt_.begin(), belt_.end(), of_entry);
    if (at == belt_.end()) {
        const bool has_left = std::find(gone_.begin(), gone_.end(), entry.sequence) != gone_.end();
        return has_left ? ack_too_late : ack_unknown;
    }
    if (at->diverted) return ack_too_late;
    if (at->order && at->order->revision > entry.revision) return ack_too_late;  // a newer decision is in force
    // Whatever becomes of a newer decision, the one before is out of force: refused, the item takes the default chute.
    at->order = Order{0, entry.revision};
    if ((status_.state & map::state_manual) != 0) return ack_not_in_auto;
    const bool watched = entry.chute >= 1 && entry.chute <= 8;
    if (watched && (status_.state >> (7U + entry.chute) & 1U) != 0) return ack_full;
    at->order->chute = entry.chute;
    return ack_accepted;
}

void SorterPlc::choose_chute(Item& item) {
    item.diverted = true;
    const bool commanded = item.order && item.order->chute != 0;
    item.left = {now_, item.sequence, commanded ? item.order->chute : settings_.default_chute, left_diverted,
                 !commanded};
    if (miss_diverts_ > 0 && item.left.chute != settings_.default_chute) {
        --miss_diverts_;
        item.left.chute = settings_.default_chute;
        item.left.result = left_missed;
    }
}

void SorterPlc::confirm(const Item& item) {
    note(diversions_, item.left);
    diversions_.back().at = now_;
    gone_.push_back(item.sequence);
    if (gone_.size() > remembered) gone_.pop_front();
    if (drop_confirmations_ > 0) {
        --drop_confirmations_;
        return;
    }
    ++status_.confirmation_count;
    status_.confirmations[map::newest_index(status_.confirmation_count)] = {item.sequence, item.left.chute,
                                                                            item.left.result};
}

std::uint16_t SorterPlc::induct(std::optional<std::uint16_t> sequence, std::uint16_t length_mm) {
    for (; skip_sequences_ > 0; --skip_sequences_) last_sequence_ = map::next_sequence(last_sequence_);
    last_sequence_ = sequence.value_or(map::next_sequence(last_sequence_));
    belt_.push_back({last_sequence_, now_ + settings_.travel_ms, std::nullopt, false, {}});
    const auto position = static_cast<std::uint32_t>(now_.ms);  // one pulse a millisecond
    ++status_.induction_count;
    status_.inductions[map::newest_index(status_.induction_count)] = {last_sequence_, length_mm, position};
    return last_sequence_;
}

void SorterPlc::restart() {
    const auto start = static_cast<std::uint16_t>(status_.start + 1);
    status_ = {};
    status_.start = start;
    status_.state = map::state_running;
    command_registers_ = {};
    taken_ = {};
    offered_session_ = 0;
    beating_ = false;
    last_sequence_ = 0;
    belt_.clear();
    gone_.clear();
}

void SorterPlc::set_manual(bool on) {
    const auto bits = on ? status_.state | map::state_manual : status_.state & ~unsigned{map::state_manual};
    status_.state = static_cast<std::uint16_t>(bits);
}

void SorterPlc::set_full(std::uint16_t chute, bool on) {
    if (chute < 1 || chute > 8) return;
    const unsigned bit = 1U << (7U + chute);
    status_.state = static_cast<std::uint16_t>(on ? status_.state | bit : status_.state & ~bit);
}

}  // namespace hefang::hil
