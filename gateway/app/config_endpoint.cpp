#include "app/config_parts.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <charconv>

namespace hefang::app {

std::optional<Endpoint> endpoint(std::string_view text, std::optional<std::uint16_t> port_default) {
    Endpoint out;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        out.host = text.substr(1, end - 1);
        text.remove_prefix(end + 1);
    } else {
        const auto end = std::min(text.find(':'), text.size());
        out.host = text.substr(0, end);
        text.remove_prefix(end);
    }
    const auto part_of_host = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == ':';
    };
    if (out.host.empty() || !std::all_of(out.host.begin(), out.host.end(), part_of_host)) return std::nullopt;
    if (text.empty()) {
        if (!port_default) return std::nullopt;
        out.port = *port_default;
        return out;
    }
    if (text.front() != ':') return std::nullopt;
    text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.port);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return out;
}

bool is_loopback(const std::string& host) {
    in_addr four{};
    if (::inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24U) == 127;
    in6_addr six{};
    if (::inet_pton(AF_INET6, host.c_str(), &six) != 1) return false;
    return std::equal(std::begin(six.s6_addr), std::end(six.s6_addr), std::begin(in6addr_loopback.s6_addr));
}

}  // namespace hefang::app
