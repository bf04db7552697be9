#pragma once
#include "driver/kind.hpp"

#include <span>
#include <string>
#include <vector>

namespace hefang::driver {

/// THE table of what can be plugged in: the rows of every room of drivers.
[[nodiscard]] std::span<const Kind> catalog();

/// Every problem of `config`, in the order of the table; empty: make() will work.
[[nodiscard]] std::vector<Problem> check(const DeviceConfig& config);

/// The driver for `config`; refused with the first problem of check(). Opens nothing yet.
[[nodiscard]] Result<Made> make(const DeviceConfig& config, const Surroundings& around = {});

}  // namespace hefang::driver
