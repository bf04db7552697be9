#include "plc/sorter_map.hpp"

#include <string>
#include <type_traits>

namespace hefang::codec::sorter {
namespace {

std::string wrong_size(std::size_t want, std::size_t got) {
    return "sorter map: " + std::to_string(want) + " registers expected, " + std::to_string(got) + " given";
}

/// Reads or writes registers one after the other; the tables below name them in the order of the map.
template <class Registers>
struct Walk {
    Registers& registers;
    std::size_t at = 0;

    void operator()(auto& value) {
        if constexpr (std::is_const_v<std::remove_reference_t<decltype(value)>>) {
            registers[at++] = value;
        } else {
            value = registers[at++];
        }
    }
};

void walk_header(auto& walk, auto& s) {
    walk(s.edge_heartbeat);
    walk(s.plc_heartbeat);
    walk(s.echo);
    walk(s.state);
    walk(s.edge_session);
    walk(s.start);
    walk(s.accepted_session);
    walk(s.induction_count);
    walk(s.confirmation_count);
    walk(s.ack_count);
}

void walk_acks(auto& walk, auto& s) {
    for (auto& a : s.acks) {
        walk(a.sequence);
        walk(a.revision);
        walk(a.code);
    }
}

void walk_confirmations(auto& walk, auto& s) {
    for (auto& c : s.confirmations) {
        walk(c.sequence);
        walk(c.chute);
        walk(c.result);
    }
}

void walk_commands(auto& walk, auto& c) {
    walk(c.session);
    for (auto& slot : c.slots) {
        walk(slot.sequence);
        walk(slot.chute);
        walk(slot.reason);
        walk(slot.revision);
    }
}

static_assert(reg_ack_ring == reg_ack_count + 1 && reg_induction_ring == reg_ack_ring + 3 * depth &&
              reg_confirmation_ring == reg_induction_ring + 4 * depth &&
              status_size == reg_confirmation_ring + 3 * depth);

}  // namespace

std::string condition(std::uint16_t state) {
    std::string out;
    const auto add = [&](bool is, const std::string& words) {
        if (is) out += (out.empty() ? "" : ", ") + words;
    };
    add((state & state_emergency_stop) != 0, "emergency stop");
    add((state & state_fault) != 0, "fault");
    add((state & state_manual) != 0, "manual mode");
    add((state & state_running) == 0, "not running");
    for (unsigned chute = 1; chute <= state_chutes; ++chute) {
        add((state >> (state_first_chute + chute - 1) & 1U) != 0, "chute " + std::to_string(chute) + " full");
    }
    return out;
}

Result<Status> decode_status(std::span<const std::uint16_t> registers) {
    if (registers.size() != status_size) return fail(Errc::refused, wrong_size(status_size, registers.size()));
    Status s;
    Walk<std::span<const std::uint16_t>> walk{registers};
    walk_header(walk, s);
    walk_acks(walk, s);
    for (auto& i : s.inductions) {
        std::uint16_t high = 0;
        std::uint16_t low = 0;
        walk(i.sequence);
        walk(i.length_mm);
        walk(high);
        walk(low);
        i.position = std::uint32_t{high} << 16U | low;
    }
    walk_confirmations(walk, s);
    return s;
}

StatusRegisters encode_status(const Status& status) {
    StatusRegisters out{};
    Walk<StatusRegisters> walk{out};
    walk_header(walk, status);
    walk_acks(walk, status);
    for (const auto& i : status.inductions) {
        const auto high = static_cast<std::uint16_t>(i.position >> 16U);
        const auto low = static_cast<std::uint16_t>(i.position & 0xFFFFU);
        walk(i.sequence);
        walk(i.length_mm);
        walk(high);
        walk(low);
    }
    walk_confirmations(walk, status);
    return out;
}

Result<Commands> decode_commands(std::span<const std::uint16_t> registers) {
    if (registers.size() != command_size) return fail(Errc::refused, wrong_size(command_size, registers.size()));
    Commands c;
    Walk<std::span<const std::uint16_t>> walk{registers};
    walk_commands(walk, c);
    return c;
}

CommandRegisters encode_commands(const Commands& commands) {
    CommandRegisters out{};
    Walk<CommandRegisters> walk{out};
    walk_commands(walk, commands);
    return out;
}

RingNews ring_news(std::uint16_t seen, std::uint16_t count) {
    const std::size_t came = static_cast<std::uint16_t>(count - seen);
    const std::size_t fresh = came < depth ? came : depth;
    return {(count + depth - fresh) % depth, fresh, came - fresh};
}

}  // namespace hefang::codec::sorter
