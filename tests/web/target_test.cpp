#include "web/target.hpp"

#include <string>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::web;

TEST_CASE("a target is decoded strictly") {
    struct Row {
        const char* why;
        std::string target;
        bool good;
        Target want;
    };
    const std::string long_path = "/" + std::string(target_limit - 1, 'a');
    const auto row = GENERATE_COPY(values<Row>({
        {"the root", "/", true, {}},
        {"segments", "/api/v1/board", true, {{"api", "v1", "board"}, {}}},
        {"a slash inside a number", "/api/v1/track/a%2Fb", true, {{"api", "v1", "track", "a/b"}, {}}},
        {"Chinese text", "/%E6%A0%B8", true, {{"核"}, {}}},
        {"lower-case digits", "/%e6%a0%b8", true, {{"核"}, {}}},
        {"a query", "/a?x=1&y=%202", true, {{"a"}, {{"x", "1"}, {"y", " 2"}}}},
        {"plus is itself", "/a?x=1+2", true, {{"a"}, {{"x", "1+2"}}}},
        {"an empty value", "/a?x=", true, {{"a"}, {{"x", ""}}}},
        {"an empty query", "/a?", true, {{"a"}, {}}},
        {"exactly the limit", long_path, true, {{long_path.substr(1)}, {}}},
        {"one byte over the limit", long_path + "a", false, {}},
        {"nothing", "", false, {}},
        {"absolute form", "http://127.0.0.1/", false, {}},
        {"asterisk form", "*", false, {}},
        {"cut after the sign", "/%", false, {}},
        {"cut after one digit", "/%4", false, {}},
        {"not hexadecimal", "/%4g", false, {}},
        {"a sign is no digit", "/%+1", false, {}},
        {"cut in the query", "/a?x=%e", false, {}},
        {"a NUL", "/a%00b", false, {}},
        {"a control character", "/a%0ab", false, {}},
        {"overlong UTF-8", "/%c0%af", false, {}},
        {"half a character", "/%e6%a0", false, {}},
        {"a raw byte above ASCII", "/\xe6\xa0\xb8", false, {}},
        {"a raw space", "/a b", false, {}},
        {"a fragment", "/a#b", false, {}},
        {"up", "/a/../b", false, {}},
        {"up, encoded", "/a/%2e%2e/b", false, {}},
        {"an empty segment", "/a//b", false, {}},
        {"a trailing slash", "/a/", false, {}},
        {"a parameter twice", "/a?x=1&x=2", false, {}},
        {"a name without value", "/a?x", false, {}},
        {"a value without name", "/a?=1", false, {}},
        {"eight parameters",
         "/a?a=&b=&c=&d=&e=&f=&g=&h=",
         true,
         {{"a"}, {{"a", ""}, {"b", ""}, {"c", ""}, {"d", ""}, {"e", ""}, {"f", ""}, {"g", ""}, {"h", ""}}}},
        {"nine parameters", "/a?a=&b=&c=&d=&e=&f=&g=&h=&i=", false, {}},
    }));
    INFO(row.why);
    const auto got = parse_target(row.target);
    REQUIRE(got.has_value() == row.good);
    if (row.good) CHECK(*got == row.want);
}

TEST_CASE("the name of a Host has no port and one spelling") {
    struct Row {
        const char* host;
        std::optional<std::string> want;
    };
    const auto row = GENERATE(values<Row>({
        {"127.0.0.1", "127.0.0.1"},
        {"127.0.0.1:8080", "127.0.0.1"},
        {"LocalHost:1", "localhost"},
        {"[::1]:8080", "[::1]"},
        {"[::1]", "[::1]"},
        {"localhost:", "localhost"},
        {"", std::nullopt},
        {":80", std::nullopt},
        {"a:b", std::nullopt},
        {"a:123456", std::nullopt},
        {"[::1", std::nullopt},
        {"[::1]x", std::nullopt},
        {"a b", std::nullopt},
        {"a@127.0.0.1", std::nullopt},
        {"127.0.0.1/", std::nullopt},
        {"a,127.0.0.1", std::nullopt},
    }));
    INFO(row.host);
    CHECK(host_name(row.host) == row.want);
}
