#include "client.hpp"
#include "site.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::test;

namespace {

/// Numbers of the id fields, in order.
std::vector<std::uint64_t> ids(const std::string& text) {
    std::vector<std::uint64_t> out;
    for (std::size_t at = text.find("\nid: "); at != std::string::npos; at = text.find("\nid: ", at + 1)) {
        out.push_back(std::stoull(text.substr(at + 5)));
    }
    return out;
}

std::vector<std::uint64_t> from_to(std::uint64_t first, std::uint64_t last) {
    std::vector<std::uint64_t> out;
    for (auto n = first; n <= last; ++n) out.push_back(n);
    return out;
}

std::string event(std::uint64_t sequence) { return "\nid: " + std::to_string(sequence) + "\nevent: fact\n"; }

Client listen(const Site& site, const std::string& fields = "") {
    Client client(site.port);
    client.say(get("/api/v1/live", fields));
    client.until("event: health");
    return client;
}

std::size_t count(const std::string& text, const std::string& what) {
    std::size_t n = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
    return n;
}

}  // namespace

TEST_CASE("a stream begins with health and board, then has each fact with its bytes") {
    Site site({}, 2);
    site.server->publish(sample_board());
    REQUIRE(soon([&] { return status_of(ask_for(site.port, "/api/v1/board")) == 200; }));
    auto client = listen(site);
    site.commit(3, decided(3, "c"));
    site.commit(4, decided(4, "d"));
    const auto text = client.until(event(4));
    CHECK(header_of(text).find("Content-Type: text/event-stream") != std::string::npos);
    CHECK(header_of(text).find("Cache-Control: no-store") != std::string::npos);
    CHECK(text.find("event: board\ndata: {") != std::string::npos);
    CHECK(client.until("\"d\"").find("id: 3\nevent: fact\ndata: " + decided(3, "c") + "\n\n") != std::string::npos);
    CHECK(ids(client.take()) == std::vector<std::uint64_t>{3, 4});
}

TEST_CASE("a stream resumes after the number that the client names, without gap or repeat") {
    struct Row {
        const char* why;
        std::string after;
        std::vector<std::uint64_t> want;
    };
    const auto row = GENERATE(values<Row>({
        {"from the very beginning", "0", from_to(1, 301)},
        {"from the middle", "120", from_to(121, 301)},
        {"one behind", "299", from_to(300, 301)},
        {"level", "300", from_to(301, 301)},
    }));
    INFO(row.why);
    Site site({}, 300);
    auto client = listen(site, "Last-Event-ID: " + row.after + "\r\n");
    site.commit(301, decided(301, "new"));
    client.until(event(301));
    CHECK(ids(client.take()) == row.want);
}

TEST_CASE("facts that are committed while a client resumes come once and in order") {
    web::ServerOptions options;
    options.limits.behind = std::chrono::seconds(60);  // this client does not read while it commits
    Site site(options, 500);
    auto client = listen(site, "Last-Event-ID: 0\r\n");
    for (std::uint64_t n = 501; n <= 900; ++n) site.commit(n, decided(n, "q"));
    client.until(event(900));
    CHECK(ids(client.take()) == from_to(1, 900));
}

TEST_CASE("health and board come after all that a client has missed, so that nothing old looks current") {
    Site site({}, 500);
    site.server->publish(sample_board());
    REQUIRE(soon([&] { return status_of(ask_for(site.port, "/api/v1/board")) == 200; }));
    auto client = listen(site, "Last-Event-ID: 0\r\n");
    const auto text = client.until("event: board");
    CHECK(text.find("event: health") > text.find(event(500)));
    CHECK(text.find("event: board") > text.find(event(500)));
    CHECK(text.find("event: board") != std::string::npos);
}

TEST_CASE("a client of another journal is told so and begins with what is new") {
    Site site({}, 5);
    auto client = listen(site, "Last-Event-ID: 900\r\n");
    site.commit(6, decided(6, "f"));
    const auto text = client.until(event(6));
    CHECK(text.find("\nid: 5\nevent: reset\ndata: {\"last\":\"5\"}\n\n") !=
          std::string::npos);  // resumes after 5 next time
    CHECK(ids(text) == std::vector<std::uint64_t>{5, 6});
}

