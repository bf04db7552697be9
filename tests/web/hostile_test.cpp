#include "client.hpp"
#include "site.hpp"

#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::test;

namespace {

bool counted(const Site& site, const std::string& reason) {
    return body_of(ask_for(site.port, "/metrics")).find("hefang_http_refusals_total{reason=\"" + reason + "\"}") !=
           std::string::npos;
}

}  // namespace

TEST_CASE("requests that are refused, with their status and counter") {
    struct Row {
        const char* why;
        std::string request;
        int status;
        const char* counter;
    };
    const std::string host = "Host: 127.0.0.1\r\n";
    const auto row = GENERATE_COPY(values<Row>({
        {"no Host", "GET / HTTP/1.1\r\n\r\n", 400, "bad-host"},
        {"two Hosts", "GET / HTTP/1.1\r\n" + host + host + "\r\n", 400, "bad-host"},
        {"a malformed Host", "GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, "bad-host"},
        {"another site's name (rebinding)", "GET / HTTP/1.1\r\nHost: evil.example:8080\r\n\r\n", 421, "wrong-host"},
        {"a name that only begins right", "GET / HTTP/1.1\r\nHost: localhost.evil.example\r\n\r\n", 421, "wrong-host"},
        {"another site's page", get("/api/v1/facts", "Origin: http://evil.example\r\n"), 403, "wrong-origin"},
        {"another port's page", get("/api/v1/facts", "Origin: http://127.0.0.1:1\r\n"), 403, "wrong-origin"},
        {"an opaque page", get("/api/v1/facts", "Origin: null\r\n"), 403, "wrong-origin"},
        {"another site's page that only embeds",
         get("/api/v1/live", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: no-cors\r\n"), 403, "wrong-origin"},
        {"another port's page that only embeds", get("/", "sec-fetch-site: same-site\r\nsec-fetch-mode: no-cors\r\n"),
         403, "wrong-origin"},
        {"writing", get("/", "Content-Length: 0\r\n", "POST"), 405, "bad-method"},
        {"writing with a body", get("/", "Content-Length: 3\r\n", "PUT") + "abc", 405, "bad-method"},
        {"a method nobody knows", get("/", "", "BREW"), 405, "bad-method"},
        {"tunnelling", get("127.0.0.1:22", "", "CONNECT"), 405, "bad-method"},
        {"a body", get("/", "Content-Length: 3\r\n") + "abc", 413, "body"},
        {"a huge body", get("/", "Content-Length: 99999999999\r\n"), 413, "body"},
        {"a chunked body", get("/", "Transfer-Encoding: chunked\r\n") + "0\r\n\r\n", 413, "body"},
        {"both kinds of length", get("/", "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"), 400, "bad-request"},
        {"a long target", get("/" + std::string(2048, 'a')), 414, "long-target"},
        {"a long field", get("/", "X: " + std::string(17000, 'a') + "\r\n"), 431, "long-header"},
        {"many fields",
         [] {
             std::string fields;
             for (int n = 0; n < 3000; ++n) fields += "X: 1\r\n";
             return get("/", fields);
         }(),
         431, "long-header"},
        {"a header without end", "GET / HTTP/1.1\r\nX: " + std::string(40000, 'a'), 431, "long-header"},
        {"no HTTP", "\x16\x03\x01\x02hello\r\n\r\n", 400, "bad-request"},
        {"an old line", "GET /\r\n\r\n", 400, "bad-request"},
        {"a fold in a name", "GET / HTTP/1.1\r\nHo st: a\r\n\r\n", 400, "bad-request"},
        {"a NUL in a field", "GET / HTTP/1.1\r\nHost: 127.0.0.1" + std::string(1, '\0') + "\r\n\r\n", 400,
         "bad-request"},
    }));
    INFO(row.why);
    Site site;
    const auto answer = ask(site.port, row.request);
    CHECK(status_of(answer) == row.status);
    CHECK(answer.find("Connection: close") != std::string::npos);
    CHECK(counted(site, row.counter));
    const auto by_status = "hefang_http_responses_total{status=\"" + std::to_string(row.status) + "\"} 1\n";
    CHECK(body_of(ask_for(site.port, "/metrics")).find(by_status) != std::string::npos);
}

TEST_CASE("requests that look odd and are answered") {
    struct Row {
        const char* why;
        std::string request;
    };
    const auto row = GENERATE(values<Row>({
        {"with the port", "GET /healthz HTTP/1.1\r\nHost: localhost:9\r\nConnection: close\r\n\r\n"},
        {"a configured name", "GET /healthz HTTP/1.1\r\nHost: gate.example\r\nConnection: close\r\n\r\n"},
        {"its own origin",
         "GET /healthz HTTP/1.1\r\nHost: localhost:9\r\nOrigin: http://localhost:9\r\nConnection: close\r\n\r\n"},
        {"the page's own requests",
         get("/healthz", "Sec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: cors\r\nConnection: close\r\n")},
        {"typed by hand", get("/healthz", "Sec-Fetch-Site: none\r\nSec-Fetch-Mode: navigate\r\nConnection: close\r\n")},
        {"a link from another site",
         get("/", "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nConnection: close\r\n")},
        {"an empty body", "GET /healthz HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"},
        {"just under the limit",
         "GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nX: " + std::string(16000, 'a') + "\r\n\r\n"},
        {"an old protocol", "GET /healthz HTTP/1.0\r\nHost: localhost\r\n\r\n"},
    }));
    INFO(row.why);
    web::ServerOptions options;
    options.hosts = {"gate.example"};
    Site site(options);
    CHECK(status_of(ask(site.port, row.request)) == 200);
}

TEST_CASE("two requests in one packet get two answers, in order") {
    Site site;
    Client client(site.port);
    client.say(get("/healthz") + get("/api/v1/track/one", "Connection: close\r\n"));
    const auto text = client.all();
    CHECK(client.closed());
    CHECK(text.find("\"ok\":true") < text.find("{\"number\":\"one\"}"));
    CHECK(text.find("{\"number\":\"one\"}") != std::string::npos);
}

TEST_CASE("a request in single bytes is answered; one that never ends is told so and dropped") {
    web::ServerOptions options;
    options.limits.request = std::chrono::milliseconds(300);
    Site site(options);
    Client bytes(site.port);
    for (const char c : get("/healthz", "Connection: close\r\n")) bytes.say({&c, 1});
    CHECK(status_of(bytes.all()) == 200);

    Client slow(site.port);
    slow.say("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ");
    CHECK(status_of(slow.all()) == 408);
    CHECK(slow.closed());

    Client trickle(site.port);  // each byte buys no time
    const auto began = std::chrono::steady_clock::now();
    trickle.say("GET / HTTP/1.1\r\n");
    while (trickle.say("X") && std::chrono::steady_clock::now() - began < std::chrono::seconds(4)) {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(3));

    Client silent(site.port);  // said nothing: is closed without a word
    CHECK(silent.all().empty());
    CHECK(silent.closed());
    CHECK(counted(site, "slow-request"));
}

TEST_CASE("connections have a limit, said with 503, and free places are given again") {
    web::ServerOptions options;
    options.limits.connections = 8;
    Site site(options);
    std::vector<Client> clients;
    for (int n = 0; n < 8; ++n) {
        clients.emplace_back(site.port);
        clients.back().say(get("/healthz"));
        REQUIRE(status_of(clients.back().until("\"ok\"")) == 200);
    }
    const auto ninth = ask_for(site.port, "/healthz");
    CHECK(status_of(ninth) == 503);
    CHECK(ninth.find("connections-full") != std::string::npos);
    {
        std::vector<Client> crowd;  // more than those that still get an answer
        for (int n = 0; n < 60; ++n) crowd.emplace_back(site.port);
        crowd.back().all();
        CHECK(crowd.back().closed());
    }
    clients[0].say(get("/healthz", "Connection: close\r\n"));
    clients[0].all();
    CHECK(soon([&] { return status_of(ask_for(site.port, "/healthz")) == 200; }));
    CHECK(soon([&] { return counted(site, "connections-full"); }));
}

TEST_CASE("a client that asks and does not read is dropped") {
    web::ServerOptions options;
    options.limits.write = std::chrono::milliseconds(300);
    Site site(options);
    for (std::uint64_t n = 1; n <= 1000; ++n) site.archive.add(n, decided(n, std::string(1000, 'x')));
    Client lazy(site.port, 4096);
    std::string requests;
    for (int n = 0; n < 20; ++n) requests += get("/api/v1/facts?max=1000");
    lazy.say(requests);
    CHECK(soon([&] { return counted(site, "slow-reader"); }));
}

TEST_CASE("a client that goes away in the middle costs nothing") {
    Site site;
    for (int n = 0; n < 50; ++n) {
        Client gone(site.port);
        gone.say(n % 2 == 0 ? "GET / HT" : get("/api/v1/live"));
    }
    CHECK(soon([&] {
        const auto metrics = body_of(ask_for(site.port, "/metrics"));
        return metrics.find("hefang_http_connections 1\n") != std::string::npos &&
               metrics.find("hefang_http_streams 0\n") != std::string::npos;
    }));
}
