#pragma once
#include "base/result.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

/// The register map between the gateway ("edge", Modbus client) and a sorter's PLC (Modbus server): holding registers,
/// addresses as on the wire (0-based). docs/sorter-map.md is the same table for PLC programmers.
/// Pure: no clock, no socket. The gateway's driver and the simulated PLC both use it.
namespace hefang::codec::sorter {

/// Every ring and the command block hold this many entries. 65536 is a multiple of it, so a ring's index follows from
/// its count alone, over the wrap too.
inline constexpr std::size_t depth = 8;

// Addresses. The edge writes reg_edge_heartbeat, reg_edge_session and the command block, and nothing else.
inline constexpr int reg_edge_heartbeat = 0;
inline constexpr int reg_plc_heartbeat = 1;
inline constexpr int reg_echo = 2;
inline constexpr int reg_state = 3;
inline constexpr int reg_edge_session = 4;
inline constexpr int reg_start = 5;
inline constexpr int reg_accepted_session = 6;
inline constexpr int reg_induction_count = 7;
inline constexpr int reg_confirmation_count = 8;
inline constexpr int reg_ack_count = 9;
inline constexpr int reg_ack_ring = 10;
inline constexpr int reg_induction_ring = 34;
inline constexpr int reg_confirmation_ring = 66;
inline constexpr int reg_command_block = 100;

/// The status block 0…89 is read in one request (limit of the protocol: 125 registers); the command block 100…132 is
/// written in one FC16 request (limit: 123 registers).
inline constexpr std::size_t status_size = 90;
inline constexpr std::size_t command_size = 1 + 4 * depth;

// Bits of reg_state; bits 8 to 15: chutes 1 to 8 are full.
inline constexpr std::uint16_t state_running = 1U << 0;
inline constexpr std::uint16_t state_emergency_stop = 1U << 1;
inline constexpr std::uint16_t state_manual = 1U << 2;
inline constexpr std::uint16_t state_fault = 1U << 3;
inline constexpr unsigned state_first_chute = 8;
inline constexpr unsigned state_chutes = 8;

/// What keeps the PLC from obeying, in words: "emergency stop, chute 4 full"; empty: nothing.
[[nodiscard]] std::string condition(std::uint16_t state);

struct AckEntry {
    std::uint16_t sequence = 0;
    std::uint16_t revision = 0;
    std::uint16_t code = 0;  ///< 1 accepted, 2 too late, 3 unknown sequence, 4 chute full, 5 not in automatic mode
    friend bool operator==(const AckEntry&, const AckEntry&) = default;
};

struct InductionEntry {
    std::uint16_t sequence = 0;  ///< 1…65535, then 1 again
    std::uint16_t length_mm = 0;
    std::uint32_t position = 0;  ///< encoder pulses at the eye, wrapping
    friend bool operator==(const InductionEntry&, const InductionEntry&) = default;
};

struct ConfirmationEntry {
    std::uint16_t sequence = 0;
    std::uint16_t chute = 0;   ///< where the item really went; 0 when lost
    std::uint16_t result = 0;  ///< 1 diverted, 2 missed, 3 recirculated, 4 lost
    friend bool operator==(const ConfirmationEntry&, const ConfirmationEntry&) = default;
};

/// Registers 0…89. Entry n (n = 1 for the first after the PLC's start) of a ring lies at index (n - 1) mod depth; the
/// counts are n of the newest entry, mod 65536.
struct Status {
    std::uint16_t edge_heartbeat = 0;    ///< written by the edge, read back
    std::uint16_t plc_heartbeat = 0;     ///< the PLC's own counter
    std::uint16_t echo = 0;              ///< edge_heartbeat as the PLC's program saw it
    std::uint16_t state = 0;             ///< bits above
    std::uint16_t edge_session = 0;      ///< written by the edge, read back
    std::uint16_t start = 0;             ///< another number after each start of the PLC
    std::uint16_t accepted_session = 0;  ///< 0: the PLC obeys nobody
    std::uint16_t induction_count = 0;
    std::uint16_t confirmation_count = 0;
    std::uint16_t ack_count = 0;
    std::array<AckEntry, depth> acks{};
    std::array<InductionEntry, depth> inductions{};
    std::array<ConfirmationEntry, depth> confirmations{};
    friend bool operator==(const Status&, const Status&) = default;
};

/// sequence 0: the slot is empty.
struct CommandEntry {
    std::uint16_t sequence = 0;
    std::uint16_t chute = 0;
    std::uint16_t reason = 0;
    std::uint16_t revision = 0;
    friend bool operator==(const CommandEntry&, const CommandEntry&) = default;
};

/// Registers 100…132. The PLC obeys it only while `session` equals the session that it accepted.
struct Commands {
    std::uint16_t session = 0;
    std::array<CommandEntry, depth> slots{};
    friend bool operator==(const Commands&, const Commands&) = default;
};

using StatusRegisters = std::array<std::uint16_t, status_size>;
using CommandRegisters = std::array<std::uint16_t, command_size>;

/// Refused unless exactly status_size registers are given; every register value is a legal value.
[[nodiscard]] Result<Status> decode_status(std::span<const std::uint16_t> registers);
[[nodiscard]] StatusRegisters encode_status(const Status& status);

/// Refused unless exactly command_size registers are given.
[[nodiscard]] Result<Commands> decode_commands(std::span<const std::uint16_t> registers);
[[nodiscard]] CommandRegisters encode_commands(const Commands& commands);

/// What came into a ring since its count was `seen`: `fresh` entries can still be read, oldest at index `first`, each
/// next one at (index + 1) mod depth; `lost` older ones were overwritten.
struct RingNews {
    std::size_t first = 0;
    std::size_t fresh = 0;
    std::size_t lost = 0;
    friend bool operator==(const RingNews&, const RingNews&) = default;
};
[[nodiscard]] RingNews ring_news(std::uint16_t seen, std::uint16_t count);

/// The index of the newest entry of a ring whose count is `count`.
[[nodiscard]] constexpr std::size_t newest_index(std::uint16_t count) { return (count + depth - 1U) % depth; }

/// 1…65535, then 1 again.
[[nodiscard]] constexpr std::uint16_t next_sequence(std::uint16_t sequence) {
    return sequence == 65535 ? std::uint16_t{1} : static_cast<std::uint16_t>(sequence + 1);
}

}  // namespace hefang::codec::sorter
