#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

/// Modules with relays and digital inputs on Modbus: which address says what. Addresses are those of the wire, from 0;
/// channels are counted from 0 too. Pure.
namespace hefang::codec::board {

/// Where a level is read.
enum class Space { coils, inputs, registers };

/// What one write of a relay looks like.
enum class Act {
    coil,        ///< FC5, FF00 or 0000
    coil_value,  ///< FC5 with a value that the standard does not know
    register_,   ///< FC6
};
struct Write {
    Act act = Act::coil;
    int address = 0;
    std::uint16_t value = 0;
    friend bool operator==(const Write&, const Write&) = default;
};

/// How far the map may be believed: `manual` stands in the maker's own, `code` was taken from programs that talk to
/// such boards, `to_confirm` has to be tried on the device before it is trusted.
enum class Confidence { manual, code, to_confirm };

struct Map {
    std::string_view name;  ///< the protocol in the configuration
    int inputs = 0;
    Space input_space = Space::inputs;
    int first_input = 0;
    int outputs = 0;
    Space output_space = Space::coils;  ///< where a relay is read back; 0: off
    int first_output = 0;
    Act act = Act::coil;
    std::uint16_t on = 0xFF00;
    std::optional<int> first_flash = {};    ///< FC5 here: the board switches on, and off again by itself
    std::optional<int> first_counter = {};  ///< holding registers, two an input
    Confidence confidence = Confidence::to_confirm;
    std::string_view source;
};

[[nodiscard]] std::span<const Map> maps();
/// nullptr: there is none of that name.
[[nodiscard]] const Map* map_named(std::string_view name);

/// The relay `channel`, 0…outputs-1, as a level.
[[nodiscard]] Write level(const Map& map, int channel, bool on);

/// A flash counts in steps of 100 ms.
constexpr int flash_step_ms = 100;
constexpr int longest_flash_ms = 0x7FFF * flash_step_ms;
/// On for `ms`, rounded up to the next step, then off by the board alone. None: the board cannot, there is no such
/// channel, or `ms` is not 1…longest_flash_ms.
[[nodiscard]] std::optional<Write> flash(const Map& map, int channel, int ms);

/// A 32-bit counter of two registers, low word first.
[[nodiscard]] constexpr std::uint32_t counter(std::uint16_t low, std::uint16_t high) {
    return std::uint32_t{high} << 16U | low;
}

}  // namespace hefang::codec::board
