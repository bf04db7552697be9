#pragma once
#include "driver/driver.hpp"
#include "driver/wanted.hpp"
#include "io/board.hpp"
#include "io/contact_set.hpp"
#include "link/address.hpp"
#include "link/modbus_line.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hefang::driver {

/// `stays`: on a board without flashes, where the relay stays as it is when nobody switches it any more.
struct OutputWire {
    std::string name;
    int channel = 0;
    bool stays = false;
    friend bool operator==(const OutputWire&, const OutputWire&) = default;
};

struct IoSettings {
    DeviceId id;
    link::LinkAddress link;
    const codec::board::Map* map = nullptr;  ///< of codec::board::maps()
    std::vector<InputWire> inputs;
    std::vector<OutputWire> outputs;
    std::int64_t poll_ms = 50;
    std::int64_t debounce_ms = 50;
    std::int64_t answer_ms = 300;
};

/// What Surroundings hold for a driver of a module.
struct IoSurroundings {
    std::function<bool()> core_alive;
    std::shared_ptr<link::ModbusLines> lines;
};

/// A module with named contacts and relays. Contacts are told as ContactChanged: all of them when a conversation begins
/// (as they are) and ends (unknown), and each change between. A relay is on while the core wants it, its time is not
/// over and `core_alive` holds; every other one that has a name is off. Relays without a name are left alone.
/// Counters: contact-changes, switched, readback-wrong (a relay is not as it was commanded a look before),
/// pulses-<contact> where the module counts.
class IoDriver final : public Driver, public RelayOutput {
  public:
    IoDriver(IoSettings settings, IoSurroundings around);

    [[nodiscard]] Error live(Context& context) override;
    void want(std::vector<reading::OutputWanted> outputs) override { wanted_.set(std::move(outputs)); }

  private:
    class Conversation;

    const IoSettings settings_;
    const IoSurroundings around_;
    Wanted<std::vector<reading::OutputWanted>> wanted_;
};

}  // namespace hefang::driver
