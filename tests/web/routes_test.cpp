#include "client.hpp"
#include "site.hpp"

#include <string>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

using namespace hefang;
using namespace hefang::test;
using nlohmann::json;

namespace {

const web::Asset page[] = {
    {"/", "text/html; charset=utf-8", "aaaa", "<!doctype html>page", "\x1f\x8bzip"},
    {"/assets/page-bbbb.js", "text/javascript", "bbbb", "let a", "\x1f\x8bjs"},
};

std::string error_code(const std::string& answer) { return json::parse(body_of(answer))["error"]["code"]; }

}  // namespace

TEST_CASE("only loopback addresses are listened on") {
    struct Row {
        const char* listen;
        std::optional<Errc> want;
    };
    const auto row = GENERATE(values<Row>({
        {"127.0.0.1:0", std::nullopt},
        {"localhost:0", std::nullopt},
        {"127.9.9.9:0", std::nullopt},
        {"0.0.0.0:0", Errc::refused},
        {"[::]:0", Errc::refused},
        {"192.0.2.1:0", Errc::refused},
        {"example.org:0", Errc::refused},
        {"127.0.0.1", Errc::refused},
        {"127.0.0.1:", Errc::refused},
        {"127.0.0.1:65536", Errc::refused},
        {"127.0.0.1:8x", Errc::refused},
        {":8080", Errc::refused},
        {"", Errc::refused},
    }));
    INFO(row.listen);
    MemoryArchive archive;
    web::ServerOptions options;
    options.listen = row.listen;
    web::Server server(options, archive, [] { return web::Health{}; });
    const auto port = server.start();
    REQUIRE(port.has_value() == !row.want.has_value());
    if (port) CHECK(*port > 0);
    if (!port) {
        CHECK(port.error().code == *row.want);
        CHECK(port.error().detail.find(row.listen) != std::string::npos);
    }
}

TEST_CASE("the address that is listened on is a name of its own") {
    MemoryArchive archive;
    web::ServerOptions options;
    options.listen = "127.9.9.9:0";
    web::Server server(options, archive, [] { return web::Health{}; });
    const auto port = server.start();
    REQUIRE(port);
    Client client(*port, 0, 0x7f090909);
    client.say("GET /healthz HTTP/1.1\r\nHost: 127.9.9.9:" + std::to_string(*port) + "\r\nConnection: close\r\n\r\n");
    CHECK(status_of(client.all()) == 200);
}

TEST_CASE("a taken port is said") {
    Site site;
    web::ServerOptions options;
    options.listen = "127.0.0.1:" + std::to_string(site.port);
    web::Server second(options, site.archive, [] { return web::Health{}; });
    CHECK(second.start().error().code == Errc::busy);
}

TEST_CASE("each target has one answer") {
    struct Row {
        const char* why;
        const char* target;
        int status;
        const char* holds;
    };
    static Site site({}, 30);
    static const bool published = (site.server->publish(sample_board()), true);
    REQUIRE(published);
    REQUIRE(soon([] { return status_of(ask_for(site.port, "/api/v1/board")) == 200; }));
    const auto row = GENERATE(values<Row>({
        {"the board", "/api/v1/board", 200, "\"gateway\":\"ncbz-bw03-g07\""},
        {"the board says how fresh customs' word is", "/api/v1/board", 200, "\"freshness\":\"not-checked\""},
        {"parameters nobody knows are refused", "/api/v1/board?x=1", 400, "bad-query"},
        {"twenty passages by default, newest first", "/api/v1/passages", 200, "{\"passages\":[{\"class\":\"release\""},
        {"a limit", "/api/v1/passages?limit=200", 200, "passages"},
        {"a limit over the limit", "/api/v1/passages?limit=201", 400, "bad-query"},
        {"a limit of nothing", "/api/v1/passages?limit=0", 400, "bad-query"},
        {"a limit that is no number", "/api/v1/passages?limit=1x", 400, "bad-query"},
        {"a lane nobody knows has no passages", "/api/v1/passages?lane=no", 200, "{\"passages\":[]}"},
        {"facts", "/api/v1/facts?from=29&max=2", 200, "\"next\":\"31\""},
        {"facts beyond the end", "/api/v1/facts?from=31", 200, "{\"last\":\"30\",\"next\":\"31\",\"facts\":[]}"},
        {"the most facts", "/api/v1/facts?max=1000", 200, "\"next\":\"31\""},
        {"more than the most", "/api/v1/facts?max=1001", 400, "bad-query"},
        {"facts count from 1", "/api/v1/facts?from=0", 400, "bad-query"},
        {"a number", "/api/v1/track/YT%2F1", 200, "{\"number\":\"YT/1\"}"},
        {"a number that nothing knows", "/api/v1/track/none", 404, "not-found"},
        {"a store that is busy", "/api/v1/track/busy", 503, "archive"},
        {"no number", "/api/v1/track", 404, "not-found"},
        {"the reasons", "/api/v1/reasons", 200, "海关已放行"},
        {"metrics", "/metrics", 200, "hefang_healthy 1"},
        {"health", "/healthz", 200, "\"ok\":true"},
        {"nothing there", "/api/v2/board", 404, "not-found"},
        {"an encoded slash is no separator", "/api%2Fv1/board", 404, "not-found"},
        {"bad percent-encoding", "/api/v1/track/%zz", 400, "bad-target"},
        {"a start of an event stream that is no number", "/api/v1/live?from=1", 400, "bad-query"},
    }));
    INFO(row.why);
    const auto answer = ask_for(site.port, row.target);
    CHECK(status_of(answer) == row.status);
    CHECK(body_of(answer).find(row.holds) != std::string::npos);
    CHECK(header_of(answer).find("X-Content-Type-Options: nosniff") != std::string::npos);
    CHECK(header_of(answer).find("Content-Security-Policy: default-src 'none'; script-src 'self'") !=
          std::string::npos);
    if (row.status >= 400) CHECK(json::parse(body_of(answer))["error"].contains("detail"));
}

