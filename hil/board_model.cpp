#include "hil/board_model.hpp"

#include <algorithm>

namespace hefang::hil {

using codec::board::Act;
using codec::board::Space;

namespace {

constexpr char illegal_function = 1;
constexpr char illegal_address = 2;
constexpr char device_failure = 4;
constexpr std::size_t simple_request = 5;  // function, address, count or value

std::uint16_t word(std::string_view bytes, std::size_t at) {
    return static_cast<std::uint16_t>(static_cast<std::uint8_t>(bytes[at]) << 8U |
                                      static_cast<std::uint8_t>(bytes[at + 1]));
}

bool within(int at, int first, int count) { return at >= first && at < first + count; }

std::string exception(char function, char code) { return {static_cast<char>(function | 0x80), code}; }

}  // namespace

void BoardModel::set_input(int channel, bool closed) {
    const auto at = static_cast<std::size_t>(channel) % channels;
    if (closed && !inputs_[at]) ++counters_[at];
    inputs_[at] = closed;
}

bool BoardModel::output(int channel, BootTime now) const {
    const auto& relay = relays_[static_cast<std::size_t>(channel) % channels];
    if (relay.jammed) return *relay.jammed;
    return relay.on && (!relay.off_at || now < *relay.off_at);
}

void BoardModel::jam(int channel, std::optional<bool> at) {
    relays_[static_cast<std::size_t>(channel) % channels].jammed = at;
}

bool BoardModel::known(Space space, int first, int count) const {
    for (int at = first; at < first + count; ++at) {
        const bool input = space == map_.input_space && within(at, map_.first_input, map_.inputs);
        const bool relay = space == map_.output_space && within(at, map_.first_output, map_.outputs);
        const bool counter =
            space == Space::registers && map_.first_counter && within(at, *map_.first_counter, 2 * map_.inputs);
        if (!input && !relay && !counter) return false;
    }
    return count > 0;
}

std::uint16_t BoardModel::value(Space space, int at, BootTime now) const {
    if (space == map_.output_space && within(at, map_.first_output, map_.outputs))
        return output(at - map_.first_output, now) ? map_.on : std::uint16_t{0};
    if (space == map_.input_space && within(at, map_.first_input, map_.inputs))
        return inputs_[static_cast<std::size_t>(at - map_.first_input)] ? 1 : 0;
    const auto from = static_cast<std::size_t>(at - map_.first_counter.value_or(0));
    const auto counter = counters_[from / 2];
    return static_cast<std::uint16_t>(from % 2 == 0 ? counter : counter >> 16U);
}

std::string BoardModel::bits(Space space, int first, int count, BootTime now) const {
    std::string out(static_cast<std::size_t>(count + 7) / 8, '\0');
    for (int i = 0; i < count; ++i) {
        if (value(space, first + i, now) != 0) out[static_cast<std::size_t>(i) / 8] |= static_cast<char>(1 << (i % 8));
    }
    return out;
}

std::string BoardModel::words(int first, int count, BootTime now) const {
    std::string out;
    for (int i = 0; i < count; ++i) {
        const auto one = value(Space::registers, first + i, now);
        out += {static_cast<char>(one >> 8U), static_cast<char>(one)};
    }
    return out;
}

void BoardModel::switch_relay(Relay& relay, bool on, std::optional<BootTime> off_at, BootTime now) {
    const bool was = relay.on && (!relay.off_at || now < *relay.off_at);
    if (on && !was) ++relay.rises;
    relay.on = on;
    relay.off_at = off_at;
}

bool BoardModel::write(Act act, int address, std::uint16_t value, BootTime now) {
    if (act == Act::coil && map_.first_flash && within(address, *map_.first_flash, map_.outputs)) {
        auto& relay = relays_[static_cast<std::size_t>(address - *map_.first_flash)];
        switch_relay(relay, value > 0, now + std::int64_t{value} * codec::board::flash_step_ms, now);
        return true;
    }
    if (!within(address, map_.first_output, map_.outputs)) return false;
    const Act mine = map_.act == Act::coil_value ? Act::coil : map_.act;  // both are FC5
    if (act != mine || (value != map_.on && value != 0)) return false;
    switch_relay(relays_[static_cast<std::size_t>(address - map_.first_output)], value != 0, std::nullopt, now);
    return true;
}

std::string BoardModel::answer(std::string_view request, BootTime now) {
    if (request.empty()) return {};
    const char function = request[0];
    if (refusing_) return exception(function, device_failure);
    if (request.size() != simple_request) return exception(function, illegal_function);
    const int first = word(request, 1);
    const int count = word(request, 3);
    const auto read = [&](Space space, bool as_bits) -> std::string {
        if (count > 125 || !known(space, first, count)) return exception(function, illegal_address);
        const auto body = as_bits ? bits(space, first, count, now) : words(first, count, now);
        return std::string{function, static_cast<char>(body.size())} + body;
    };
    switch (function) {
        case 1: return read(Space::coils, true);
        case 2: return read(Space::inputs, true);
        case 3: return read(Space::registers, false);
        case 5:
        case 6:
            if (!write(function == 5 ? Act::coil : Act::register_, first, word(request, 3), now))
                return exception(function, illegal_address);
            return std::string(request);
        default: return exception(function, illegal_function);
    }
}

}  // namespace hefang::hil
