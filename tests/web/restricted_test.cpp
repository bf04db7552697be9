#include "web/restricted.hpp"

#include "client.hpp"
#include "site.hpp"

#include <sstream>
#include <string>

#include <catch2/catch.hpp>

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
        {"each of several", R"([{"status":"502"},{"status":"500"},{"status":"501"}])",
         R"([{"status":"5xx"},{"status":"500"},{"status":"5xx"}])"},
        {"the state of smuggling reads as any detention", R"({"state":"Y","status":"502"})",
         R"({"state":"T","status":"5xx"})"},
        {"released on paper after a detention does too", R"({"state":"Q"})", R"({"state":"T"})"},
        {"other states stay", R"({"state":"R"})", R"({"state":"R"})"},
        {"a longer state is another", R"({"state":"Y?"})", R"({"state":"Y?"})"},
        {"cut off in a state", R"({"state":"Y)", R"({"state":"Y)"},
        {"the alarm that smuggling alone raises", R"({"alarms":["release-after-end"],"state":"Y"})",
         R"({"state":"T"})"},
        {"first of two", R"({"alarms":["release-after-end","unknown-status"]})", R"({"alarms":["unknown-status"]})"},
        {"last of two", R"({"alarms":["hold-of-other-life","release-after-end"]})",
         R"({"alarms":["hold-of-other-life"]})"},
        {"in the second of two facts",
         R"([{"alarms":["unknown-status"],"a":1},{"alarms":["release-after-end"],"a":2}])",
         R"([{"alarms":["unknown-status"],"a":1},{"a":2}])"},
        {"no alarm but a text", R"({"alarms":["unknown-status"],"waybill":"release-after-end"})",
         R"({"alarms":["unknown-status"],"waybill":"release-after-end"})"},
        {"alarms cut off", R"({"alarms":["release-after-end")", R"({"alarms":["release-after-end")"},
        {"the hash of what was masked", R"({"mono":1,"prevhash":"00ff","sequence":"2"})",
         R"({"mono":1,"sequence":"2"})"},
        {"each hash", R"([{"prevhash":"aa","s":1},{"prevhash":"bb","s":2}])", R"([{"s":1},{"s":2}])"},
        {"a hash cut off", R"({"prevhash":"00)", R"({"prevhash":"00)"},
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
    for (const char* target :
         {"/api/v1/facts", "/api/v1/passages", "/api/v1/track/detained", "/metrics", "/api/v1/board"}) {
        INFO(target);
        CHECK(body_of(ask_for(site.port, target)).find("\"502\"") == std::string::npos);
    }
}

namespace {

/// `hash` stands for the SHA-256 of the fact before: it differs when that fact does.
std::string following(std::string fact, char hash) {
    const auto at = fact.find("\"sequence\"");
    return fact.insert(at, "\"prevhash\":\"" + std::string(64, hash) + "\",");
}

/// Everything that is answered over HTTP about a parcel detained by `status`, and about the one after it.
std::string seen_of(const std::string& status, const std::string& state, char hash) {
    Site site;
    site.commit(1, decided(1, "a", "hold", "detain", "line-1", 1, "YT1", status, state));
    site.commit(2, following(decided(2, "b"), hash));
    std::string out;
    for (const char* target : {"/api/v1/facts", "/api/v1/passages", "/api/v1/board"}) {
        out += body_of(ask_for(site.port, target));
    }
    Client resumed(site.port);
    resumed.say(get("/api/v1/live", "Last-Event-ID: 0\r\n"));
    const std::string newest = "\"sequence\":\"2\"";
    const auto said = resumed.until(newest);
    std::istringstream stream(said.substr(0, said.find(newest) + newest.size()));
    for (std::string line; std::getline(stream, line);) {
        if (line.starts_with("data: {\"data\"")) out += line;  // facts only: health comes when it will
    }
    return out;
}

}  // namespace

TEST_CASE("whoever sees all that is served sees the same for every kind of detention") {
    const auto smuggling = seen_of("502", "Y", 'a');
    CHECK(smuggling.find("\"sequence\":\"2\"") != std::string::npos);
    CHECK(smuggling == seen_of("501", "T", 'b'));
    CHECK(smuggling == seen_of("599", "T", 'c'));
}
