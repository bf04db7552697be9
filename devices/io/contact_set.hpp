#pragma once
#include "driver/driver.hpp"
#include "io/contact.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace hefang::driver {

/// One input of a module: its name, and what makes it active. `normally_closed`: the circuit is closed at rest, and the
/// contact is active when it opens or its cable breaks.
struct InputWire {
    std::string name;
    int channel = 0;
    bool normally_closed = false;
    friend bool operator==(const InputWire&, const InputWire&) = default;
};

/// The contacts of one module, told as readings. On the device's thread.
class ContactSet {
  public:
    ContactSet(DeviceId id, const std::vector<InputWire>& wires, std::int64_t debounce_ms);

    /// Posts what changed; `circuits` are the module's inputs, 1: closed. False when stop was requested.
    [[nodiscard]] bool look(std::span<const std::uint8_t> circuits, Driver::Context& context);
    /// Nothing is known any more, and that is told.
    [[nodiscard]] bool lose(Driver::Context& context);

  private:
    DeviceId id_;
    std::vector<std::pair<InputWire, Contact>> contacts_;
};

/// What `wire` says now, without debouncing.
[[nodiscard]] inline bool is_active(const InputWire& wire, std::span<const std::uint8_t> circuits) {
    return (circuits[static_cast<std::size_t>(wire.channel)] != 0) != wire.normally_closed;
}

}  // namespace hefang::driver
