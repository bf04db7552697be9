#pragma once
#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

namespace hefang::link {

enum class Parity { none, even, odd };

/// serial:///dev/ttyS1?baud=9600&bits=8&parity=none&stop=1 (the values shown are the defaults)
struct SerialAddress {
    std::string path;
    std::uint32_t baud = 9600;
    std::uint8_t bits = 8;  ///< 7 or 8
    Parity parity = Parity::none;
    std::uint8_t stop = 1;  ///< 1 or 2
    friend bool operator==(const SerialAddress&, const SerialAddress&) = default;
};

/// tcp://host:port: the gateway connects. `host` is a name, an IPv4 or (in brackets in the text) an IPv6 address.
struct TcpAddress {
    std::string host;
    std::uint16_t port = 0;
    friend bool operator==(const TcpAddress&, const TcpAddress&) = default;
};

/// tcp-listen://addr:port: the device connects. `host` is a numeric address of this machine, 0.0.0.0 for any.
struct TcpListenAddress {
    std::string host;
    std::uint16_t port = 0;  ///< 0, which no text can say, lets the kernel choose
    friend bool operator==(const TcpListenAddress&, const TcpListenAddress&) = default;
};

/// modbus-tcp://host:port?unit=1 (port 502 and unit 1 when left out)
struct ModbusTcpAddress {
    std::string host;
    std::uint16_t port = 502;
    std::uint8_t unit = 1;  ///< 0…247, or 255 for a device that takes no unit
    friend bool operator==(const ModbusTcpAddress&, const ModbusTcpAddress&) = default;
};

/// folder:///path: a folder of this machine into which the device, or its console, drops files.
struct FolderAddress {
    std::string path;  ///< absolute, without '/' at its end
    friend bool operator==(const FolderAddress&, const FolderAddress&) = default;
};

using LinkAddress = std::variant<SerialAddress, TcpAddress, TcpListenAddress, ModbusTcpAddress, FolderAddress>;

/// Reads a link as written in the configuration. A refusal names the part that is wrong and what would be right.
[[nodiscard]] Result<LinkAddress> parse_link(std::string_view text);

/// The text form with every setting said; parse_link() of it gives the same address.
[[nodiscard]] std::string to_text(const LinkAddress& address);

/// "serial", "tcp", "tcp-listen", "modbus-tcp", "folder": the word before "://".
[[nodiscard]] std::string_view scheme(const LinkAddress& address);

}  // namespace hefang::link
