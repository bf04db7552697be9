#include "http/push_server.hpp"

#include "http/get_stream.hpp"

#include <array>
#include <functional>
#include <thread>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::http;
using std::chrono::milliseconds;

namespace {

/// A server on a thread of its own, which answers each push with 200.
class Serving {
  public:
    explicit Serving(PushLimits limits = {}, std::optional<Credentials> who = {})
        : server_({"127.0.0.1", 0, "/push"}, std::move(who), limits), port(server_.listen().value()) {
        thread_ = std::jthread([this] {
            while (!stop.requested()) {
                auto push = server_.next(milliseconds(20), counters, stop);
                if (!push) continue;
                bodies.push_back(push->content_type + "|" + push->body);
                server_.answer(200, counters, stop);
            }
        });
    }
    void end() {
        stop.request();
        thread_.join();
    }
    ~Serving() { stop.request(); }
    Counters counters;
    link::Stop stop;
    std::vector<std::string> bodies;  // to be read after end()

  private:
    PushServer server_;
    std::jthread thread_;

  public:
    std::uint16_t port;
};

class Client {
  public:
    explicit Client(std::uint16_t port) : link_(link::TcpClientLink::open({"127.0.0.1", port}, stop_).value()) {}
    void send(std::string_view bytes) { REQUIRE(link_->write_all(bytes, milliseconds(2'000), stop_)); }
    /// What comes until `last` was seen, or the end.
    std::string read(std::string_view last = "\r\n\r\n") {
        std::string got;
        std::array<char, 1'000> buffer{};
        while (got.find(last) == std::string::npos) {
            const auto n = link_->read_some(buffer, milliseconds(3'000), stop_);
            if (!n) return got + "<" + (n.error().code == Errc::timeout ? "silent" : "closed") + ">";
            got.append(buffer.data(), *n);
        }
        return got;
    }

  private:
    link::Stop stop_;
    std::unique_ptr<link::Link> link_;
};

std::string post(const std::string& body, const std::string& target = "/push", const std::string& fields = "") {
    return "POST " + target + " HTTP/1.1\r\nHost: x\r\nContent-Type: text/x\r\n" + fields +
           "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

}  // namespace

TEST_CASE("push server: pushes on one kept connection, by byte, and two at once") {
    Serving serving;
    Client client(serving.port);
    for (const char c : post("one")) client.send(std::string_view(&c, 1));
    CHECK(client.read().starts_with("HTTP/1.1 200 OK\r\n"));
    client.send(post("two") + post("three", "/push?a=1"));
    CHECK(client.read("\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").find("<") == std::string::npos);
    serving.end();
    CHECK(serving.bodies == std::vector<std::string>{"text/x|one", "text/x|two", "text/x|three"});
}

TEST_CASE("push server: what is refused, by status and counter") {
    struct Row {
        const char* why;
        std::string bytes;
        int status;
        bool stays;  // the connection goes on
    };
    PushLimits limits;
    limits.body_bytes = 100;
    limits.request = milliseconds(150);
    const auto row = GENERATE(values<Row>({
        {"another path", post("x", "/other"), 404, true},
        {"a path that only begins so", post("x", "/push2"), 404, true},
        {"a browser", "GET /push HTTP/1.1\r\nHost: x\r\n\r\n", 405, true},
        {"a body that is too long by its word", post(std::string(101, 'x')), 413, false},
        {"one that is too long in chunks",
         "POST /push HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n65\r\n" + std::string(101, 'x'), 413, false},
        {"no HTTP", "\x04\x3F\r\n\r\n", 400, false},
        {"a header without end", "POST /push HTTP/1.1\r\nA: " + std::string(20'000, 'x'), 431, false},
        {"a length that is none", "POST /push HTTP/1.1\r\nContent-Length: x\r\n\r\n", 400, false},
        {"a request that does not end", "POST /push HTTP/1.1\r\n", 408, false},
    }));
    INFO(row.why);
    Serving serving(limits);
    Client client(serving.port);
    client.send(row.bytes);
    const auto answer = client.read();
    CHECK(answer.starts_with("HTTP/1.1 " + std::to_string(row.status) + " "));
    CHECK((answer.find("Connection: close") == std::string::npos) == row.stays);
    Client next(serving.port);  // whatever it was, the next one is served
    next.send(post(std::string(100, 'x')));
    CHECK(next.read().starts_with("HTTP/1.1 200 "));
    serving.end();
    CHECK(serving.counters.value("refused-http-" + std::to_string(row.status)) == 1);
    CHECK(serving.bodies.size() == 1);
}

TEST_CASE("push server: a client that waits for leave to send its body gets it") {
    Serving serving;
    Client client(serving.port);
    const auto whole = post("body", "/push", "Expect: 100-continue\r\n");
    client.send(whole.substr(0, whole.size() - 4));
    CHECK(client.read() == "HTTP/1.1 100 Continue\r\n\r\n");
    client.send("body");
    CHECK(client.read().starts_with("HTTP/1.1 200 "));
}

TEST_CASE("push server: a newer connection takes the place of an idle one, not of one in the midst of a push") {
    Serving serving;
    Client idle(serving.port);
    idle.send(post("one"));
    (void)idle.read();
    Client second(serving.port);
    const auto whole = post("second");
    second.send(whole.substr(0, 40));
    CHECK(idle.read() == "<closed>");
    Client third(serving.port);
    third.send(post("third"));
    std::this_thread::sleep_for(milliseconds(30));
    second.send(whole.substr(40));
    CHECK(second.read().starts_with("HTTP/1.1 200 "));
    CHECK(third.read().starts_with("HTTP/1.1 200 "));
    serving.end();
    CHECK(serving.bodies.size() == 3);
}

TEST_CASE("push server: with a password only digest access is let in") {
    const Credentials who{"cam", "secret"};
    Serving serving({}, who);
    Client client(serving.port);
    client.send(post("x", "/push", "Authorization: Basic Y2FtOnNlY3JldA==\r\n"));
    const auto refused = client.read();
    CHECK(refused.starts_with("HTTP/1.1 401 "));
    const auto at = refused.find("Digest");
    REQUIRE(at != std::string::npos);
    const auto challenge = parse_challenge(refused.substr(at, refused.find("\r\n", at) - at));
    REQUIRE(challenge);
    client.send(
        post("x", "/push", "Authorization: " + authorization(*challenge, who, {"POST", "/push", 1, "c"}) + "\r\n"));
    CHECK(client.read().starts_with("HTTP/1.1 200 "));
    serving.end();
    CHECK(serving.bodies.size() == 1);
}

namespace {

/// Accepts connections one after the other; each gets the next answer once its request ended, and is closed.
std::jthread answering(link::TcpListenEndpoint& at,
                       std::vector<std::function<std::string(const std::string&)>> answers) {
    return std::jthread([&at, answers = std::move(answers)] {
        link::Stop stop;
        for (const auto& answer : answers) {
            auto link = at.open(milliseconds(3'000), stop);
            if (!link) return;
            std::string request;
            std::array<char, 1'000> buffer{};
            while (request.find("\r\n\r\n") == std::string::npos) {
                const auto n = (*link)->read_some(buffer, milliseconds(3'000), stop);
                if (!n) return;
                request.append(buffer.data(), *n);
            }
            (void)(*link)->write_all(answer(request), milliseconds(3'000), stop);
        }
    });
}

}  // namespace

TEST_CASE("get stream: asks again with the digest that the server wants, and reads a body without end") {
    link::TcpListenEndpoint at({"127.0.0.1", 0});
    const auto port = at.listen().value();
    std::string second;
    const auto server = answering(
        at, {[](const std::string&) {
                 return "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\", "
                        "qop=\"auth\"\r\nContent-Length: 0\r\n\r\n";
             },
             [&](const std::string& request) {
                 second = request;
                 return "HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=b\r\n\r\n--b\r\n";
             }});
    link::Stop stop;
    auto stream = GetStream::open({"127.0.0.1", port}, "/a?b=[c]", Credentials{"u", "p"}, stop);
    REQUIRE(stream);
    CHECK(second.starts_with("GET /a?b=[c] HTTP/1.1\r\nHost: 127.0.0.1:"));
    CHECK(second.find("Authorization: Digest username=\"u\"") != std::string::npos);
    CHECK(second.find("uri=\"/a?b=[c]\"") != std::string::npos);
    CHECK(stream->content_type() == "multipart/x-mixed-replace; boundary=b");
    CHECK(stream->read(milliseconds(3'000), stop).value() == "--b\r\n");
    CHECK(stream->read(milliseconds(3'000), stop).error().code == Errc::closed);
}

TEST_CASE("get stream: a body in chunks") {
    link::TcpListenEndpoint at({"127.0.0.1", 0});
    const auto port = at.listen().value();
    const auto server =
        answering(at, {[](const std::string&) {
                      return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n";
                  }});
    link::Stop stop;
    auto stream = GetStream::open({"127.0.0.1", port}, "/", {}, stop);
    REQUIRE(stream);
    std::string all;
    while (auto piece = stream->read(milliseconds(3'000), stop)) all += *piece;
    CHECK(all == "abcde");
}

TEST_CASE("get stream: what it does not take") {
    struct Row {
        const char* why;
        std::string answer;
        bool credentials;
        const char* says;
    };
    const std::string digest = "HTTP/1.1 401 X\r\nWWW-Authenticate: Digest realm=\"r\", nonce=\"n\"\r\n\r\n";
    const auto row = GENERATE_COPY(values<Row>({
        {"no credentials", digest, false, "password_file"},
        {"wrong ones", digest, true, "is wrong"},
        {"Basic", "HTTP/1.1 401 X\r\nWWW-Authenticate: Basic realm=\"r\"\r\n\r\n", true, "offers no digest"},
        {"not there", "HTTP/1.1 404 X\r\n\r\n", true, "404"},
        {"no HTTP", "220 ready\r\n\r\n", true, "is no HTTP"},
        {"a header without end", "HTTP/1.1 200 OK\r\nA: " + std::string(20'000, 'x'), true, "too long"},
    }));
    INFO(row.why);
    link::TcpListenEndpoint at({"127.0.0.1", 0});
    const auto port = at.listen().value();
    const auto says = [&](const std::string&) { return row.answer; };
    link::Stop stop;
    {
        const auto server = answering(at, std::string(row.says) == "is wrong"
                                              ? std::vector<std::function<std::string(const std::string&)>>{says, says}
                                              : std::vector<std::function<std::string(const std::string&)>>{says});
        const auto who = row.credentials ? std::optional(Credentials{"u", "p"}) : std::nullopt;
        const auto stream = GetStream::open({"127.0.0.1", port}, "/", who, stop);
        REQUIRE_FALSE(stream);
        CHECK(stream.error().code == Errc::refused);
        CHECK(stream.error().detail.find(row.says) != std::string::npos);
    }
}
