#pragma once
#include "hil/wire.hpp"
#include "made_up/moon_frame.hpp"

#include <memory>
#include <utility>

namespace hefang::hil {

/// A Moon MS-1 at the end of a wire; a frame a tick. For one thread.
class MoonSim {
  public:
    explicit MoonSim(std::unique_ptr<Wire> wire) : wire_(std::move(wire)) {}
    [[nodiscard]] std::string address() const { return wire_->address(); }
    void put(Grams load) { shown_.grams = load; }
    [[nodiscard]] Result<void> tick() {
        auto frame = codec::moon_frame(shown_);
        if (std::exchange(wrong_, false)) frame[9] = frame[9] == '0' ? '1' : '0';
        return wire_->send(frame);
    }
    // Faults.
    void wrong_checksum() { wrong_ = true; }  ///< of the next frame
    void unplug() { wire_->unplug(); }
    [[nodiscard]] Result<void> plug() { return wire_->plug(); }

  private:
    std::unique_ptr<Wire> wire_;
    codec::MoonWeight shown_;
    bool wrong_ = false;
};

}  // namespace hefang::hil
