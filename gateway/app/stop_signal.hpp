#pragma once
#include "link/stop.hpp"

namespace hefang::app {

/// Requested by SIGINT and SIGTERM from the first call on. One in the process.
[[nodiscard]] link::Stop& stop_on_signals();

}  // namespace hefang::app
