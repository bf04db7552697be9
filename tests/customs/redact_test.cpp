#include "customs/redact.hpp"

#include "customs/judge.hpp"
#include "customs/limits.hpp"
#include "digest/sha256.hpp"
#include "messages.hpp"
#include "scratch.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::customs;
using namespace messages;

namespace {

const std::string good = inventory();
const std::string bad = inventory(with(head_fields(), "appType", "9"));

}  // namespace

TEST_CASE("the SHA-256 of what refused nodes were copied from tells an overwritten file") {
    const Scratch scratch;
    const auto file = declaration_file(bad);
    scratch.put("a.xml", file);
    const auto open = *Original::open(scratch.at("a.xml"));
    const auto judged = *judge(file);
    const Sink nowhere = [](std::string_view) { return Result<void>{}; };
    CHECK(copy_refused(open, judged, nowhere) == hex(sha256(file)));
    scratch.put("a.xml", std::string(file.size(), 'x'));
    CHECK(copy_refused(open, judged, nowhere) == hex(sha256(std::string(file.size(), 'x'))));
}

TEST_CASE("refused nodes are copied alike wherever the pieces of reading end") {
    // The first bad node stands across the end of the first piece, the second in the piece behind.
    const Scratch scratch;
    std::string nodes;
    while (declaration_file(nodes).size() + good.size() < limits::read_bytes) nodes += good;
    const auto file = declaration_file(nodes + bad + good + bad);
    scratch.put("a.xml", file);
    const auto judged = *judge(file);
    REQUIRE(judged.refusals.size() == 2);
    REQUIRE(judged.refusals[0].node.begin < std::int64_t{limits::read_bytes});
    REQUIRE(judged.refusals[0].node.end > std::int64_t{limits::read_bytes});
    std::string copied;
    REQUIRE(copy_refused(*Original::open(scratch.at("a.xml")), judged, [&](std::string_view bytes) {
        copied += bytes;
        return Result<void>{};
    }));
    CHECK(copied.find("SECRET") == std::string::npos);
    const auto again = judge(copied);
    REQUIRE(again);
    CHECK(again->declarations.empty());
    CHECK(again->refusals.size() == 2);
}
