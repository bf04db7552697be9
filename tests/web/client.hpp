#pragma once
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include <poll.h>
#include <unistd.h>

namespace hefang::test {

/// A client that says exactly the bytes it is told to. Every wait is bounded.
class Client {
  public:
    static constexpr int patience_ms = 20000;

    explicit Client(std::uint16_t port, int receive_buffer = 0, std::uint32_t address = INADDR_LOOPBACK)
        : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
        if (receive_buffer > 0) ::setsockopt(fd_, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(address);
        connected_ = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to) == 0;
    }
    ~Client() {
        if (fd_ >= 0) ::close(fd_);
    }
    Client(Client&& other) noexcept
        : fd_(std::exchange(other.fd_, -1)), connected_(other.connected_), text_(std::move(other.text_)) {}
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;
    Client& operator=(Client&&) = delete;

    [[nodiscard]] bool connected() const { return connected_; }

    bool say(std::string_view bytes) {
        while (!bytes.empty()) {
            const auto n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n <= 0) return false;
            bytes.remove_prefix(static_cast<std::size_t>(n));
        }
        return true;
    }

    /// Everything received so far, once it contains `mark`; also when the peer closed or patience ended before.
    const std::string& until(std::string_view mark) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
        while (text_.find(mark) == std::string::npos && std::chrono::steady_clock::now() < end && receive(100) >= 0) {
        }
        return text_;
    }
    /// Everything up to the peer's end; `closed` tells whether there was one.
    const std::string& all() {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
        while (!closed_ && std::chrono::steady_clock::now() < end) receive(100);
        return text_;
    }
    [[nodiscard]] bool closed() const { return closed_; }
    [[nodiscard]] std::string take() { return std::exchange(text_, {}); }

  private:
    /// Bytes got, 0 when none came in time, -1 when the peer has closed.
    int receive(int wait_ms) {
        pollfd ready{fd_, POLLIN, 0};
        if (::poll(&ready, 1, wait_ms) <= 0) return 0;
        char buffer[65536];
        const auto n = ::recv(fd_, buffer, sizeof buffer, 0);
        if (n <= 0) {
            closed_ = true;
            return -1;
        }
        text_.append(buffer, static_cast<std::size_t>(n));
        return static_cast<int>(n);
    }

    int fd_;
    bool connected_ = false, closed_ = false;
    std::string text_;
};

inline std::string get(std::string_view target, std::string_view fields = "", std::string_view method = "GET") {
    return std::string(method) + ' ' + std::string(target) + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + std::string(fields) +
           "\r\n";
}

inline int status_of(std::string_view answer) {
    return answer.starts_with("HTTP/1.1 ") && answer.size() > 12 ? std::stoi(std::string(answer.substr(9, 3))) : 0;
}
inline std::string header_of(const std::string& answer) { return answer.substr(0, answer.find("\r\n\r\n")); }
inline std::string body_of(const std::string& answer) {
    const auto at = answer.find("\r\n\r\n");
    return at == std::string::npos ? std::string{} : answer.substr(at + 4);
}

/// One request on a connection of its own, to its end.
inline std::string ask(std::uint16_t port, const std::string& request) {
    Client client(port);
    client.say(request);
    return client.all();
}
inline std::string ask_for(std::uint16_t port, std::string_view target, std::string_view fields = "") {
    return ask(port, get(target, std::string(fields) + "Connection: close\r\n"));
}

}  // namespace hefang::test
