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

/// modbus-rtu:///dev/ttyS1?baud=9600&bits=8&parity=none&stop=1&unit=1 (the values shown are the defaults). Several
/// units may share one line: the same path and settings, each its own unit.
struct ModbusRtuAddress {
    SerialAddress line;     ///< always 8 bits: an RTU frame has no other
    std::uint8_t unit = 1;  ///< 1…247
    friend bool operator==(const ModbusRtuAddress&, const ModbusRtuAddress&) = default;
};

/// folder:///path: a folder of this machine into which the device, or its console, drops files.
struct FolderAddress {
    std::string path;  ///< absolute, without '/' at its end
    friend bool operator==(const FolderAddress&, const FolderAddress&) = default;
};

/// http-listen://addr:port/path: the device pushes to this path; host and port as of tcp-listen.
struct HttpListenAddress {
    std::string host;
    std::uint16_t port = 0;
    std::string path;  ///< begins with '/'
    friend bool operator==(const HttpListenAddress&, const HttpListenAddress&) = default;
};

/// http://host:port (80 when left out): the gateway asks the device. What it asks for, the device's protocol says.
struct HttpAddress {
    std::string host;
    std::uint16_t port = 80;
    friend bool operator==(const HttpAddress&, const HttpAddress&) = default;
};

/// hid:///dev/input/by-id/usb-…-event-kbd: a keyboard's events
struct HidAddress {
    std::string path;
    friend bool operator==(const HidAddress&, const HidAddress&) = default;
};

using LinkAddress = std::variant<SerialAddress, TcpAddress, TcpListenAddress, ModbusTcpAddress, ModbusRtuAddress,
                                 FolderAddress, HttpListenAddress, HttpAddress, HidAddress>;

/// Reads a link as written in the configuration. A refusal names the part that is wrong and what would be right.
[[nodiscard]] Result<LinkAddress> parse_link(std::string_view text);

/// The text form with every setting said; parse_link() of it gives the same address.
[[nodiscard]] std::string to_text(const LinkAddress& address);

/// The word before "://": "serial", "tcp-listen", "folder" …
[[nodiscard]] std::string_view scheme(const LinkAddress& address);

}  // namespace hefang::link
