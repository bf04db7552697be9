#pragma once
#include "hil/wire.hpp"
#include "link/descriptor.hpp"

namespace hefang::hil {

/// A reader that types: what is sent goes out as the events of a keyboard into a FIFO, whose name stays the same from
/// plug to plug. CR is ENTER; LF, which no key gives, is left out.
class WedgeWire final : public Wire {
  public:
    /// `name`: path of the FIFO, which is made anew. Plugged from the start.
    [[nodiscard]] static Result<std::unique_ptr<WedgeWire>> open(std::string name);
    ~WedgeWire() override { unplug(); }
    WedgeWire(const WedgeWire&) = delete;
    WedgeWire& operator=(const WedgeWire&) = delete;

    [[nodiscard]] std::string address() const override { return "hid://" + name_; }
    [[nodiscard]] Result<void> send(std::string_view text) override;
    /// Nothing is ever sent to a keyboard.
    [[nodiscard]] std::string received() override { return {}; }
    void unplug() override;
    [[nodiscard]] Result<void> plug() override;
    /// Says that the kernel lost events, as it does when nobody reads in time.
    [[nodiscard]] Result<void> lose();
    /// The next key goes down before the one before goes up, as cheap readers do it.
    bool overlapping = true;

  private:
    explicit WedgeWire(std::string name) : name_(std::move(name)) {}
    [[nodiscard]] Result<void> write(std::string_view events);

    std::string name_;
    bool plugged_ = false;
    link::Descriptor fd_;
};

}  // namespace hefang::hil