TEST_CASE("a client that resumes before what was pruned gets what is left") {
    Site site({}, 40);
    site.archive.prune(30);
    auto client = listen(site, "Last-Event-ID: 3\r\n");
    CHECK(ids(client.until(event(40))) == from_to(31, 40));
}

TEST_CASE("a wrong Last-Event-ID is refused") {
    Site site;
    for (const char* id : {"x", "-1", "1 ", "1.5", "99999999999999999999999"}) {
        INFO(id);
        const auto answer = ask(site.port, get("/api/v1/live", "Last-Event-ID: " + std::string(id) + "x\r\n"));
        CHECK(status_of(answer) == 400);
    }
}

TEST_CASE("a client that does not read is dropped and counted; the others go on") {
    web::ServerOptions options;
    CHECK(options.limits.waiting_messages == 256);
    options.limits.waiting_messages = 32;
    options.limits.behind = std::chrono::milliseconds(50);
    options.limits.write = std::chrono::minutes(5);  // so that only the queue can be why
    Site site(options);
    Client lazy(site.port, 4096);
    lazy.say(get("/api/v1/live"));
    auto awake = listen(site);
    REQUIRE(soon(
        [&] { return body_of(ask_for(site.port, "/metrics")).find("hefang_http_streams 2\n") != std::string::npos; }));
    const std::string big(8000, 'x');
    std::uint64_t n = 0;
    const auto dropped = [&] {
        for (int k = 0; k < 10; ++k) ++n, site.commit(n, decided(n, "p", "release", "release", "line-1", 1, big));
        awake.until(event(n));
        return body_of(ask_for(site.port, "/metrics")).find("hefang_http_refusals_total{reason=\"slow-stream\"} 1\n") !=
               std::string::npos;
    };
    CHECK(soon(dropped));
    CHECK(n >= options.limits.waiting_messages);
    CHECK(ids(awake.take()) == from_to(1, n));
}

TEST_CASE("streams have a limit of their own, so that health can still be asked") {
    web::ServerOptions options;
    options.limits.streams = 3;
    Site site(options);
    std::vector<Client> clients;
    for (int n = 0; n < 3; ++n) clients.push_back(listen(site));
    const auto fourth = ask(site.port, get("/api/v1/live"));
    CHECK(status_of(fourth) == 503);
    CHECK(fourth.find("streams-full") != std::string::npos);
    CHECK(status_of(ask_for(site.port, "/healthz")) == 200);
}

TEST_CASE("boards come at most five a second, the newest last") {
    Site site;
    auto client = listen(site);
    const auto began = std::chrono::steady_clock::now();
    for (int n = 1; n <= 200; ++n) {
        auto board = std::make_shared<web::Board>(*sample_board());
        board->site = "board-" + std::to_string(n);
        site.server->publish(board);
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    const auto text = client.until("board-200\"");
    const auto took = std::chrono::steady_clock::now() - began;
    CHECK(text.find("board-200\"") != std::string::npos);
    const auto most = static_cast<std::size_t>(took / std::chrono::milliseconds(200)) + 2;
    CHECK(count(text, "event: board") <= most);
}

TEST_CASE("health is said again and again, also when the core is stuck") {
    web::ServerOptions options;
    options.limits.health_every = std::chrono::milliseconds(50);
    Site site(options);
    auto client = listen(site);
    site.turn_age_ms = 4000;
    CHECK(client.until("turn-too-old").find("\"ok\":false") != std::string::npos);
}

TEST_CASE("facts beyond what the web thread can hold end the streams, which resume from the archive") {
    web::ServerOptions options;
    options.limits.committed_waiting = 4;
    Site site(options, 1);
    auto client = listen(site);
    const auto overflowed = [&] {
        return body_of(ask_for(site.port, "/metrics")).find("committed-overflow") != std::string::npos;
    };
    std::uint64_t n = 1;
    REQUIRE(soon([&] {
        for (int k = 0; k < 200; ++k) ++n, site.commit(n, decided(n, "p" + std::to_string(n)));
        return overflowed();
    }));
    client.all();
    CHECK(client.closed());
    auto again = listen(site, "Last-Event-ID: 1\r\n");
    CHECK(ids(again.until(event(n))) == from_to(2, n));
}
