#include "board/board_map.hpp"

#include <algorithm>
#include <array>

namespace hefang::codec::board {
namespace {

constexpr std::string_view waveshare_source =
    "Waveshare wiki, Modbus POE ETH Relay (B) and Modbus RTU Relay: coils 0-7, FC2 0-7, flash on from 0x0200 in 100 ms";
constexpr std::string_view generic_source =
    "users of 8-channel RS-485 boards (blog.csdn.net 112915034 and 140323308): the same boards differ in how they "
    "switch";

constexpr std::array table{
    Map{.name = "waveshare-relay",
        .inputs = 8,
        .outputs = 8,
        .first_flash = 0x0200,
        .confidence = Confidence::manual,
        .source = waveshare_source},
    Map{.name = "adam-6060",
        .inputs = 6,
        .input_space = Space::coils,
        .outputs = 6,
        .first_output = 16,
        .first_counter = 0,
        .confidence = Confidence::manual,
        .source = "Advantech ADAM-6000 manual: 00001-00006 inputs, 00017-00022 relays, 40001/40002 counter 0, low word "
                  "first"},
    Map{.name = "relay-8", .inputs = 8, .outputs = 8, .confidence = Confidence::code, .source = generic_source},
    Map{.name = "relay-8-register",
        .inputs = 8,
        .outputs = 8,
        .output_space = Space::registers,
        .act = Act::register_,
        .on = 1,
        .confidence = Confidence::to_confirm,
        .source = generic_source},
    Map{.name = "relay-8-coil-16",
        .inputs = 8,
        .outputs = 8,
        .first_output = 0x0010,
        .confidence = Confidence::to_confirm,
        .source = generic_source},
    Map{.name = "relay-8-0100",
        .inputs = 8,
        .outputs = 8,
        .act = Act::coil_value,
        .on = 0x0100,
        .confidence = Confidence::to_confirm,
        .source = generic_source},
    Map{.name = "usr-io808",
        .inputs = 8,
        .outputs = 8,
        .confidence = Confidence::to_confirm,
        .source = "USR-IO808: relays by FC1/FC5, inputs by FC2, unit 17; addresses differ with the firmware"},
};

bool is_output(const Map& map, int channel) { return channel >= 0 && channel < map.outputs; }

}  // namespace

std::span<const Map> maps() { return table; }

const Map* map_named(std::string_view name) {
    const auto* const at = std::find_if(table.begin(), table.end(), [&](const Map& m) { return m.name == name; });
    return at == table.end() ? nullptr : at;
}

Write level(const Map& map, int channel, bool on) {
    return {map.act, map.first_output + channel, on ? map.on : std::uint16_t{0}};
}

std::optional<Write> flash(const Map& map, int channel, int ms) {
    if (!map.first_flash || !is_output(map, channel) || ms < 1 || ms > longest_flash_ms) return std::nullopt;
    const int steps = (ms + flash_step_ms - 1) / flash_step_ms;
    return Write{Act::coil_value, *map.first_flash + channel, static_cast<std::uint16_t>(steps)};
}

}  // namespace hefang::codec::board
