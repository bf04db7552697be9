#include "link/resolve.hpp"

#include <cstring>
#include <future>
#include <memory>
#include <thread>

#include <netdb.h>

namespace hefang::link {
namespace {

Result<std::vector<SocketAddress>> ask(const std::string& host, std::uint16_t port, int flags) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags | AI_NUMERICSERV;
    addrinfo* found = nullptr;
    const int error = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
    if (error != 0) return fail(Errc::not_found, "host '" + host + "': " + ::gai_strerror(error));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owner(found, ::freeaddrinfo);
    std::vector<SocketAddress> out;
    for (const auto* a = found; a != nullptr; a = a->ai_next) {
        SocketAddress one;
        std::memcpy(&one.bytes, a->ai_addr, a->ai_addrlen);
        one.length = a->ai_addrlen;
        out.push_back(one);
    }
    return out;
}

}  // namespace

Result<std::vector<SocketAddress>> numeric(const std::string& host, std::uint16_t port) {
    return ask(host, port, AI_NUMERICHOST);
}

Result<std::vector<SocketAddress>> look_up(const std::string& host, std::uint16_t port) { return ask(host, port, 0); }

Result<std::vector<SocketAddress>> resolve(const std::string& host, std::uint16_t port, std::chrono::milliseconds limit,
                                           const Stop& stop, const LookUp& names) {
    if (auto at_once = numeric(host, port)) return at_once;
    std::promise<Result<std::vector<SocketAddress>>> promise;
    auto answer = promise.get_future();
    std::thread([host, port, names, promise = std::move(promise)]() mutable {
        promise.set_value(names(host, port));
    }).detach();
    const auto until = std::chrono::steady_clock::now() + limit;
    constexpr std::chrono::milliseconds slice{20};
    while (answer.wait_for(slice) != std::future_status::ready) {
        if (stop.requested()) return fail(Errc::closed, "stop requested");
        if (std::chrono::steady_clock::now() >= until)
            return fail(Errc::timeout, "host '" + host + "': no answer from the name server");
    }
    return answer.get();
}

}  // namespace hefang::link
