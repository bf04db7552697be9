#include "hil/child.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <array>
#include <cerrno>
#include <system_error>

#include <unistd.h>

namespace hefang::hil {
namespace {

constexpr timeval patience{5, 0};
constexpr std::size_t longest_answer = 64U << 20U;

class Socket {
  public:
    Socket() : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {}
    ~Socket() {
        if (fd_ >= 0) ::close(fd_);
    }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;
    [[nodiscard]] int fd() const { return fd_; }

  private:
    int fd_;
};

sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

tl::unexpected<Error> failed(const std::string& what) {
    return fail(Errc::unreachable, what + ": " + std::generic_category().message(errno));
}

}  // namespace

Result<std::uint16_t> free_port() {
    const Socket socket;
    auto address = loopback(0);
    socklen_t size = sizeof address;
    if (::bind(socket.fd(), reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::getsockname(socket.fd(), reinterpret_cast<sockaddr*>(&address), &size) != 0) {
        return failed("no free port");
    }
    return ntohs(address.sin_port);
}

bool takes_connections(std::uint16_t port) {
    const Socket socket;
    const auto address = loopback(port);
    return ::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
}

Result<std::string> http_get(std::uint16_t port, const std::string& target) {
    const Socket socket;
    const std::string where = "http://127.0.0.1:" + std::to_string(port) + target;
    const auto address = loopback(port);
    ::setsockopt(socket.fd(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    ::setsockopt(socket.fd(), SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    if (::connect(socket.fd(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) return failed(where);
    const std::string request =
        "GET " + target + " HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(port) + "\r\nConnection: close\r\n\r\n";
    if (::send(socket.fd(), request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size()))
        return failed(where);
    std::string answer;
    std::array<char, 16384> buffer{};
    for (;;) {
        const auto n = ::recv(socket.fd(), buffer.data(), buffer.size(), 0);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return failed(where);
        if (n == 0) break;
        answer.append(buffer.data(), static_cast<std::size_t>(n));
        if (answer.size() > longest_answer) return fail(Errc::full, where + ": the answer is too long");
    }
    const auto end_of_head = answer.find("\r\n\r\n");
    if (end_of_head == std::string::npos) return fail(Errc::closed, where + ": no answer");
    if (answer.compare(0, 5, "HTTP/") != 0 || answer.substr(0, 12).find(" 200") == std::string::npos)
        return fail(Errc::refused, where + ": " + answer.substr(0, answer.find('\r')));
    return answer.substr(end_of_head + 4);
}

}  // namespace hefang::hil