TEST_CASE("the reasons are the table of the core, fifty of them") {
    Site site;
    const auto reasons = json::parse(body_of(ask_for(site.port, "/api/v1/reasons")))["reasons"];
    REQUIRE(reasons.size() == 50);
    CHECK(reasons[15]["code"] == "detained");
    CHECK(reasons[15]["zh"] == "海关处理中,不得移动");
}

TEST_CASE("a board before the first turn is not there") {
    Site site;
    CHECK(status_of(ask_for(site.port, "/api/v1/board")) == 503);
}

TEST_CASE("passages hold decisions with their actuation and nothing of customs' status") {
    Site site;
    site.commit(1, decided(1, "a"));
    site.commit(2, decided(2, "b", "inspect", "reweigh"));
    site.commit(3, decided(3, "c", "hold", "detain", "line-2"));
    site.commit(4, actuated(4, "a", "diverted"));
    site.commit(5, decided(5, "b", "inspect", "inspect", "line-1", 2));
    site.commit(6, decided(6, "a", "hold", "hold", "line-1", 2));
    REQUIRE(soon([&] { return body_of(ask_for(site.port, "/api/v1/passages")).find("\"6\"") != std::string::npos; }));
    const auto body = body_of(ask_for(site.port, "/api/v1/passages?lane=line-1"));
    CHECK(body.find("status") == std::string::npos);
    const auto rows = json::parse(body)["passages"];
    REQUIRE(rows.size() == 2);
    CHECK(rows[0]["passage"] == "a");
    CHECK(rows[0]["verdict"] == "hold");
    CHECK(rows[0]["actuated"]["result"] == "diverted");  // what became of it stays known when it is decided again
    CHECK(rows[1]["passage"] == "b");
    CHECK(rows[1]["revision"] == 2);
    CHECK(rows[1]["class"] == "inspect");
    CHECK_FALSE(rows[1].contains("actuated"));
    CHECK(rows[1]["waybill"] == "YT8876543210987");
    CHECK(rows[1]["weight"]["grams"] == 1284);
    const auto newest = json::parse(body_of(ask_for(site.port, "/api/v1/passages?limit=1")))["passages"];
    REQUIRE(newest.size() == 2);  // one of each lane: the quiet one does not vanish behind the busy one
    CHECK(newest[0]["lane"] == "line-1");
    CHECK(newest[1]["lane"] == "line-2");
}

TEST_CASE("a lane keeps two hundred passages") {
    Site site({}, 250);
    const auto rows = json::parse(body_of(ask_for(site.port, "/api/v1/passages?limit=200")))["passages"];
    REQUIRE(rows.size() == 200);
    CHECK(rows[0]["sequence"] == "250");
    CHECK(rows[199]["sequence"] == "51");
    CHECK(json::parse(body_of(ask_for(site.port, "/api/v1/passages")))["passages"].size() == 20);
}

TEST_CASE("facts are given byte by byte as they were committed") {
    Site site({}, 3);
    const auto body = body_of(ask_for(site.port, "/api/v1/facts?from=2"));
    CHECK(body == R"({"last":"3","next":"4","facts":[)" + decided(2, "p2") + "," + decided(3, "p3") + "]}");
}

