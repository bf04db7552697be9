#include "sync/broker.hpp"

#include "base/text.hpp"
#include "sync/topics.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>

namespace hefang::sync {
namespace {

bool is_loopback(const std::string& host) {
    if (host == "localhost") return true;
    in_addr four{};
    if (inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
    in6_addr six{};
    return inet_pton(AF_INET6, host.c_str(), &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six) != 0;
}

tl::unexpected<Error> refuse(std::string_view uri, const std::string& why) {
    return fail(Errc::refused, "broker '" + printable(uri) + "': " + why);
}

}  // namespace

Result<std::string> check_broker(std::string_view uri) {
    if (uri.starts_with("mqtts://") || uri.starts_with("ssl://")) {
        return refuse(uri, "this version speaks only the unsigned mode on loopback; use mqtt://127.0.0.1:1883");
    }
    if (!uri.starts_with("mqtt://")) return refuse(uri, "it must begin with mqtt://");
    std::string_view rest = uri.substr(7);
    std::string host;
    if (rest.starts_with('[')) {
        const std::size_t end = rest.find(']');
        if (end == std::string_view::npos) return refuse(uri, "the address lacks its ']'");
        host = rest.substr(1, end - 1);
        rest.remove_prefix(end + 1);
    } else {
        const std::size_t end = std::min(rest.find(':'), rest.size());
        host = rest.substr(0, end);
        rest.remove_prefix(end);
    }
    if (!is_loopback(host)) {
        return refuse(uri, "plain MQTT is allowed only to this machine (127.0.0.1, [::1], localhost)");
    }
    std::uint64_t port = 1883;
    if (!rest.empty()) {
        const auto given = rest.front() == ':' ? parse_counter(rest.substr(1)) : std::nullopt;
        if (!given || *given == 0 || *given > 65535) return refuse(uri, "the port must be 1 to 65535 and stand last");
        port = *given;
    }
    const bool bracket = host.find(':') != std::string::npos;
    return "mqtt://" + (bracket ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace hefang::sync
