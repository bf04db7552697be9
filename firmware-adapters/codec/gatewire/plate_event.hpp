#pragma once
#include "gatewire/multipart.hpp"
#include "gatewire/plate_text.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include <tl/expected.hpp>

/// What plate cameras say of one vehicle. Pure: text in, values out.
namespace hefang::codec {

/// Words are as the camera says them, at most 32 bytes, empty where it says none.
struct PlateEvent {
    std::string plate;  ///< empty: a vehicle without a plate that could be read
    std::string colour;
    std::optional<std::int32_t> confidence;  ///< 0…100, as the camera counts it
    std::optional<std::int32_t> line;        ///< the camera's number of the lane
    std::string direction;
    std::string time;  ///< the camera's own clock, as text: evidence, used for nothing
    std::string same;  ///< equal for the repeats of one event; at most 128 bytes; empty: the camera tells nothing of it
    friend bool operator==(const PlateEvent&, const PlateEvent&) = default;
};

/// A sign of life, or an event of another kind that this reader does not ask for.
struct NoPlateEvent {
    bool heartbeat = false;
    friend bool operator==(const NoPlateEvent&, const NoPlateEvent&) = default;
};

using CameraSaid = std::variant<PlateEvent, NoPlateEvent>;

enum class CameraRefusal {
    plate_too_long,
    plate_not_text,
    no_event_type,  ///< it names no kind of event
    no_plate,       ///< an event of plates without a member for the plate
    bad_markup,     ///< Hikvision: no XML that markup takes; Dahua: a line that is too long, or too many
};
[[nodiscard]] std::string_view name(CameraRefusal reason);

/// Hikvision ISAPI, element EventNotificationAlert (http://www.isapi.org/ver20/XMLSchema). Source: Device Network SDK
/// (Traffic) Developer Guide V6.1.4, XML_EventNotificationAlert_ANPR; names of members from that manual, the letter
/// case of eventType and which members a model leaves out are to be confirmed on the device.
[[nodiscard]] tl::expected<CameraSaid, CameraRefusal> decode_hikvision(std::string_view xml);

/// Dahua snapManager, a text/plain part of lines key=value, or the one word Heartbeat. Source: the vendor's ANPR API
/// text; which of TrafficCar.PlateNumber and Object.Text a model fills is to be confirmed on the device.
[[nodiscard]] tl::expected<CameraSaid, CameraRefusal> decode_dahua(std::string_view text);

/// Limits of decode_dahua(): of one part.
constexpr std::size_t dahua_lines = 2'048;
constexpr std::size_t dahua_line_bytes = 1'024;

/// The same, to be sent: `count` is activePostCount.
[[nodiscard]] std::string encode_hikvision(const PlateEvent& event, int count);
[[nodiscard]] std::string encode_hikvision_heartbeat();
[[nodiscard]] std::string encode_dahua(const PlateEvent& event);

}  // namespace hefang::codec
