#include "link/resolve.hpp"

#include <cstring>
#include <exception>
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

using Answer = Result<std::vector<SocketAddress>>;

/// What `names` says, or throws: nobody would catch it there, and the process would end.
std::future<Answer> asked_aside(const std::string& host, std::uint16_t port, const LookUp& names) {
    std::promise<Answer> promise;
    auto answer = promise.get_future();
    std::thread([host, port, names, promise = std::move(promise)]() mutable {
        try {
            promise.set_value(names(host, port));
        } catch (...) {
            promise.set_exception(std::current_exception());
        }
    }).detach();
    return answer;
}

}  // namespace

Result<std::vector<SocketAddress>> numeric(const std::string& host, std::uint16_t port) {
    return ask(host, port, AI_NUMERICHOST);
}

Result<std::vector<SocketAddress>> look_up(const std::string& host, std::uint16_t port) { return ask(host, port, 0); }

Result<std::vector<SocketAddress>> resolve(const std::string& host, std::uint16_t port, std::chrono::milliseconds limit,
                                           const Stop& stop, const LookUp& names) {
    if (auto at_once = numeric(host, port)) return at_once;
    auto answer = asked_aside(host, port, names);
    const auto until = std::chrono::steady_clock::now() + limit;
    constexpr std::chrono::milliseconds slice{20};
    while (answer.wait_for(slice) != std::future_status::ready) {
        if (stop.requested()) return fail(Errc::closed, "stop requested");
        if (std::chrono::steady_clock::now() >= until)
            return fail(Errc::timeout, "host '" + host + "': no answer from the name server");
    }
    try {
        return answer.get();
    } catch (const std::exception& e) {  // no memory there
        return fail(Errc::unreachable, "host '" + host + "': " + e.what());
    }
}

}  // namespace hefang::link
