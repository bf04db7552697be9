#pragma once
#include "base/result.hpp"
#include "driver/config.hpp"
#include "driver/driver.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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
    std::string_view words = {};  ///< word: the allowed values, separated by one space
    std::string_view meaning = {};
};

/// What a driver may ask of the program around it.
struct Surroundings {
    /// True while the last completed turn of the core is young enough; called on the device's thread, must not block.
    std::function<bool()> core_alive = [] { return true; };
};

/// A driver and, for a kind that acts, its output side, which lives inside the driver.
struct Made {
    std::unique_ptr<Driver> driver;
    SorterOutput* sorter = nullptr;
};

/// One row of the catalogue: everything the gateway knows of a kind of device and its protocol.
struct Kind {
    std::string_view kind;
    std::string_view protocol;  ///< empty: the kind has one protocol, and the configuration names none
    std::string_view links;     ///< the schemes it works over, separated by one space
    std::span<const Setting> settings;
    Result<Made> (*make)(const DeviceConfig& config, const Surroundings& around);
};

/// THE table of what can be plugged in.
[[nodiscard]] std::span<const Kind> catalog();

/// One thing that is wrong with a device's configuration. `setting` is the key at fault ("kind", "link", "checksum" …).
struct Problem {
    std::string setting;
    std::string what;
    friend bool operator==(const Problem&, const Problem&) = default;
};

/// Every problem of `config`, in the order of the table; empty: make() will work.
[[nodiscard]] std::vector<Problem> check(const DeviceConfig& config);

/// The driver for `config`; refused with the first problem of check(). Opens nothing yet.
[[nodiscard]] Result<Made> make(const DeviceConfig& config, const Surroundings& around = {});

}  // namespace hefang::driver
