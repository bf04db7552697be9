#include "hil/scanner_sim.hpp"

#include <thread>
#include <utility>

namespace hefang::hil {

ScannerSim::ScannerSim(std::unique_ptr<Wire> wire, codec::ScanFraming framing, codec::ScanFormat format,
                       std::uint32_t seed)
    : wire_(std::move(wire)), framing_(std::move(framing)), format_(std::move(format)), random_(seed) {}

Result<void> ScannerSim::scan(std::vector<codec::ScanCode> codes, std::optional<std::uint16_t> sequence) {
    if (format_.sequence.empty()) sequence.reset();
    const auto bytes = codec::encode_scan({sequence, std::move(codes), {}}, format_, framing_);
    const std::lock_guard lock(mutex_);
    return send(bytes);
}

Result<void> ScannerSim::raw(std::string_view bytes) {
    const std::lock_guard lock(mutex_);
    return send(bytes);
}

Result<void> ScannerSim::send(std::string_view bytes) {
    while (piece_ > 0 && bytes.size() > piece_) {
        if (auto sent = wire_->send(bytes.substr(0, piece_)); !sent) return sent;
        bytes.remove_prefix(piece_);
        std::this_thread::sleep_for(pause_);
    }
    return wire_->send(bytes);
}

void ScannerSim::split(std::size_t bytes, std::chrono::milliseconds pause) {
    const std::lock_guard lock(mutex_);
    piece_ = bytes;
    pause_ = pause;
}

Result<void> ScannerSim::noise(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    std::string junk;
    while (junk.size() < bytes) {
        const auto c = static_cast<char>(random_());
        if (c != '\r' && c != '\n' && c != '\x02' && c != '\x03') junk += c;
    }
    return wire_->send(junk);
}

std::string ScannerSim::received() {
    const std::lock_guard lock(mutex_);
    return wire_->received();
}

void ScannerSim::unplug() {
    const std::lock_guard lock(mutex_);
    wire_->unplug();
}

Result<void> ScannerSim::plug() {
    const std::lock_guard lock(mutex_);
    return wire_->plug();
}

}  // namespace hefang::hil
