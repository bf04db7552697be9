#include "link/address.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

namespace hefang::link {
namespace {

// In the order of LinkAddress.
constexpr std::array<std::string_view, 9> schemes{"serial", "tcp",         "tcp-listen", "modbus-tcp", "modbus-rtu",
                                                  "folder", "http-listen", "http",       "hid"};
constexpr std::size_t longest_path = 128;

// The rates that <termios.h> has a name for; others need a driver-specific divisor.
constexpr std::array<std::uint32_t, 14> bauds{300,   600,   1200,   2400,   4800,   9600,   19200,
                                              38400, 57600, 115200, 230400, 460800, 500000, 921600};

tl::unexpected<Error> refused(std::string detail) { return fail(Errc::refused, std::move(detail)); }

std::string quoted(std::string_view text) { return "'" + printable(text) + "'"; }

std::optional<std::uint32_t> whole(std::string_view text) {
    std::uint32_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

struct Option {
    std::string_view key;
    std::string_view value;
};

/// "a=1&b=2" cut into its pairs; a key said twice or outside of `allowed` is refused.
Result<std::vector<Option>> options(std::string_view query, std::initializer_list<std::string_view> allowed) {
    std::vector<Option> out;
    while (!query.empty()) {
        const auto piece = query.substr(0, query.find('&'));
        query.remove_prefix(std::min(query.size(), piece.size() + 1));
        const auto equal = piece.find('=');
        if (equal == std::string_view::npos)
            return refused("option " + quoted(piece) + " has no value; write key=value");
        const Option option{piece.substr(0, equal), piece.substr(equal + 1)};
        if (std::find(allowed.begin(), allowed.end(), option.key) == allowed.end()) {
            std::string known;
            for (const auto key : allowed) known += (known.empty() ? "" : ", ") + std::string(key);
            return refused("unknown option " + quoted(option.key) +
                           (known.empty() ? "; this link has none" : "; known: " + known));
        }
        const auto twice = [&](const Option& o) { return o.key == option.key; };
        if (std::any_of(out.begin(), out.end(), twice))
            return refused("option " + quoted(option.key) + " is said twice");
        out.push_back(option);
    }
    return out;
}

struct HostPort {
    std::string host;
    std::optional<std::uint16_t> port;
};

Result<HostPort> host_port(std::string_view text) {
    HostPort out;
    std::string_view rest;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return refused("'[' without ']' in " + quoted(text));
        out.host = text.substr(1, end - 1);
        rest = text.substr(end + 1);
    } else {
        const auto colon = text.find(':');
        out.host = text.substr(0, colon);
        rest = colon == std::string_view::npos ? std::string_view{} : text.substr(colon);
        if (rest.find(':', 1) != std::string_view::npos) return refused("write an IPv6 address in brackets: [::1]:502");
    }
    const auto bad = [](char c) { return c <= ' ' || c == '/' || c == '@' || c == 0x7F; };
    if (out.host.empty()) return refused("the host is missing before ':'");
    if (std::any_of(out.host.begin(), out.host.end(), bad)) return refused(quoted(out.host) + " is no host");
    if (rest.empty()) return out;
    const auto port = rest.starts_with(':') ? whole(rest.substr(1)) : std::nullopt;
    if (!port || *port < 1 || *port > 65535) return refused("port " + quoted(rest.substr(1)) + " is not 1 to 65535");
    out.port = static_cast<std::uint16_t>(*port);
    return out;
}

/// host:port where the port must be said.
template <class Address>
Result<LinkAddress> tcp(std::string_view body, std::string_view query) {
    const auto none = options(query, {});
    if (!none) return tl::unexpected(none.error());
    auto at = host_port(body);
    if (!at) return tl::unexpected(at.error());
    if (!at->port) return refused("the port is missing: write host:port");
    return Address{std::move(at->host), *at->port};
}

/// addr:port/path, each of them said.
Result<LinkAddress> http_listen(std::string_view body, std::string_view query) {
    const auto none = options(query, {});
    if (!none) return tl::unexpected(none.error());
    const auto slash = std::min(body.size(), body.find('/'));
    const auto path = body.substr(slash);
    auto at = host_port(body.substr(0, slash));
    if (!at) return tl::unexpected(at.error());
    if (!at->port) return refused("the port is missing: write addr:port/path");
    const auto fits = [](char c) { return c > ' ' && c < 0x7F && c != '?' && c != '#'; };
    if (path.size() < 2 || path.size() > longest_path || !std::all_of(path.begin(), path.end(), fits))
        return refused("the path is missing or no path: write addr:port/path");
    return HttpListenAddress{std::move(at->host), *at->port, std::string(path)};
}

Result<LinkAddress> http(std::string_view body, std::string_view query) {
    const auto none = options(query, {});
    if (!none) return tl::unexpected(none.error());
    if (body.ends_with('/')) body.remove_suffix(1);
    if (body.find('/') != std::string_view::npos) return refused("write http://host:port: the protocol says the path");
    auto at = host_port(body);
    if (!at) return tl::unexpected(at.error());
    return HttpAddress{std::move(at->host), at->port.value_or(80)};
}

Result<LinkAddress> modbus_tcp(std::string_view body, std::string_view query) {
    const auto said = options(query, {"unit"});
    if (!said) return tl::unexpected(said.error());
    auto at = host_port(body);
    if (!at) return tl::unexpected(at.error());
    ModbusTcpAddress out{std::move(at->host), at->port.value_or(502), 1};
    for (const auto& option : *said) {
        const auto unit = whole(option.value);
        if (!unit || (*unit > 247 && *unit != 255)) {
            return refused("unit " + quoted(option.value) + " is not 0 to 247, nor 255 (a device that is no gateway)");
        }
        out.unit = static_cast<std::uint8_t>(*unit);
    }
    return out;
}

Result<void> set(SerialAddress& out, const Option& option) {
    if (option.key == "parity") {
        if (option.value == "none") return out.parity = Parity::none, Result<void>{};
        if (option.value == "even") return out.parity = Parity::even, Result<void>{};
        if (option.value == "odd") return out.parity = Parity::odd, Result<void>{};
        return refused("parity " + quoted(option.value) + " is not none, even or odd");
    }
    const auto value = whole(option.value);
    if (option.key == "baud") {
        if (!value || std::find(bauds.begin(), bauds.end(), *value) == bauds.end()) {
            return refused("baud " + quoted(option.value) + " is no usual rate (300 … 9600, 19200 … 115200 … 921600)");
        }
        out.baud = *value;
    } else if (option.key == "bits") {
        if (!value || (*value != 7 && *value != 8)) return refused("bits " + quoted(option.value) + " is not 7 or 8");
        out.bits = static_cast<std::uint8_t>(*value);
    } else {
        if (!value || (*value != 1 && *value != 2)) return refused("stop " + quoted(option.value) + " is not 1 or 2");
        out.stop = static_cast<std::uint8_t>(*value);
    }
    return {};
}

Result<void> device_path(std::string_view body, std::string_view example) {
    if (!body.starts_with('/')) return refused("the device needs its whole path: " + std::string(example));
    if (body.size() < 2 || !is_clean_utf8(body)) return refused(quoted(body) + " is no path of a device");
    return {};
}

Result<LinkAddress> hid(std::string_view body, std::string_view query) {
    if (const auto none = options(query, {}); !none) return tl::unexpected(none.error());
    if (const auto path = device_path(body, "hid:///dev/input/by-id/…-event-kbd"); !path)
        return tl::unexpected(path.error());
    return HidAddress{std::string(body)};
}

/// `scheme`: for the sentence that says what is wrong.
Result<SerialAddress> line(std::string_view body, std::string_view scheme) {
    if (const auto path = device_path(body, std::string(scheme) + ":///dev/…"); !path)
        return tl::unexpected(path.error());
    SerialAddress out;
    out.path = body;
    return out;
}

Result<LinkAddress> serial(std::string_view body, std::string_view query) {
    const auto said = options(query, {"baud", "bits", "parity", "stop"});
    if (!said) return tl::unexpected(said.error());
    auto out = line(body, "serial");
    if (!out) return tl::unexpected(out.error());
    for (const auto& option : *said) {
        if (const auto done = set(*out, option); !done) return tl::unexpected(done.error());
    }
    return *std::move(out);
}

Result<LinkAddress> modbus_rtu(std::string_view body, std::string_view query) {
    const auto said = options(query, {"baud", "bits", "parity", "stop", "unit"});
    if (!said) return tl::unexpected(said.error());
    auto at = line(body, "modbus-rtu");
    if (!at) return tl::unexpected(at.error());
    ModbusRtuAddress out{std::move(*at), 1};
    for (const auto& option : *said) {
        if (option.key == "unit") {
            const auto unit = whole(option.value);
            if (!unit || *unit < 1 || *unit > 247) return refused("unit " + quoted(option.value) + " is not 1 to 247");
            out.unit = static_cast<std::uint8_t>(*unit);
        } else if (const auto done = set(out.line, option); !done) {
            return tl::unexpected(done.error());
        }
    }
    if (out.line.bits != 8) return refused("bits '7' cannot carry Modbus RTU: write bits=8");
    return out;
}

Result<LinkAddress> folder(std::string_view body, std::string_view query) {
    const auto none = options(query, {});
    if (!none) return tl::unexpected(none.error());
    if (!body.starts_with('/')) return refused("the folder needs its whole path: folder:///var/spool/…");
    while (body.ends_with('/')) body.remove_suffix(1);
    if (body.empty() || !is_clean_utf8(body)) return refused(quoted(body) + " is no path of a folder");
    return FolderAddress{std::string(body)};
}

std::string_view word(Parity parity) {
    switch (parity) {
        case Parity::none: return "none";
        case Parity::even: return "even";
        case Parity::odd: return "odd";
    }
    return "none";
}

std::string bracketed(const std::string& host, std::uint16_t port) {
    const bool six = host.find(':') != std::string::npos;
    return (six ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

struct ToText {
    static std::string line(const SerialAddress& a) {
        return a.path + "?baud=" + std::to_string(a.baud) + "&bits=" + std::to_string(a.bits) +
               "&parity=" + std::string(word(a.parity)) + "&stop=" + std::to_string(a.stop);
    }
    std::string operator()(const SerialAddress& a) const { return "serial://" + line(a); }
    std::string operator()(const TcpAddress& a) const { return "tcp://" + bracketed(a.host, a.port); }
    std::string operator()(const TcpListenAddress& a) const { return "tcp-listen://" + bracketed(a.host, a.port); }
    std::string operator()(const HttpListenAddress& a) const {
        return "http-listen://" + bracketed(a.host, a.port) + a.path;
    }
    std::string operator()(const HttpAddress& a) const { return "http://" + bracketed(a.host, a.port); }
    std::string operator()(const ModbusTcpAddress& a) const {
        return "modbus-tcp://" + bracketed(a.host, a.port) + "?unit=" + std::to_string(a.unit);
    }
    std::string operator()(const ModbusRtuAddress& a) const {
        return "modbus-rtu://" + line(a.line) + "&unit=" + std::to_string(a.unit);
    }
    std::string operator()(const FolderAddress& a) const { return "folder://" + a.path; }
    std::string operator()(const HidAddress& a) const { return "hid://" + a.path; }
};

}  // namespace

Result<LinkAddress> parse_link(std::string_view text) {
    const auto colon = text.find("://");
    const auto name = text.substr(0, colon);
    if (colon == std::string_view::npos || std::find(schemes.begin(), schemes.end(), name) == schemes.end()) {
        std::string known;
        for (const auto scheme : schemes) known += (known.empty() ? "" : ", ") + std::string(scheme) + "://";
        return refused("link " + quoted(text) + " begins with none of " + known);
    }
    const auto rest = text.substr(colon + 3);
    const auto mark = rest.find('?');
    const auto body = rest.substr(0, mark);
    const auto query = mark == std::string_view::npos ? std::string_view{} : rest.substr(mark + 1);
    auto out = name == "serial"        ? serial(body, query)
               : name == "tcp"         ? tcp<TcpAddress>(body, query)
               : name == "tcp-listen"  ? tcp<TcpListenAddress>(body, query)
               : name == "modbus-tcp"  ? modbus_tcp(body, query)
               : name == "modbus-rtu"  ? modbus_rtu(body, query)
               : name == "folder"      ? folder(body, query)
               : name == "http-listen" ? http_listen(body, query)
               : name == "http"        ? http(body, query)
                                       : hid(body, query);
    if (!out) return refused("link " + quoted(text) + ": " + out.error().detail);
    return out;
}

std::string to_text(const LinkAddress& address) { return std::visit(ToText{}, address); }

std::string_view scheme(const LinkAddress& address) { return schemes[address.index()]; }

}  // namespace hefang::link
