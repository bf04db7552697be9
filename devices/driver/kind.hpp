#pragma once
#include "base/result.hpp"
#include "driver/config.hpp"
#include "driver/driver.hpp"
#include "driver/stream.hpp"
#include "link/link.hpp"
#include "link/modbus_line.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace hefang::driver {

/// What a setting's text may be.
enum class Form { whole, word, text, list };

/// One key that a kind of device knows in its configuration.
struct Setting {
    std::string_view name;
    Form form;
    bool required = false;
    std::int64_t least = 0;       ///< whole: the smallest value
    std::int64_t most = 0;        ///< whole: the largest value; text and list: the most bytes of an entry
    std::string_view words = {};  ///< word and list: the allowed values, separated by one space; list: empty: any
    std::string_view meaning = {};
};

/// What a driver may ask of the program around it.
struct Surroundings {
    /// True while the last completed turn of the core is young enough; called on the device's thread, must not block.
    std::function<bool()> core_alive = [] { return true; };
    /// Where Modbus units that hang on one serial line find each other.
    std::shared_ptr<link::ModbusLines> lines = std::make_shared<link::ModbusLines>();
    /// Where a stream of bytes comes from; a probe puts a listener between.
    std::function<Result<std::unique_ptr<link::Endpoint>>(const link::LinkAddress&)> endpoint = link::make_endpoint;
    /// Keeps the bytes of a file for good and says their SHA-256 in hex; once it has answered, they are on disk. Called
    /// on devices' threads, may block for as long as a disk does.
    std::function<Result<std::string>(std::string_view bytes)> keep = [](std::string_view) -> Result<std::string> {
        return fail(Errc::refused, "nothing keeps files here");
    };
};

/// A driver and, for a kind that acts, its output side, which lives inside the driver.
struct Made {
    std::unique_ptr<Driver> driver;
    SorterOutput* sorter = nullptr;
    RelayOutput* relays = nullptr;
    BarrierOutput* barrier = nullptr;
    PrintOutput* printer = nullptr;
    DisplayOutput* display = nullptr;
};

/// One thing that is wrong with a device's configuration. `setting` is the key at fault ("kind", "link", "checksum" …).
struct Problem {
    std::string setting;
    std::string what;
    friend bool operator==(const Problem&, const Problem&) = default;
};

/// One row of the catalogue: everything the gateway knows of a kind of device and its protocol.
struct Kind {
    std::string_view kind;
    std::string_view protocol;  ///< empty: the kind has one protocol, and the configuration names none
    std::string_view links;     ///< the schemes it works over, separated by one space
    std::span<const Setting> settings;
    Result<Made> (*make)(const DeviceConfig& config, const Surroundings& around);
    bool alone = false;  ///< it may stand in no lane; what it reads is kept as a fact of its own
    /// What is wrong that no single setting tells; null: nothing ever is. Called when each of them is good.
    std::optional<Problem> (*also)(const DeviceConfig& config) = nullptr;
    bool standard = false;  ///< the row of a configuration that names no protocol
    /// The kinds whose places in a lane it takes, separated by one space; empty: its own.
    std::string_view serves = {};
};

/// Kind::make of a driver over a stream of bytes, whose settings `settings_of` reads from a checked configuration.
template <class DriverOf, auto settings_of>
Result<Made> over_stream(const DeviceConfig& config, const Surroundings& around) {
    auto endpoint = around.endpoint(config.link);
    if (!endpoint) return tl::unexpected(endpoint.error());
    auto counted = std::make_unique<CountedEndpoint>(std::move(*endpoint));
    auto& counting = *counted;
    auto driver = std::make_unique<DriverOf>(settings_of(config), std::move(counted));
    return Made{.driver = std::make_unique<StreamDriver>(std::move(driver), counting)};
}

/// Kind::links of such a driver.
constexpr std::string_view stream_links = "serial tcp tcp-listen";

}  // namespace hefang::driver
