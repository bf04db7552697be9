#pragma once
#include "app/inputs.hpp"
#include "driver/driver.hpp"

#include <chrono>

namespace hefang::app {

/// A device's way into the core: its own inlet of the mailbox. While that is full, the device's thread waits here and
/// does not read, so that the kernel and the sender hold the rest. Also after a stop request it waits a moment: what it
/// has in hand was read from the wire, and nobody else has it.
class MailboxSink final : public driver::Sink {
  public:
    explicit MailboxSink(CoreMailbox::Inlet& inlet) : inlet_(inlet) {}

    [[nodiscard]] bool post(reading::Reading&& reading, const link::Stop& stop) override {
        Message message(std::move(reading));
        for (int after_stop = 0; !inlet_.post(std::move(message));) {
            if (stop.requested() && ++after_stop > waits_after_stop) return false;
            (void)inlet_.wait_for_room(std::chrono::milliseconds(100));
        }
        return true;
    }

  private:
    static constexpr int waits_after_stop = 10;  // of 100 ms
    CoreMailbox::Inlet& inlet_;
};

}  // namespace hefang::app
