#include "web/metrics.hpp"

#include "client.hpp"
#include "site.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::test;

namespace {

bool is_name(std::string_view text) {
    return !text.empty() && text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos;
}

/// [-]digits[.ddd]
bool is_value(std::string_view text) {
    if (text.starts_with('-')) text.remove_prefix(1);
    const auto point = std::min(text.find('.'), text.size());
    const auto digits = [](std::string_view t) {
        return !t.empty() && t.find_first_not_of("0123456789") == std::string_view::npos;
    };
    return digits(text.substr(0, point)) &&
           (point == text.size() || (text.size() == point + 4 && digits(text.substr(point + 1))));
}

/// name="value",… with \\ \" \n as the only escapes.
bool are_labels(std::string_view text) {
    while (true) {
        const auto equals = text.find("=\"");
        if (equals == std::string_view::npos || !is_name(text.substr(0, equals))) return false;
        text.remove_prefix(equals + 2);
        while (!text.empty() && text.front() != '"') {
            const bool escape = text.front() == '\\';
            if (escape && (text.size() < 2 || std::string_view("\\\"n").find(text[1]) == std::string_view::npos))
                return false;
            text.remove_prefix(escape ? 2 : 1);
        }
        if (text.empty()) return false;
        text.remove_prefix(1);
        if (text.empty()) return true;
        if (text.front() != ',') return false;
        text.remove_prefix(1);
    }
}

/// Checks the whole text against the grammar of the exposition format 0.0.4 and gives its samples.
std::map<std::string, std::string> samples_of(const std::string& text) {
    std::map<std::string, std::string> out;
    std::set<std::string> families;
    std::istringstream lines(text);
    std::string line, family;
    while (std::getline(lines, line)) {
        INFO(line);
        if (line.starts_with("# HELP ")) {
            family = line.substr(7, line.find(' ', 7) - 7);
            CHECK(families.insert(family).second);
            continue;
        }
        if (line.starts_with("# TYPE ")) {
            const bool total = family.ends_with("_total");  // the name of each counter and of nothing else
            CHECK(line == "# TYPE " + family + (total ? " counter" : " gauge"));
            continue;
        }
        const auto space = line.rfind(' ');
        const auto brace = std::min(line.find('{'), space);
        REQUIRE(space != std::string::npos);
        CHECK(line.substr(0, brace) == family);
        CHECK(is_name(family));
        CHECK(is_value(line.substr(space + 1)));
        if (brace < space) {
            CHECK(line[space - 1] == '}');
            CHECK(are_labels(std::string_view(line).substr(brace + 1, space - brace - 2)));
        }
        CHECK(out.emplace(line.substr(0, space), line.substr(space + 1)).second);
    }
    CHECK(text.ends_with('\n'));
    return out;
}

}  // namespace

TEST_CASE("metrics say what the board says, in the exposition format") {
    Site site;
    site.server->publish(sample_board());
    site.commit(1, decided(1, "a"));
    site.commit(2, decided(2, "b"));
    site.commit(3, decided(3, "c", "inspect", "reweigh"));
    ask(site.port, get("/", "Content-Length: 1\r\n"));
    std::map<std::string, std::string> got;
    REQUIRE(soon([&] {
        got = samples_of(body_of(ask_for(site.port, "/metrics")));
        return got.contains("hefang_verdicts_total{lane=\"line-1\",verdict=\"inspect\",class=\"reweigh\"}");
    }));
    struct Row {
        const char* name;
        const char* want;
    };
    for (const Row row : {
             Row{"hefang_verdicts_total{lane=\"line-1\",verdict=\"release\",class=\"release\"}", "2"},
             Row{"hefang_device_up{device=\"reader-1\",kind=\"scanner\"}", "1"},
             Row{"hefang_device_up{device=\"scale-1\",kind=\"scale\"}", "0"},
             Row{"hefang_device_age_seconds{device=\"reader-1\"}", "0.120"},
             Row{"hefang_device_events_total{device=\"reader-1\",event=\"bad-sum\"}", "1"},
             Row{"hefang_sync_state{state=\"online\"}", "1"},
             Row{"hefang_sync_state{state=\"offline\"}", "0"},
             Row{"hefang_sync_acked_sequence", "180"},
             Row{"hefang_journal_last_sequence", "184"},
             Row{"hefang_sync_ack_age_seconds", "1.500"},
             Row{"hefang_store_free_bytes", "123456789"},
             Row{"hefang_store_wal_pages", "17"},
             Row{"hefang_inbox_files_total{outcome=\"refused\"}", "2"},
             Row{"hefang_mailbox_capacity{inlet=\"reader-1\"}", "1024"},
             Row{"hefang_events_total{source=\"turn\",event=\"import-put-off\"}", "3"},
             Row{"hefang_healthy", "1"},
             Row{"hefang_mode{mode=\"running\"}", "1"},
             Row{"hefang_turn_age_seconds", "0.005"},
             Row{"hefang_http_refusals_total{reason=\"body\"}", "1"},
             Row{"hefang_http_responses_total{status=\"413\"}", "1"},
             Row{"hefang_build_info{gateway=\"ncbz-bw03-g07\",kind=\"bonded-warehouse\",version=\"0.1.0\"}", "1"},
         }) {
        INFO(row.name);
        CHECK(got[row.name] == row.want);
    }
}

TEST_CASE("a degraded board is a degraded mode, and a disk that cannot be asked has no figure") {
    Site site;
    auto board = std::make_shared<web::Board>(*sample_board());
    board->mode = web::Mode::degraded;
    board->detail = "customs status is not fresh";
    board->store.free_bytes = -1;
    site.server->publish(board);
    REQUIRE(soon([&] { return status_of(ask_for(site.port, "/api/v1/board")) == 200; }));
    auto got = samples_of(body_of(ask_for(site.port, "/metrics")));
    CHECK(got["hefang_mode{mode=\"degraded\"}"] == "1");
    CHECK(got["hefang_mode{mode=\"running\"}"] == "0");
    CHECK(got["hefang_healthy"] == "1");
    CHECK_FALSE(got.contains("hefang_store_free_bytes"));
    CHECK(body_of(ask_for(site.port, "/healthz")).find("customs status is not fresh") != std::string::npos);
    site.mode = web::Mode::stopped;  // worse than what the last board said
    got = samples_of(body_of(ask_for(site.port, "/metrics")));
    CHECK(got["hefang_mode{mode=\"stopped\"}"] == "1");
    CHECK(got["hefang_healthy"] == "0");
}

TEST_CASE("metrics before the first board have no board") {
    Site site;
    const auto got = samples_of(body_of(ask_for(site.port, "/metrics")));
    CHECK(got.contains("hefang_healthy"));
    CHECK_FALSE(got.contains("hefang_store_free_bytes"));
}

TEST_CASE("label values are escaped, durations keep their sign") {
    web::Exposition out;
    out.family("a", "gauge", "one\ntwo \\ \"three\"");
    out.sample({{"x", "a\"b\\c\nd"}, {"y", ""}}, std::int64_t{-3});
    out.seconds({}, 1);
    out.seconds({}, -1500);
    CHECK(out.take() ==
          "# HELP a one\\ntwo \\\\ \"three\"\n# TYPE a gauge\na{x=\"a\\\"b\\\\c\\nd\",y=\"\"} -3\na 0.001\na -1.500\n");
}
