#pragma once
#include "app/config.hpp"
#include "app/config_section.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

/// One function a part of the file. Each reports what is wrong and returns what it could read; the result counts only
/// when nothing was reported.
namespace hefang::app {

[[nodiscard]] Site read_site(Section section);
/// `base`: the absolute folder that a relative path starts from.
[[nodiscard]] Store read_store(Section section, const std::filesystem::path& base);
[[nodiscard]] Platform read_platform(Section section);
[[nodiscard]] Web read_web(Section section);
[[nodiscard]] core::Policy read_policy(Section section);

/// A device as far as it could be read: lanes are checked against it even when it has problems of its own.
struct DeviceEntry {
    driver::DeviceConfig config;
    std::optional<Grams> interval;  ///< e of a scale
    Place place;
    std::string used_by;  ///< the lane; empty: none yet
    bool alone = false;   ///< it needs no lane
};

[[nodiscard]] DeviceEntry read_device(Section section);
/// Duplicate ids and two devices on one link.
void compare_devices(const std::vector<DeviceEntry>& devices, Problems& problems);

[[nodiscard]] core::LaneModel read_lane(Section section, std::vector<DeviceEntry>& devices);

/// What a host and a port are written as; `scheme_default` when the port is left out and one may be.
struct Endpoint {
    std::string host;
    std::uint16_t port = 0;
};
[[nodiscard]] std::optional<Endpoint> endpoint(std::string_view text, std::optional<std::uint16_t> port_default);
/// A numeric address of 127.0.0.0/8, or ::1.
[[nodiscard]] bool is_loopback(const std::string& host);

}  // namespace hefang::app
