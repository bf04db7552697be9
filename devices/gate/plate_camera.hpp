#pragma once
#include "base/strong.hpp"
#include "driver/config.hpp"
#include "driver/driver.hpp"
#include "gate/admission.hpp"
#include "gatewire/plate_event.hpp"
#include "http/get_stream.hpp"
#include "http/push_server.hpp"
#include "link/address.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hefang::driver {

struct PlateCameraSettings {
    DeviceId id;
    link::LinkAddress link;
    std::string user, password_file;       ///< empty: the camera and we let everybody in
    std::chrono::milliseconds silence{0};  ///< Hikvision: no push for so long, the camera counts as lost; 0: never
    std::chrono::seconds heartbeat{5};     ///< Dahua: how often it is asked to say Heartbeat
    AdmissionSettings admission;
};
/// Reads `config`, which passed check().
[[nodiscard]] PlateCameraSettings plate_camera_settings(const DeviceConfig& config);

/// What the two cameras have in common: an event becomes a reading, once.
/// Counters: events, plates, no-plates, heartbeats, other-events, pictures, repeated, refused-<reason>.
class PlateTeller {
  public:
    explicit PlateTeller(const PlateCameraSettings& settings) : id_(settings.id), admission_(settings.admission) {}
    /// Counts what the camera said. The reading, unless it is a repeat, too much, or none.
    [[nodiscard]] std::optional<reading::PlateRead> take(
        const tl::expected<codec::CameraSaid, codec::CameraRefusal>& said, Driver::Context& context);
    /// Notes a picture of `read`.
    static void add_picture(reading::PlateRead& read, std::string_view jpeg, Counters& counters);

  private:
    DeviceId id_;
    Admission admission_;
};

/// A Hikvision camera that pushes its events (multipart/form-data or bare XML) to our address. A push is answered with
/// 200 once its readings are with the core, so that what nobody took is sent again; one that holds nothing usable with
/// 400, another kind of body with 415.
/// Counters: of PlateTeller and http::PushServer; pushes, refused-push-without-event, refused-push-too-many-parts.
class HikvisionDriver final : public Driver {
  public:
    static constexpr std::size_t most_parts = 16;  ///< of one push
    explicit HikvisionDriver(PlateCameraSettings settings);
    [[nodiscard]] Error live(Context& context) override;
    /// Binds before the first life, for a port that the kernel chooses.
    [[nodiscard]] Result<std::uint16_t> listen();

  private:
    [[nodiscard]] Result<void> open();
    [[nodiscard]] int take(const http::Push& push, Context& context);
    PlateCameraSettings settings_;
    PlateTeller teller_;
    std::optional<http::PushServer> server_;
};

/// A Dahua camera that is asked for its stream of snapshots. No byte for two heartbeats: the life is over. A reading
/// waits a moment for its picture.
/// Counters: of PlateTeller; bytes, parts, refused-part-….
class DahuaDriver final : public Driver {
  public:
    static constexpr std::int64_t picture_within_ms = 1'000;
    explicit DahuaDriver(PlateCameraSettings settings);
    [[nodiscard]] Error live(Context& context) override;

  private:
    [[nodiscard]] bool take(const codec::Part& part, Context& context);
    [[nodiscard]] bool post_waiting(Context& context);
    PlateCameraSettings settings_;
    PlateTeller teller_;
    std::optional<reading::PlateRead> waiting_;  // for its picture
    BootTime posts_at_{};                        // at the latest
};

}  // namespace hefang::driver
