#pragma once
#include "base/strong.hpp"
#include "driver/config.hpp"
#include "driver/driver.hpp"
#include "gate/admission.hpp"
#include "gatewire/llrp.hpp"
#include "link/link.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <vector>

namespace hefang::driver {

struct TagReaderSettings {
    DeviceId id;
    bool own_rospec = true;                      ///< else the reader was told by others what to report
    std::chrono::milliseconds keepalive{5'000};  ///< what the reader is asked for; twice that without a byte is lost
    AdmissionSettings admission;
};
/// Reads `config`, which passed check().
[[nodiscard]] TagReaderSettings tag_reader_settings(const DeviceConfig& config);

/// An LLRP reader. Waits until the reader says that the connection is ours, asks for signs of life, puts its RO spec in
/// place of an older one of ours and starts it; then tags are readings. Times are ours: the reader's clock may never
/// have been set.
/// Counters: bytes, messages, keepalives, reports, tags, repeated, refused-rate, refused-<reason>, reader-errors.
class TagReaderDriver final : public Driver {
  public:
    static constexpr std::chrono::milliseconds answer_limit{5'000};
    TagReaderDriver(TagReaderSettings settings, std::unique_ptr<link::Endpoint> endpoint);
    [[nodiscard]] Error live(Context& context) override;

  private:
    class Conversation;
    TagReaderSettings settings_;
    std::unique_ptr<link::Endpoint> endpoint_;
    Admission admission_;
};

}  // namespace hefang::driver
