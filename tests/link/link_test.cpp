#include "link/link.hpp"

#include "deaf_listener.hpp"
#include "far_end.hpp"
#include "link/resolve.hpp"
#include "link/serial_link.hpp"
#include "link/tcp_link.hpp"

#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <array>
#include <csignal>
#include <future>
#include <new>
#include <string>
#include <thread>
#include <utility>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

using namespace hefang;
using namespace hefang::link;
using test::FarEnd;
using namespace std::chrono_literals;

namespace {

/// Another process that opens the line and ends without closing it.
class KilledOwner {
  public:
    explicit KilledOwner(const std::string& path) {
        std::array<int, 2> ends{-1, -1};
        REQUIRE(::pipe2(ends.data(), O_CLOEXEC) == 0);
        said_ = Descriptor(ends[0]);
        const Descriptor says(ends[1]);
        process_ = ::fork();
        if (process_ != 0) return;
        const auto link = SerialLink::open({path});
        const char opened = link ? 'y' : 'n';
        if (::write(says.get(), &opened, 1) == 1) ::pause();
        ::_exit(1);
    }
    ~KilledOwner() { kill(); }
    KilledOwner(const KilledOwner&) = delete;
    KilledOwner& operator=(const KilledOwner&) = delete;
    [[nodiscard]] bool has_it() const {
        char opened = 'n';
        return process_ > 0 && ::read(said_.get(), &opened, 1) == 1 && opened == 'y';
    }
    void kill() {
        const auto process = std::exchange(process_, -1);
        if (process <= 0) return;
        ::kill(process, SIGKILL);
        ::waitpid(process, nullptr, 0);
    }

  private:
    Descriptor said_;
    pid_t process_ = -1;
};

Result<std::string> read_text(Link& link, const Stop& stop, std::chrono::milliseconds limit = 2s) {
    std::array<char, 64> buffer{};
    const auto n = link.read_some(buffer, limit, stop);
    if (!n) return tl::unexpected(n.error());
    return std::string(buffer.data(), *n);
}

/// Reads until `length` bytes are there.
std::string gather(Link& link, const Stop& stop, std::size_t length) {
    std::string all;
    while (all.size() < length) {
        const auto piece = read_text(link, stop);
        REQUIRE(piece);
        all += *piece;
    }
    return all;
}

struct Pair {
    TcpListenEndpoint endpoint{{"127.0.0.1", 0}};
    std::uint16_t port = endpoint.listen().value();
    Stop stop;
    std::unique_ptr<Link> client = connect();
    std::unique_ptr<Link> server = endpoint.open(2s, stop).value();

    std::unique_ptr<Link> connect() { return TcpClientLink::open({"127.0.0.1", port}, stop).value(); }
};

}  // namespace

TEST_CASE("a serial line gives every byte as it is, in pieces or together") {
    FarEnd far;
    Stop stop;
    auto link = SerialLink::open({far.path, 115200, 8, Parity::none, 1}).value();
    std::string all(256, '\0');
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<char>(i);
    far.say(all);
    CHECK(gather(*link, stop, all.size()) == all);
    for (const char c : all) {
        far.say(std::string_view(&c, 1));
        CHECK(gather(*link, stop, 1) == std::string(1, c));
    }
    REQUIRE(link->write_all(all, 1s, stop));
    std::string back;
    std::array<char, 64> buffer{};
    while (back.size() < all.size()) {
        const auto n = ::read(far.master.get(), buffer.data(), buffer.size());
        REQUIRE(n > 0);
        back.append(buffer.data(), static_cast<std::size_t>(n));
    }
    CHECK(back == all);
}

TEST_CASE("what lay in the line before the opening is dropped") {
    FarEnd far;
    const Descriptor holder(::open(far.path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK));
    far.say("old\n");
    Stop stop;
    auto link = SerialLink::open({far.path}).value();
    far.say("new");
    CHECK(gather(*link, stop, 3) == "new");
}

TEST_CASE("silence is a timeout and the line goes on") {
    FarEnd far;
    Stop stop;
    auto link = SerialLink::open({far.path}).value();
    CHECK(read_text(*link, stop, 10ms).error().code == Errc::timeout);
    CHECK(read_text(*link, stop, 0ms).error().code == Errc::timeout);
    far.say("x");
    CHECK(gather(*link, stop, 1) == "x");
}

TEST_CASE("a pulled cable is unreachable, and so is what comes after") {
    FarEnd far;
    Stop stop;
    auto link = SerialLink::open({far.path}).value();
    far.master.reset();
    const auto got = read_text(*link, stop);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::unreachable);
    CHECK_THAT(got.error().detail, Catch::Contains("unplugged"));
    CHECK_FALSE(link->write_all("x", 100ms, stop));
}

TEST_CASE("a serial device has one owner") {
    FarEnd far;
    auto first = SerialLink::open({far.path}).value();
    const auto second = SerialLink::open({far.path});
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::busy);
    CHECK_THAT(second.error().detail, Catch::Contains("test_link (pid " + std::to_string(::getpid()) + ")"));
    first->close();
    CHECK(SerialLink::open({far.path}));
}

