#pragma once
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "board/board_map.hpp"
#include "link/modbus.hpp"

#include <chrono>
#include <cstdint>
#include <utility>
#include <vector>

namespace hefang::driver {

/// One conversation with a module; for one thread. After any error it is over.
class Board {
  public:
    struct Levels {
        std::vector<std::uint8_t> inputs;   ///< 1: the circuit of the input is closed
        std::vector<std::uint8_t> outputs;  ///< 1: the relay is energised
    };

    /// `map` stands in codec::board::maps().
    Board(link::Modbus link, const codec::board::Map& map) : link_(std::move(link)), map_(map) {}

    [[nodiscard]] Result<Levels> read();
    [[nodiscard]] Result<std::vector<std::uint8_t>> read_outputs();
    /// One an input; none when the module has none.
    [[nodiscard]] Result<std::vector<std::uint32_t>> read_counters();
    [[nodiscard]] Result<void> set(int channel, bool on);
    /// Refused where the board cannot.
    [[nodiscard]] Result<void> flash(int channel, int ms);

    [[nodiscard]] const codec::board::Map& map() const { return map_; }

  private:
    [[nodiscard]] Result<std::vector<std::uint8_t>> read_levels(codec::board::Space space, int first, int count);
    [[nodiscard]] Result<void> write(const codec::board::Write& what);

    link::Modbus link_;
    const codec::board::Map& map_;
};

/// A relay that is held on only as long as it is wanted. Where the board can, by flashes that are given again before
/// they end, so that the board alone switches it off when nobody is there any more; else as a level.
class HeldRelay {
  public:
    static constexpr int flash_ms = 2000;
    static constexpr std::int64_t again_ms = 1000;

    explicit HeldRelay(int channel) : channel_(channel) {}

    /// Brings the relay to `wanted`. `on`: as it was just read back. Counters: readback-wrong (it is not as it was
    /// last commanded), switched.
    [[nodiscard]] Result<void> follow(Board& board, bool wanted, bool on, BootTime now, Counters& counters);
    [[nodiscard]] int channel() const { return channel_; }

  private:
    int channel_;
    bool commanded_ = false;  // since the last look
    bool wanted_ = false;
    BootTime flashed_at_{};
};

}  // namespace hefang::driver
