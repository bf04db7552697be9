#pragma once
#include "base/result.hpp"
#include "link/address.hpp"
#include "link/stop.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>

namespace hefang::link {

/// What the kernel counted on a serial line since it knows the line; each wraps around at 2^32.
struct LineErrors {
    std::uint32_t overrun = 0;  ///< bytes lost because nobody took them in time
    std::uint32_t framing = 0;  ///< no stop bit where one should be: a wrong baud rate, or noise
    std::uint32_t parity = 0;
};

/// One conversation over bytes with one device. For one thread; after any error but `timeout` it is over and the
/// Endpoint opens the next one.
class Link {
  public:
    virtual ~Link() = default;

    /// Waits for at least one byte, then gives what is there, at most into.size(). Fails with timeout (nothing within
    /// `limit`), closed (stop requested, the peer hung up, or a newer connection took its place) or unreachable
    /// (unplugged, reset).
    [[nodiscard]] virtual Result<std::size_t> read_some(std::span<char> into, std::chrono::milliseconds limit,
                                                        const Stop& stop) = 0;

    /// Hands all of `bytes` to the system, or fails as read_some() does; some of them may then have been sent.
    [[nodiscard]] virtual Result<void> write_all(std::string_view bytes, std::chrono::milliseconds limit,
                                                 const Stop& stop) = 0;

    /// Ends it; a second call does nothing. The destructor does the same.
    virtual void close() noexcept = 0;

    /// None where nobody counts: sockets, pseudo-terminals, some adapters.
    [[nodiscard]] virtual std::optional<LineErrors> line_errors() const { return std::nullopt; }
};

/// The place where a device is reached. Lives as long as its driver and opens one Link after the other.
class Endpoint {
  public:
    virtual ~Endpoint() = default;

    /// The next conversation. `limit` bounds the wait for a device that has to connect to us; what we connect to
    /// has its own limit of 3 s. Fails with timeout, closed (stop requested), not_found (no such device or name), busy
    /// (another owner has it), refused (it cannot be used so; says why) or unreachable.
    [[nodiscard]] virtual Result<std::unique_ptr<Link>> open(std::chrono::milliseconds limit, const Stop& stop) = 0;
};

/// Refused for the links that are no streams of bytes: Modbus, folder and HTTP.
[[nodiscard]] Result<std::unique_ptr<Endpoint>> make_endpoint(const LinkAddress& address);

/// For one conversation without an Endpoint to keep: commissioning and tests.
[[nodiscard]] Result<std::unique_ptr<Link>> open_link(const LinkAddress& address, std::chrono::milliseconds limit,
                                                      const Stop& stop);

}  // namespace hefang::link
