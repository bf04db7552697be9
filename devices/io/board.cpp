#include "io/board.hpp"

namespace hefang::driver {

using codec::board::Act;
using codec::board::Space;

Result<std::vector<std::uint8_t>> Board::read_levels(Space space, int first, int count) {
    std::vector<std::uint8_t> out(static_cast<std::size_t>(count));
    if (space == Space::registers) {
        std::vector<std::uint16_t> words(out.size());
        if (auto got = link_.read_registers(first, words); !got) return tl::unexpected(got.error());
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = words[i] != 0 ? 1 : 0;
        return out;
    }
    auto got = space == Space::coils ? link_.read_coils(first, out) : link_.read_inputs(first, out);
    if (!got) return tl::unexpected(got.error());
    return out;
}

Result<std::vector<std::uint8_t>> Board::read_outputs() {
    return read_levels(map_.output_space, map_.first_output, map_.outputs);
}

Result<Board::Levels> Board::read() {
    auto inputs = read_levels(map_.input_space, map_.first_input, map_.inputs);
    if (!inputs) return tl::unexpected(inputs.error());
    auto outputs = read_outputs();
    if (!outputs) return tl::unexpected(outputs.error());
    return Levels{std::move(*inputs), std::move(*outputs)};
}

Result<std::vector<std::uint32_t>> Board::read_counters() {
    std::vector<std::uint32_t> out;
    if (!map_.first_counter) return out;
    std::vector<std::uint16_t> words(2 * static_cast<std::size_t>(map_.inputs));
    if (auto got = link_.read_registers(*map_.first_counter, words); !got) return tl::unexpected(got.error());
    for (std::size_t i = 0; i < words.size(); i += 2) out.push_back(codec::board::counter(words[i], words[i + 1]));
    return out;
}

Result<void> Board::write(const codec::board::Write& what) {
    switch (what.act) {
        case Act::coil: return link_.write_coil(what.address, what.value != 0);
        case Act::coil_value: return link_.write_coil_value(what.address, what.value);
        case Act::register_: return link_.write_register(what.address, what.value);
    }
    return {};
}

Result<void> Board::set(int channel, bool on) { return write(codec::board::level(map_, channel, on)); }

Result<void> Board::flash(int channel, int ms) {
    const auto what = codec::board::flash(map_, channel, ms);
    if (!what) return fail(Errc::refused, std::string(map_.name) + " cannot flash relay " + std::to_string(channel));
    return write(*what);
}

Result<void> HeldRelay::follow(Board& board, bool wanted, bool on, BootTime now, Counters& counters) {
    if (commanded_ && on != wanted_) counters.add("readback-wrong");
    commanded_ = false;
    const bool flashes = board.map().first_flash.has_value();
    const bool renew = flashes && wanted && (!wanted_ || now - flashed_at_ >= again_ms || now < flashed_at_);
    if (on == wanted && !renew) {
        wanted_ = wanted;
        return {};
    }
    if (on != wanted) counters.add("switched");
    commanded_ = true;
    wanted_ = wanted;
    if (!flashes || !wanted) return board.set(channel_, wanted);
    flashed_at_ = now;
    return board.flash(channel_, flash_ms);
}

}  // namespace hefang::driver