TEST_CASE("a killed owner of a pseudo-terminal does not lock it for the next one") {
    FarEnd far;
    const Descriptor holder(::open(far.path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK));  // as a simulator does
    KilledOwner owner(far.path);
    REQUIRE(owner.has_it());
    CHECK(SerialLink::open({far.path}).error().code == Errc::busy);
    owner.kill();
    int exclusive = -1;
    REQUIRE(::ioctl(holder.get(), TIOCGEXCL, &exclusive) == 0);
    CHECK(exclusive == 0);  // root may open it all the same, so that alone would not show
    CHECK(SerialLink::open({far.path}));
}

TEST_CASE("a pseudo-terminal that is asked for seven bits and parity opens again and again, raw each time") {
    FarEnd far;
    const Descriptor holder(
        ::open(far.path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK));  // keeps what is set, as a simulator does
    const SerialAddress address{far.path, 9600, 7, Parity::even, 1};
    for (int i = 0; i < 3; ++i) {
        INFO("opening " << i);
        auto link = SerialLink::open(address);
        REQUIRE(link);
        termios got{};
        REQUIRE(::tcgetattr(holder.get(), &got) == 0);
        CHECK((got.c_lflag & static_cast<tcflag_t>(ICANON | ECHO | ISIG)) == 0);
    }
}

TEST_CASE("a serial device that cannot be opened says why") {
    CHECK(SerialLink::open({"/dev/no-such-device"}).error().code == Errc::not_found);
    const auto file = SerialLink::open({"/dev/null"});
    REQUIRE_FALSE(file);
    CHECK(file.error().code == Errc::refused);
    CHECK_THAT(file.error().detail, Catch::Contains("no serial device"));
}

TEST_CASE("a stop request ends a wait at once") {
    FarEnd far;
    Stop stop;
    auto link = SerialLink::open({far.path}).value();
    TcpListenEndpoint endpoint{{"127.0.0.1", 0}};
    const auto begin = std::chrono::steady_clock::now();
    auto reading = std::async(std::launch::async, [&] { return read_text(*link, stop, 60s); });
    auto waiting = std::async(std::launch::async, [&] { return endpoint.open(60s, stop).error(); });
    stop.request();
    CHECK(reading.get().error().code == Errc::closed);
    CHECK(waiting.get().code == Errc::closed);
    CHECK(std::chrono::steady_clock::now() - begin < 1s);
    CHECK(link->write_all("x", 1s, stop).error().code == Errc::closed);
}

TEST_CASE("TCP: pieces, joined pieces, and both directions") {
    Pair pair;
    REQUIRE(pair.client->write_all("ab", 1s, pair.stop));
    REQUIRE(pair.client->write_all("cd", 1s, pair.stop));
    CHECK(gather(*pair.server, pair.stop, 4) == "abcd");
    REQUIRE(pair.server->write_all("e", 1s, pair.stop));
    CHECK(gather(*pair.client, pair.stop, 1) == "e");
}

TEST_CASE("TCP: a peer that hangs up halfway leaves what it sent, then the end") {
    Pair pair;
    REQUIRE(pair.client->write_all("half", 1s, pair.stop));
    pair.client->close();
    CHECK(gather(*pair.server, pair.stop, 4) == "half");
    CHECK(read_text(*pair.server, pair.stop).error().code == Errc::closed);
}

TEST_CASE("TCP: a write to a peer that is gone fails and raises no signal") {
    Pair pair;
    pair.client->close();
    CHECK(read_text(*pair.server, pair.stop).error().code == Errc::closed);
    Result<void> sent;
    for (int i = 0; i < 100 && sent; ++i) sent = pair.server->write_all("x", 1s, pair.stop);
    REQUIRE_FALSE(sent);
    CHECK(sent.error().code == Errc::unreachable);
}

TEST_CASE("TCP: a write that nobody reads ends with its limit") {
    Pair pair;
    const std::string much(64 << 20, 'x');
    CHECK(pair.client->write_all(much, 50ms, pair.stop).error().code == Errc::timeout);
}

TEST_CASE("TCP: nobody listens") {
    std::uint16_t port = 0;
    {
        TcpListenEndpoint gone{{"127.0.0.1", 0}};
        port = gone.listen().value();
    }
    Stop stop;
    const auto link = TcpClientLink::open({"127.0.0.1", port}, stop);
    REQUIRE_FALSE(link);
    CHECK(link.error().code == Errc::unreachable);
}

TEST_CASE("TCP: hosts by name and by number") {
    Pair pair;
    CHECK(TcpClientLink::open({"localhost", pair.port}, pair.stop));
    const std::string no_name(64, 'x');  // a label has 63 at most: no name server is asked
    const auto unknown = TcpClientLink::open({no_name, pair.port}, pair.stop);
    REQUIRE_FALSE(unknown);
    CHECK(unknown.error().code == Errc::not_found);
}

