#pragma once
#include "base/clock.hpp"
#include "board/board_map.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hefang::hil {

/// A module of relays and inputs by its map: requests in, answers out. No socket, thread or clock.
class BoardModel {
  public:
    static constexpr std::size_t channels = 8;

    explicit BoardModel(const codec::board::Map& map) : map_(map) {}

    /// The answer to a request without unit and checksum, an exception where the module knows it not.
    [[nodiscard]] std::string answer(std::string_view request, BootTime now);

    void set_input(int channel, bool closed);
    [[nodiscard]] bool output(int channel, BootTime now) const;
    /// How often the relay was switched on since the start.
    [[nodiscard]] unsigned rises(int channel) const { return relays_[static_cast<std::size_t>(channel)].rises; }

    // Faults.
    void refuse_all(bool on) { refusing_ = on; }  ///< exception 4 to everything
    /// The relay stays as it is and says so, whatever it is told; none: it obeys.
    void jam(int channel, std::optional<bool> at);

  private:
    struct Relay {
        bool on = false;
        std::optional<BootTime> off_at;  // of a flash
        std::optional<bool> jammed;
        unsigned rises = 0;
    };

    [[nodiscard]] bool known(codec::board::Space space, int first, int count) const;
    [[nodiscard]] std::uint16_t value(codec::board::Space space, int at, BootTime now) const;
    [[nodiscard]] std::string bits(codec::board::Space space, int first, int count, BootTime now) const;
    [[nodiscard]] std::string words(int first, int count, BootTime now) const;
    [[nodiscard]] bool write(codec::board::Act act, int address, std::uint16_t value, BootTime now);
    void switch_relay(Relay& relay, bool on, std::optional<BootTime> off_at, BootTime now);

    const codec::board::Map& map_;
    std::array<bool, channels> inputs_{};
    std::array<std::uint32_t, channels> counters_{};
    std::array<Relay, channels> relays_{};
    bool refusing_ = false;
};

}  // namespace hefang::hil
