#include "link/modbus.hpp"

#include "deaf_listener.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <array>
#include <functional>
#include <future>
#include <thread>
#include <vector>

#include <catch2/catch.hpp>
#include <poll.h>
#include <unistd.h>

using namespace hefang;
using namespace std::chrono_literals;
using link::Modbus;

namespace {

using Bytes = std::vector<std::uint8_t>;

int listener_on(int family) {
    const int fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in v4{};
    v4.sin_family = AF_INET;
    v4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    sockaddr_in6 v6{};
    v6.sin6_family = AF_INET6;
    v6.sin6_addr = in6addr_loopback;
    const auto* const at =
        family == AF_INET ? reinterpret_cast<const sockaddr*>(&v4) : reinterpret_cast<sockaddr*>(&v6);
    const socklen_t size = family == AF_INET ? sizeof v4 : sizeof v6;
    if (fd < 0 || ::bind(fd, at, size) != 0 || ::listen(fd, 1) != 0) return -1;
    return fd;
}

int port_of(int fd) {
    sockaddr_in6 at{};  // the port lies at the same place in both families
    socklen_t size = sizeof at;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
    return ntohs(at.sin6_port);
}

/// A device that takes one connection and answers each request as told; an empty answer is silence.
class Device {
  public:
    explicit Device(std::function<Bytes(const Bytes&)> answer, int family = AF_INET)
        : listener_(listener_on(family)), answer_(std::move(answer)) {
        if (listener_ >= 0) thread_ = std::thread([this] { run(); });
    }
    ~Device() {
        if (listener_ >= 0) ::shutdown(listener_, SHUT_RDWR);
        if (thread_.joinable()) thread_.join();
        if (listener_ >= 0) ::close(listener_);
    }
    [[nodiscard]] bool there() const { return listener_ >= 0; }
    [[nodiscard]] int port() const { return port_of(listener_); }
    [[nodiscard]] std::vector<Bytes> requests() {
        if (thread_.joinable()) thread_.join();
        return requests_;
    }

  private:
    void run() {
        const int fd = ::accept(listener_, nullptr, nullptr);
        if (fd < 0) return;
        Bytes buffer(300);
        for (;;) {
            const auto n = ::recv(fd, buffer.data(), buffer.size(), 0);
            if (n <= 0) break;
            requests_.emplace_back(buffer.begin(), buffer.begin() + n);
            const Bytes out = answer_(requests_.back());
            if (!out.empty()) ::send(fd, out.data(), out.size(), MSG_NOSIGNAL);
        }
        ::close(fd);
    }
    int listener_;
    std::function<Bytes(const Bytes&)> answer_;
    std::vector<Bytes> requests_;
    std::thread thread_;
};

/// The transaction id of `request`, then `rest`.
Bytes answer_to(const Bytes& request, const Bytes& rest) {
    Bytes out{request[0], request[1]};
    out.insert(out.end(), rest.begin(), rest.end());
    return out;
}

const link::Stop never;
const Bytes two_registers{0, 0, 0, 7, 1, 3, 4, 0x12, 0x34, 0xAB, 0xCD};

}  // namespace

TEST_CASE("modbus: registers are read and written in one request each") {
    Device device([](const Bytes& q) {
        return q[7] == 3 ? answer_to(q, two_registers) : answer_to(q, {0, 0, 0, 6, 1, 16, 0, 100, 0, 2});
    });
    auto link = Modbus::connect("127.0.0.1", device.port(), 1, 300ms, never);
    REQUIRE(link);
    std::array<std::uint16_t, 2> got{};
    REQUIRE(link->read_registers(5, got));
    CHECK(got == std::array<std::uint16_t, 2>{0x1234, 0xABCD});
    REQUIRE(link->write_registers(100, std::array<std::uint16_t, 2>{7, 0x8001}));
    link->close();
    const auto asked = device.requests();
    REQUIRE(asked.size() == 2);
    CHECK(Bytes(asked[0].begin() + 2, asked[0].end()) == Bytes{0, 0, 0, 6, 1, 3, 0, 5, 0, 2});
    CHECK(Bytes(asked[1].begin() + 2, asked[1].end()) == Bytes{0, 0, 0, 11, 1, 16, 0, 100, 0, 2, 4, 0, 7, 0x80, 1});
}

TEST_CASE("modbus: every bad answer is an error with address and cause, and ends the connection") {
    struct Row {
        const char* why;
        std::function<Bytes(const Bytes&)> answer;
        Errc code;
        const char* words;
    };
    const auto row = GENERATE(values<Row>({
        {"silence", [](const Bytes&) { return Bytes{}; }, Errc::timeout, "no answer in time"},
        {"an answer cut short counts as silence",
         [](const Bytes& q) {
             return answer_to(q, {0, 0, 0, 7, 1, 3, 4, 0x12});
         },
         Errc::timeout, "no answer in time"},
        {"the map is not there",
         [](const Bytes& q) {
             return answer_to(q, {0, 0, 0, 3, 1, 0x83, 2});
         },
         Errc::refused, "Illegal data address"},
        {"the answer to another question",
         [](const Bytes&) { return Bytes{0xFF, 0xFE, 0, 0, 0, 7, 1, 3, 4, 0, 1, 0, 2}; }, Errc::unreachable,
         "Invalid data"},
        {"fewer registers than asked",
         [](const Bytes& q) {
             return answer_to(q, {0, 0, 0, 5, 1, 3, 2, 0, 1});
         },
         Errc::unreachable, ""},
    }));
    INFO(row.why);
    Device device(row.answer);
    auto link = Modbus::connect("127.0.0.1", device.port(), 1, 100ms, never);
    REQUIRE(link);
    std::array<std::uint16_t, 2> got{};
    const auto start = std::chrono::steady_clock::now();
    const auto read = link->read_registers(7, got);
    CHECK(std::chrono::steady_clock::now() - start < 1s);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == row.code);
    CHECK_THAT(read.error().detail, Catch::Contains("modbus-tcp://127.0.0.1:" + std::to_string(device.port())) &&
                                        Catch::Contains("read 2 registers at 7") && Catch::Contains(row.words));
    CHECK_FALSE(link->connected());
    CHECK(link->read_registers(7, got).error().code == Errc::closed);
    CHECK(link->write_registers(7, got).error().code == Errc::closed);
}

