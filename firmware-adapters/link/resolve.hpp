#pragma once
#include "base/result.hpp"
#include "link/stop.hpp"

#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace hefang::link {

struct SocketAddress {
    sockaddr_storage bytes{};
    socklen_t length = 0;
};

/// Looks a name up, for as long as it takes.
using LookUp = std::function<Result<std::vector<SocketAddress>>(const std::string& host, std::uint16_t port)>;
[[nodiscard]] Result<std::vector<SocketAddress>> look_up(const std::string& host, std::uint16_t port);

/// The addresses of `host`, best first. Numbers at once; a name through `names` (the system's resolver), which cannot
/// be interrupted: it runs on a thread of its own that is left behind when `limit` is over or `stop` requested, and
/// ends by itself when the resolver gives up.
[[nodiscard]] Result<std::vector<SocketAddress>> resolve(const std::string& host, std::uint16_t port,
                                                         std::chrono::milliseconds limit, const Stop& stop,
                                                         const LookUp& names = look_up);

/// Numbers only.
[[nodiscard]] Result<std::vector<SocketAddress>> numeric(const std::string& host, std::uint16_t port);

}  // namespace hefang::link
