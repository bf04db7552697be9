#include "customs/judge.hpp"

#include <cstdlib>
#include <filesystem>
#include <iostream>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::customs;

namespace {

std::filesystem::path samples() {
    if (const char* named = std::getenv("HEFANG_SAMPLES")) return named;
    return std::filesystem::path(HEFANG_SOURCE_DIR) / ".." / "shared" / "samples" / "ceb";
}

}  // namespace

TEST_CASE("the messages that customs published with the specification of 202205") {
    if (!std::filesystem::is_directory(samples())) {
        std::cout << "skipped: no published samples here; HEFANG_SAMPLES may name their folder\n";
        return;
    }
    std::size_t seen = 0;
    for (const auto& entry : std::filesystem::directory_iterator(samples())) {
        if (entry.path().extension() != ".xml") continue;
        const auto kind = entry.path().filename().string().substr(0, 6);
        INFO(entry.path().filename());
        const auto judged = judge_file(entry.path().string());
        ++seen;
        if (kind == "CEB621" || kind == "CEB622") {
            REQUIRE(judged);
            CHECK(judged->refusals.empty());
            CHECK(judged->kind == kind);
            CHECK(judged->declarations.size() == (kind == "CEB621" ? 10U : 0U));
            CHECK(judged->receipts.size() == (kind == "CEB622" ? 10U : 0U));
            CHECK(judged->personal.size() == (kind == "CEB621" ? 40U : 0U));
            continue;
        }
        REQUIRE_FALSE(judged);
        CHECK(judged.error().code == Errc::refused);
        CHECK(judged.error().detail.ends_with("kind " + kind + " is not read by this version"));
    }
    CHECK(seen > 0);
}
