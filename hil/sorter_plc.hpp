#pragma once
#include "base/clock.hpp"
#include "plc/sorter_map.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <span>
#include <vector>

namespace hefang::hil {

struct SorterPlcSettings {
    std::int64_t travel_ms = 300;     ///< from the eye to the point where the chute is chosen for good
    std::int64_t leave_ms = 50;       ///< from there into the chute, where the confirmation is made
    std::int64_t watchdog_ms = 1000;  ///< an edge heartbeat unchanged for longer ends the session
    std::int64_t heartbeat_ms = 100;  ///< period of the PLC's own counter
    std::uint16_t default_chute = 2;  ///< of items without a command: inspect
};

/// One command as the PLC saw it, obeyed or not.
struct ReceivedCommand {
    BootTime at;
    std::uint16_t session = 0;
    codec::sorter::CommandEntry entry;
    std::uint16_t code = 0;  ///< the acknowledge code; 0: not of the accepted session, ignored
};

/// One item at the moment when it left the belt.
struct Diversion {
    BootTime at;
    std::uint16_t sequence = 0;
    std::uint16_t chute = 0;
    std::uint16_t result = 0;
    bool by_default = false;  ///< no command was in force when its chute was chosen
    friend bool operator==(const Diversion&, const Diversion&) = default;
};

/// A sorter's PLC and belt by the rules of docs/sorter-map.md. No socket, thread or clock: time comes in by advance().
class SorterPlc {
  public:
    SorterPlc(SorterPlcSettings settings, BootTime now, std::uint16_t start);

    /// Lets everything happen that is due until `now`; to be called before every other member.
    void advance(BootTime now);
    /// When advance() has something to do next.
    [[nodiscard]] BootTime next_due() const;

    /// A Modbus client wrote `values` at `first`; other registers than the edge's are not writable (false).
    [[nodiscard]] bool write(int first, std::span<const std::uint16_t> values);
    [[nodiscard]] codec::sorter::Status status() const { return status_; }
    [[nodiscard]] codec::sorter::CommandRegisters command_registers() const { return command_registers_; }

    /// An item passes the eye; its number. `sequence`: forced number, the count goes on from it.
    std::uint16_t induct(std::optional<std::uint16_t> sequence, std::uint16_t length_mm);
    /// All is forgotten: registers, items, commands, session; the start number changes.
    void restart();

    // Faults; a count is used up by that many items.
    void freeze_heartbeat(bool on) { heartbeat_frozen_ = on; }
    void freeze_echo(bool on) { echo_frozen_ = on; }
    void ignore_watchdog(bool on) { watchdog_ignored_ = on; }
    void set_manual(bool on);
    void set_full(std::uint16_t chute, bool on);
    void drop_confirmations(unsigned count) { drop_confirmations_ += count; }
    void miss_diverts(unsigned count) { miss_diverts_ += count; }
    void skip_sequences(unsigned count) { skip_sequences_ += count; }

    /// The newest entries; at least the last 100,000 of each.
    [[nodiscard]] const std::vector<ReceivedCommand>& received() const { return received_; }
    [[nodiscard]] std::size_t received_count() const {
        return received_count_;
    }  ///< since the start, forgotten ones too
    [[nodiscard]] const std::vector<Diversion>& diversions() const { return diversions_; }
    /// Items between the eye and their chute.
    [[nodiscard]] std::size_t on_belt() const { return belt_.size(); }

  private:
    struct Order {
        std::uint16_t chute = 0;
        std::uint16_t revision = 0;
    };
    struct Item {
        std::uint16_t sequence = 0;
        BootTime divert_at;
        std::optional<Order> order;
        bool diverted = false;  ///< chosen for good: `left` says where to
        Diversion left;
    };

    void accept_session();
    void forget_orders();
    void take_commands();
    std::uint16_t answer(const codec::sorter::CommandEntry& entry);
    void choose_chute(Item& item);
    void confirm(const Item& item);

    SorterPlcSettings settings_;
    BootTime now_;
    codec::sorter::Status status_;
    codec::sorter::CommandRegisters command_registers_{};
    codec::sorter::Commands taken_;      // what the command block held when it was last looked at
    std::uint16_t offered_session_ = 0;  // the last session number that was accepted: never accepted twice
    BootTime beat_seen_;
    bool beating_ = false;
    BootTime next_beat_;
    std::uint16_t last_sequence_ = 0;
    std::deque<Item> belt_;
    std::deque<std::uint16_t> gone_;  // the last numbers that left
    bool heartbeat_frozen_ = false;
    bool echo_frozen_ = false;
    bool watchdog_ignored_ = false;
    unsigned drop_confirmations_ = 0;
    unsigned miss_diverts_ = 0;
    unsigned skip_sequences_ = 0;
    std::vector<ReceivedCommand> received_;
    std::size_t received_count_ = 0;
    std::vector<Diversion> diversions_;
};

}  // namespace hefang::hil
