#include <catch2/catch.hpp>
#include <string>

#include "client.hpp"
#include "site.hpp"
#include "web/restricted.hpp"

using namespace hefang;
using namespace hefang::test;

TEST_CASE("no screen can tell the kinds of detention apart") {
    struct Row {
        const char* why;
        std::string json, want;
    };
    const auto row = GENERATE(values<Row>({
        {"an inspection is none", R"({"status":"500"})", R"({"status":"500"})"},
        {"the first code", R"({"status":"501"})", R"({"status":"5xx"})"},
        {"smuggling", R"({"status":"502"})", R"({"status":"5xx"})"},
        {"a round one", R"({"status":"510"})", R"({"status":"5xx"})"},
        {"the last code", R"({"status":"599"})", R"({"status":"5xx"})"},
        {"suspended is none", R"({"status":"600"})", R"({"status":"600"})"},
        {"a longer code is another", R"({"status":"5021"})", R"({"status":"5021"})"},
        {"a shorter one too", R"({"status":"5"})", R"({"status":"5"})"},
        {"cut off", R"({"status":"50)", R"({"status":"50)"},
        {"each of several", R"([{"status":"502"},{"status":"500"},{"status":"501"}])", R"([{"status":"5xx"},{"status":"500"},{"status":"5xx"}])"},
        {"the state of smuggling reads as any detention", R"({"state":"Y","status":"502"})", R"({"state":"T","status":"5xx"})"},
        {"other states stay", R"({"state":"R"})", R"({"state":"R"})"},
        {"what a label says stays", R"({"waybill":"\"status\":\"502\""})", R"({"waybill":"\"status\":\"502\""})"},
        {"other members stay", R"({"statusTime":"502","result":"502"})", R"({"statusTime":"502","result":"502"})"},
    }));
    INFO(row.why);
    CHECK(web::for_staff(row.json) == row.want);
}

TEST_CASE("every way out of the server keeps the restricted codes to itself") {
    const auto secret = decided(1, "a", "hold", "detain", "line-1", 1, "YT1", "502", "Y");
    const auto shown = decided(1, "a", "hold", "detain", "line-1", 1, "YT1", "5xx", "T");
    Site site;
    Client live(site.port);
    live.say(get("/api/v1/live"));
    live.until("event: health");
    site.commit(1, secret);
    CHECK(live.until("\"sequence\":\"1\"").find(shown) != std::string::npos);

    Client resumed(site.port);  // from the archive, not from what was handed in
    resumed.say(get("/api/v1/live", "Last-Event-ID: 0\r\n"));
    CHECK(resumed.until("\"sequence\":\"1\"").find(shown) != std::string::npos);

    CHECK(body_of(ask_for(site.port, "/api/v1/facts")).find(shown) != std::string::npos);
    for (const char* target : {"/api/v1/facts", "/api/v1/passages", "/api/v1/track/detained", "/metrics", "/api/v1/board"}) {
        INFO(target);
        CHECK(body_of(ask_for(site.port, target)).find("\"502\"") == std::string::npos);
    }
}
