#pragma once
#include "core/policy.hpp"
#include "core/site.hpp"
#include "driver/config.hpp"

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

/// The configuration file (TOML): one text, one plain value. docs/house.md and systemd/site.toml show it.
namespace hefang::app {

/// One thing that is wrong with the file. Line and column count from 1; 0 when the file as a whole is meant.
struct Problem {
    std::string file;
    std::uint32_t line = 0, column = 0;
    std::string what;    ///< what is wrong, with the value as written
    std::string should;  ///< what would be right; empty when `what` says it already
    friend bool operator==(const Problem&, const Problem&) = default;
};

/// "site.toml:12:9: web.listen is '0.0.0.0:80'; a loopback address …" on one line.
[[nodiscard]] std::string to_text(const Problem& problem);

struct Site {
    std::string gateway;                      ///< also the MQTT client id
    std::string kind;                         ///< one of "bonded-warehouse", "airport-port", …
    std::string name;                         ///< shown to people; default: the gateway id
    std::string location;                     ///< default: the gateway id
    std::string customs_code, operator_code;  ///< empty when not configured
};

struct Store {
    std::filesystem::path path;                ///< absolute
    std::optional<std::int64_t> limit_bytes;   ///< none: what the file system has
    std::array<std::int64_t, 4> free_bytes{};  ///< falling; below each a step of backpressure is reached
};

/// The central platform. This version speaks to a broker on this machine only, unsigned.
struct Platform {
    std::string host;  ///< a loopback name or address, without brackets
    std::uint16_t port = 1883;
    [[nodiscard]] std::string uri() const;  ///< "mqtt://127.0.0.1:1883"
};

struct Web {
    std::string host = "127.0.0.1";  ///< a numeric loopback address, without brackets
    std::uint16_t port = 8080;       ///< 0: the kernel chooses
};

struct Config {
    Site site;
    Store store;
    std::optional<Platform> platform;  ///< none: the gateway works alone and says so
    Web web;
    core::Policy policy;
    std::vector<driver::DeviceConfig> devices;  ///< each passed driver::check()
    std::vector<core::LaneModel> lanes;         ///< chute fall-backs applied; every id names one of `devices`
};

using Loaded = tl::expected<Config, std::vector<Problem>>;

/// Reads and judges the file: either all of it is right, or every problem is told, in order of line. Reads nothing
/// but the file, never throws.
[[nodiscard]] Loaded load(const std::filesystem::path& file);

/// The same for a text that is already read; `file` stands in the problems, and a relative store.path starts there.
[[nodiscard]] Loaded parse(std::string_view text, const std::filesystem::path& file);

/// What the core needs of it.
[[nodiscard]] core::SiteModel site_model(const Config& config);

/// The policy's figures (not its version) as canonical JSON: what the default version is the hash of.
[[nodiscard]] std::string canonical(const core::Policy& policy);

}  // namespace hefang::app