TEST_CASE("TCP: a stop request ends a connect that goes on") {
    const test::DeafListener deaf;
    Stop stop;
    const auto begin = std::chrono::steady_clock::now();
    auto connecting = std::async(std::launch::async, [&] {
        return TcpClientLink::open({"127.0.0.1", deaf.port()}, stop).error();
    });
    CHECK(connecting.wait_for(50ms) == std::future_status::timeout);
    stop.request();
    CHECK(connecting.get().code == Errc::closed);
    CHECK(std::chrono::steady_clock::now() - begin < 1s);
}

TEST_CASE("a resolver that fails, in whatever way, is an error of this host alone") {
    struct Row {
        const char* why;
        LookUp names;
        Errc code;
        const char* words;
    };
    const auto row = GENERATE(values<Row>({
        {"it says that there is no such name",
         [](const std::string&, std::uint16_t) -> Result<std::vector<SocketAddress>> {
             return fail(Errc::not_found, "host 'plc-1': unknown");
         },
         Errc::not_found, "unknown"},
        {"no memory for its answer",
         [](const std::string&, std::uint16_t) -> Result<std::vector<SocketAddress>> { throw std::bad_alloc(); },
         Errc::unreachable, "bad_alloc"},
    }));
    INFO(row.why);
    Stop stop;
    const auto got = resolve("plc-1", 502, 5s, stop, row.names);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == row.code);
    CHECK_THAT(got.error().detail, Catch::Contains("plc-1") && Catch::Contains(row.words));
}

TEST_CASE("a name server that does not answer holds nobody up") {
    std::promise<void> answer;
    const std::shared_future<void> silence = answer.get_future().share();
    const LookUp names = [silence](const std::string&, std::uint16_t port) {
        silence.wait();
        return numeric("127.0.0.1", port);
    };
    Stop stop;
    const auto begin = std::chrono::steady_clock::now();
    const auto late = resolve("plc-1", 502, 50ms, stop, names);
    REQUIRE_FALSE(late);
    CHECK(late.error().code == Errc::timeout);
    CHECK_THAT(late.error().detail, Catch::Contains("name server"));
    auto asking = std::async(std::launch::async, [&] { return resolve("plc-1", 502, 60s, stop, names).error(); });
    CHECK(asking.wait_for(50ms) == std::future_status::timeout);
    stop.request();
    CHECK(asking.get().code == Errc::closed);
    CHECK(std::chrono::steady_clock::now() - begin < 1s);
    answer.set_value();
}

TEST_CASE("listening: a newer connection takes the place of the older one") {
    Pair pair;
    REQUIRE(pair.client->write_all("old", 1s, pair.stop));
    auto newer = pair.connect();
    REQUIRE(newer->write_all("new", 1s, pair.stop));
    CHECK(gather(*pair.server, pair.stop, 3) == "old");  // what the older one sent is not lost
    const auto ended = read_text(*pair.server, pair.stop);
    REQUIRE_FALSE(ended);
    CHECK(ended.error().code == Errc::closed);
    CHECK_THAT(ended.error().detail, Catch::Contains("newer"));
    auto next = pair.endpoint.open(1s, pair.stop);
    REQUIRE(next);
    CHECK(gather(**next, pair.stop, 3) == "new");
}

TEST_CASE("listening: connections that come and go between two reads are read one after the other") {
    Pair pair;
    pair.server->close();
    for (const auto* text : {"one", "two"}) {
        auto client = pair.connect();
        REQUIRE(client->write_all(text, 1s, pair.stop));
    }
    for (const auto* text : {"one", "two"}) {
        auto server = pair.endpoint.open(1s, pair.stop);
        REQUIRE(server);
        CHECK(gather(**server, pair.stop, 3) == text);
        CHECK(read_text(**server, pair.stop).error().code == Errc::closed);
    }
    CHECK(pair.endpoint.open(5ms, pair.stop).error().code == Errc::timeout);
}

TEST_CASE("listening: a port that another program has, and an address that is not ours") {
    Pair pair;
    TcpListenEndpoint second{{"127.0.0.1", pair.port}};
    CHECK(second.listen().error().code == Errc::busy);
    TcpListenEndpoint named{{"localhost", 0}};
    CHECK(named.listen().error().code == Errc::refused);
    TcpListenEndpoint other{{"192.0.2.1", 0}};
    CHECK(other.listen().error().code == Errc::refused);
}

TEST_CASE("an address opens the link of its kind") {
    FarEnd far;
    Stop stop;
    CHECK(open_link(SerialAddress{far.path}, 1s, stop));
    TcpListenEndpoint listener{{"127.0.0.1", 0}};
    CHECK(open_link(TcpAddress{"127.0.0.1", listener.listen().value()}, 1s, stop));
    CHECK(open_link(TcpListenAddress{"127.0.0.1", 0}, 1ms, stop).error().code == Errc::timeout);
    CHECK(open_link(ModbusTcpAddress{"127.0.0.1"}, 1s, stop).error().code == Errc::refused);
}

TEST_CASE("a closed link stays closed") {
    Pair pair;
    pair.client->close();
    pair.client->close();
    CHECK(read_text(*pair.client, pair.stop).error().code == Errc::closed);
    CHECK(pair.client->write_all("x", 1s, pair.stop).error().code == Errc::closed);
}
