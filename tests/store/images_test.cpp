#include "store/images.hpp"

#include "store/scratch.hpp"

#include <fstream>
#include <iterator>
#include <thread>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::test;
using store::Images;

namespace {

std::string content(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("images: bytes are kept under their hash, once") {
    const Scratch scratch;
    auto images = *Images::open(scratch.path(), 0);
    const auto kept = images.keep("abc");
    REQUIRE(kept);
    CHECK(*kept == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");  // FIPS 180-2, B.1
    CHECK(content(images.path_of(*kept)) == "abc");
    CHECK(images.path_of(*kept) == scratch.path() + "/images/ba/" + *kept);
    CHECK(*images.keep("abc") == *kept);
    CHECK(content(images.path_of(*images.keep(""))).empty());
    const auto check = store::check_images(scratch.path());
    REQUIRE(check);
    CHECK(check->files == 2);
    CHECK(check->faults == 0);
}

TEST_CASE("images: half a file from before a crash is gone, and one of another size is written anew") {
    const Scratch scratch;
    const std::string hash = *(*Images::open(scratch.path(), 0)).keep("abc");
    std::ofstream(scratch.path() + "/images/.writing-1") << "half";
    auto images = *Images::open(scratch.path(), 0);
    CHECK_FALSE(std::filesystem::exists(scratch.path() + "/images/.writing-1"));
    std::ofstream(images.path_of(hash)) << "ab";
    REQUIRE(images.keep("abc"));
    CHECK(content(images.path_of(hash)) == "abc");
}

TEST_CASE("images: verify finds what does not fit its name") {
    const Scratch scratch;
    CHECK(store::check_images(scratch.path())->files == 0);
    auto images = *Images::open(scratch.path(), 0);
    const auto hash = *images.keep("abc");
    std::ofstream(images.path_of(hash)) << "abd";
    std::ofstream(scratch.path() + "/images/ba/stray") << "x";
    const auto check = store::check_images(scratch.path());
    REQUIRE(check);
    CHECK(check->files == 2);
    CHECK(check->faults == 2);
    CHECK_THAT(check->first_fault, Catch::Contains("/images/ba/"));
}

TEST_CASE("images: when little is free they wait, and what is kept already needs no room") {
    const Scratch scratch;
    const auto hash = *(*Images::open(scratch.path(), 0)).keep("abc");
    auto images = *Images::open(scratch.path(), std::int64_t{1} << 60);
    const auto refused = images.keep("abcd");
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::full);
    CHECK(*images.keep("abc") == hash);
    CHECK(store::check_images(scratch.path())->files == 1);
}

TEST_CASE("images: two machines may bring the same bytes at the same moment") {
    const Scratch scratch;
    auto images = *Images::open(scratch.path(), 0);
    const auto bring = [&] {
        for (int i = 0; i < 20; ++i) CHECK(images.keep(std::to_string(i)));
    };
    std::thread other(bring);
    bring();
    other.join();
    const auto check = store::check_images(scratch.path());
    CHECK(check->files == 20);
    CHECK(check->faults == 0);
}