TEST_CASE("the health answers both ways") {
    struct Row {
        const char* why;
        std::int64_t turn_age_ms;
        web::Mode mode;
        int status;
        const char* holds;
    };
    const auto row = GENERATE(values<Row>({
        {"young and running", 0, web::Mode::running, 200, "\"ok\":true"},
        {"just young enough", 999, web::Mode::running, 200, "\"ok\":true"},
        {"just too old", 1000, web::Mode::running, 503, "turn-too-old"},
        {"degraded still works", 0, web::Mode::degraded, 200, "\"mode\":\"degraded\""},
        {"stopped", 0, web::Mode::stopped, 503, "\"reason\":\"stopped\""},
        {"stopped says why", 0, web::Mode::stopped, 503, "disk full"},
    }));
    INFO(row.why);
    Site site;
    site.turn_age_ms = row.turn_age_ms;
    site.mode = row.mode;
    const auto answer = ask_for(site.port, "/healthz");
    CHECK(status_of(answer) == row.status);
    CHECK(body_of(answer).find(row.holds) != std::string::npos);
}

TEST_CASE("without a page the root says so and points to the interface") {
    web::ServerOptions options;
    options.assets = {};
    Site site(options);
    const auto answer = ask_for(site.port, "/");
    CHECK(status_of(answer) == 200);
    CHECK(header_of(answer).find("Content-Type: text/html") != std::string::npos);
    CHECK(body_of(answer).find("未包含操作页面") != std::string::npos);
    CHECK(body_of(answer).find("/api/v1/board") != std::string::npos);
    CHECK(status_of(ask_for(site.port, "/assets/page.js")) == 404);
}

TEST_CASE("the page comes compressed, and again only when it changed") {
    struct Row {
        const char* why;
        const char* target;
        const char* fields;
        int status;
        std::string body;
        const char* header;
    };
    const auto row = GENERATE(values<Row>({
        {"plain", "/", "", 200, "<!doctype html>page", "ETag: \"aaaa\""},
        {"the root is asked for each time", "/", "", 200, "<!doctype html>page", "Cache-Control: no-cache"},
        {"compressed", "/", "Accept-Encoding: br, gzip\r\n", 200, "\x1f\x8bzip", "Content-Encoding: gzip"},
        {"known", "/", "If-None-Match: \"aaaa\"\r\n", 304, "", "ETag: \"aaaa\""},
        {"known compressed", "/", "Accept-Encoding: gzip\r\nIf-None-Match: \"aaaa-gzip\"\r\n", 304, "",
         "ETag: \"aaaa-gzip\""},
        {"known in another form", "/", "Accept-Encoding: gzip\r\nIf-None-Match: \"aaaa\"\r\n", 200, "\x1f\x8bzip",
         "Vary: Accept-Encoding"},
        {"an older one", "/", "If-None-Match: \"old\"\r\n", 200, "<!doctype html>page", "ETag: \"aaaa\""},
        {"hashed names never change", "/assets/page-bbbb.js", "", 200, "let a", "immutable"},
        {"another hash", "/assets/page-cccc.js", "", 404, "", "Cache-Control: no-store"},
    }));
    INFO(row.why);
    web::ServerOptions options;
    options.assets = page;
    Site site(options);
    const auto answer = ask_for(site.port, row.target, row.fields);
    CHECK(status_of(answer) == row.status);
    CHECK(header_of(answer).find(row.header) != std::string::npos);
    if (row.status != 404) CHECK(body_of(answer) == row.body);
}

TEST_CASE("HEAD says what GET would, without a body") {
    Site site;
    const auto answer = ask(site.port, get("/healthz", "Connection: close\r\n", "HEAD"));
    CHECK(status_of(answer) == 200);
    CHECK(header_of(answer).find("Content-Length: ") != std::string::npos);
    CHECK(body_of(answer).empty());
    CHECK(status_of(ask(site.port, get("/api/v1/live", "Connection: close\r\n", "HEAD"))) == 200);
}

TEST_CASE("a stopped server ends its clients at once and may be stopped again") {
    Site site;
    Client live(site.port);
    live.say(get("/api/v1/live"));
    live.until("event: health");
    Client silent(site.port);
    const auto began = std::chrono::steady_clock::now();
    site.server->stop();
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(1));
    live.all();
    CHECK(live.closed());
    silent.all();
    CHECK(silent.closed());
    site.server->stop();
    site.server->committed(1, decided(1, "late"));
    site.server->publish(sample_board());
    CHECK_FALSE(Client(site.port).connected());
}

TEST_CASE("refusals have a stable word") {
    Site site;
    CHECK(error_code(ask(site.port, "GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n")) ==
          "wrong-host");
}
