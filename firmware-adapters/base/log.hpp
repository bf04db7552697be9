#pragma once
#include <string_view>

namespace hefang {

enum class LogLevel { debug, info, warn, error };

/// One line = one event: `what` in words, then key=value pairs already joined by the caller. Goes to stderr (journald
/// under systemd). Thread-safe. Evidence never goes only here: a fault is also a reading, a fact or a counter.
void log(LogLevel level, std::string_view where, std::string_view what);

/// Lines below `level` are dropped. Default: info.
void log_from(LogLevel level);

}  // namespace hefang
