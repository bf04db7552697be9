#pragma once
#include "hil/wire.hpp"
#include "telegram/scan_telegram.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace hefang::hil {

/// A bar code reader at the end of a wire. Sends what it is told to, with faults on demand; the same seed gives the
/// same noise. All members may be called from any thread.
class ScannerSim {
  public:
    ScannerSim(std::unique_ptr<Wire> wire, codec::ScanFraming framing = {}, codec::ScanFormat format = {},
               std::uint32_t seed = 1);

    /// The link that a configuration names to reach it.
    [[nodiscard]] std::string address() const { return wire_->address(); }

    /// One telegram; without codes a no-read. `sequence` is sent where the format has one.
    [[nodiscard]] Result<void> scan(std::vector<codec::ScanCode> codes,
                                    std::optional<std::uint16_t> sequence = std::nullopt);
    [[nodiscard]] Result<void> scan(const std::string& text) { return scan(std::vector<codec::ScanCode>{{text, ""}}); }
    [[nodiscard]] Result<void> no_read(std::optional<std::uint16_t> sequence = std::nullopt) {
        return scan({}, sequence);
    }
    /// Bytes as they are.
    [[nodiscard]] Result<void> raw(std::string_view bytes);

    /// What the gateway sent since the last call.
    [[nodiscard]] std::string received();

    // Faults.
    /// From now on each telegram goes out in pieces of at most `bytes`, `pause` apart; 0: whole.
    void split(std::size_t bytes, std::chrono::milliseconds pause);
    /// `bytes` of noise: any values but CR, LF, STX and ETX, which would form telegrams.
    [[nodiscard]] Result<void> noise(std::size_t bytes);
    void unplug();
    [[nodiscard]] Result<void> plug();

  private:
    [[nodiscard]] Result<void> send(std::string_view bytes);

    std::mutex mutex_;
    const std::unique_ptr<Wire> wire_;
    const codec::ScanFraming framing_;
    const codec::ScanFormat format_;
    std::mt19937 random_;
    std::size_t piece_ = 0;
    std::chrono::milliseconds pause_{0};
};

}  // namespace hefang::hil