TEST_CASE("modbus: a device that dribbles cannot stretch the limit") {
    int fd = -1;
    std::thread dribble;
    const int listener = listener_on(AF_INET);
    REQUIRE(listener >= 0);
    std::atomic<bool> over{false};
    dribble = std::thread([&] {
        fd = ::accept(listener, nullptr, nullptr);
        Bytes q(300);
        if (::recv(fd, q.data(), q.size(), 0) <= 0) return;
        for (const std::uint8_t byte : answer_to(q, two_registers)) {
            if (over || ::send(fd, &byte, 1, MSG_NOSIGNAL) != 1) break;
            ::poll(nullptr, 0, 60);
        }
    });
    auto link = Modbus::connect("127.0.0.1", port_of(listener), 1, 150ms, never);
    REQUIRE(link);
    std::array<std::uint16_t, 2> got{};
    const auto start = std::chrono::steady_clock::now();
    CHECK(link->read_registers(0, got).error().code == Errc::timeout);
    CHECK(std::chrono::steady_clock::now() - start < 450ms);
    over = true;
    dribble.join();
    ::close(fd);
    ::close(listener);
}

TEST_CASE("modbus: connect refuses what cannot be an address and says what it could not reach") {
    const int listener = listener_on(AF_INET);
    const int dead_port = port_of(listener);
    ::close(listener);
    struct Row {
        const char* why;
        std::string host;
        int port;
        int unit;
        std::chrono::milliseconds limit;
        Errc code;
    };
    const auto row = GENERATE_COPY(values<Row>({
        {"no host", "", 502, 1, 300ms, Errc::refused},
        {"port 0", "127.0.0.1", 0, 1, 300ms, Errc::refused},
        {"port 65536", "127.0.0.1", 65536, 1, 300ms, Errc::refused},
        {"unit -1", "127.0.0.1", 502, -1, 300ms, Errc::refused},
        {"unit 248", "127.0.0.1", 502, 248, 300ms, Errc::refused},
        {"no time", "127.0.0.1", 502, 1, 0ms, Errc::refused},
        {"over a minute", "127.0.0.1", 502, 1, 60001ms, Errc::refused},
        {"nobody listens", "127.0.0.1", dead_port, 1, 300ms, Errc::unreachable},
        {"no name: a label has 63 characters at most, so no name server is asked", std::string(64, 'x'), 502, 1, 300ms,
         Errc::not_found},
    }));
    INFO(row.why);
    const auto link = Modbus::connect(row.host, row.port, row.unit, row.limit, never);
    REQUIRE_FALSE(link);
    CHECK(link.error().code == row.code);
    CHECK_THAT(link.error().detail, Catch::Contains("modbus-tcp://" + row.host + ":" + std::to_string(row.port)));
}

TEST_CASE("modbus: a host that does not answer the connect is a timeout, not an unknown state") {
    const test::DeafListener deaf;
    const auto link = Modbus::connect("127.0.0.1", deaf.port(), 1, 100ms, never);
    REQUIRE_FALSE(link);
    CHECK(link.error().code == Errc::timeout);
}

TEST_CASE("modbus: a stop request ends a connect that goes on") {
    const test::DeafListener deaf;
    link::Stop stop;
    const auto begin = std::chrono::steady_clock::now();
    auto connecting =
        std::async(std::launch::async, [&] { return Modbus::connect("127.0.0.1", deaf.port(), 1, 60s, stop).error(); });
    CHECK(connecting.wait_for(50ms) == std::future_status::timeout);
    stop.request();
    CHECK(connecting.get().code == Errc::closed);
    CHECK(std::chrono::steady_clock::now() - begin < 1s);
}

TEST_CASE("modbus: names and IPv6 addresses work") {
    const auto both = [](const Bytes& q) { return answer_to(q, two_registers); };
    std::array<std::uint16_t, 2> got{};
    SECTION("a name") {
        Device device(both);
        auto link = Modbus::connect("localhost", device.port(), 1, 300ms, never);
        REQUIRE(link);
        CHECK(link->read_registers(0, got));
    }
    SECTION("IPv6") {
        Device device(both, AF_INET6);
        if (!device.there()) return;  // a machine without IPv6
        auto link = Modbus::connect("::1", device.port(), 1, 300ms, never);
        REQUIRE(link);
        CHECK(link->read_registers(0, got));
    }
}

TEST_CASE("modbus: more registers than one request carries are refused here") {
    Device device([](const Bytes& q) { return answer_to(q, two_registers); });
    auto link = Modbus::connect("127.0.0.1", device.port(), 1, 300ms, never);
    REQUIRE(link);
    std::vector<std::uint16_t> many(126);
    SECTION("126 read") { CHECK_FALSE(link->read_registers(0, many)); }
    SECTION("124 written") { CHECK_FALSE(link->write_registers(0, std::span(many).first(124))); }
    SECTION("none read") { CHECK_FALSE(link->read_registers(0, {})); }
    SECTION("none written") { CHECK_FALSE(link->write_registers(0, {})); }
    CHECK_FALSE(link->connected());
}
