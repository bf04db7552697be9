#pragma once
#include "hil/scanner_sim.hpp"
#include "telegram/reader_profile.hpp"

namespace hefang::hil {

/// A fixed reader of one maker: telegrams as a ScannerSim, and the answers to trigger commands. For one thread.
class ReaderSim {
  public:
    ReaderSim(std::unique_ptr<Wire> wire, const codec::ReaderProfile& profile, codec::ScanFormat format,
              std::uint32_t seed = 1);

    /// Telegrams that nobody ordered (eye or button), and faults.
    [[nodiscard]] ScannerSim& scanner() { return scanner_; }
    /// What lies before it from now on; nothing: no parcel. A look that waits is answered at once.
    [[nodiscard]] Result<void> show(std::vector<codec::ScanCode> codes);
    /// Answers the commands that came since the last call; to be called again and again.
    [[nodiscard]] Result<void> serve();
    void deaf(bool on) { deaf_ = on; }  ///< takes no command any more

  private:
    [[nodiscard]] Result<void> obey(const std::string& command);
    [[nodiscard]] Result<void> answer(std::size_t which);

    const codec::ReaderProfile profile_;
    const codec::ScanFraming framing_;
    ScannerSim scanner_;
    codec::ScanFramer commands_;
    std::vector<codec::ScanCode> shown_;
    bool looking_ = false;
    bool deaf_ = false;
};

}  // namespace hefang::hil
