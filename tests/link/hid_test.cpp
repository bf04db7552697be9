#include "link/hid_link.hpp"
#include "link/link.hpp"

#include <sys/stat.h>

#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

using namespace hefang;
using namespace hefang::link;

namespace {

using Ms = std::chrono::milliseconds;

struct Folder {
    Folder() {
        char name[] = "/tmp/hefang-hid-XXXXXX";
        path = ::mkdtemp(name);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string path;
};

}  // namespace

TEST_CASE("hid: a FIFO delivers what is written into it, and its end is an unplugging") {
    const Folder folder;
    const auto name = folder.path + "/kbd";
    REQUIRE(::mkfifo(name.c_str(), 0600) == 0);
    const Stop stop;
    const auto address = parse_link("hid://" + name);
    REQUIRE(address);
    auto endpoint = make_endpoint(*address);
    REQUIRE(endpoint);
    for (int life = 0; life < 2; ++life) {
        auto link = (*endpoint)->open(Ms(0), stop);
        REQUIRE(link);
        std::array<char, 64> buffer{};
        CHECK((*link)->read_some(buffer, Ms(0), stop).error().code == Errc::timeout);  // nobody plugged it in yet
        const int fd = ::open(name.c_str(), O_WRONLY | O_CLOEXEC);
        REQUIRE(fd >= 0);
        REQUIRE(::write(fd, "events", 6) == 6);
        const auto n = (*link)->read_some(buffer, Ms(1000), stop);
        REQUIRE(n);
        CHECK(std::string_view(buffer.data(), *n) == "events");
        ::close(fd);
        const auto end = (*link)->read_some(buffer, Ms(1000), stop);
        REQUIRE_FALSE(end);
        CHECK(end.error().code == Errc::unreachable);
        CHECK_THAT(end.error().detail, Catch::Contains("unplugged"));
    }
}

TEST_CASE("hid: what is no keyboard, or another's, is refused by name") {
    struct Row {
        const char* why;
        const char* path;  // within a folder, or absolute
        Errc code;
        const char* says;
    };
    const auto row = GENERATE(values<Row>({
        {"a file", "file", Errc::refused, "no input device"},
        {"another device", "/dev/null", Errc::refused, "no input device"},
        {"a folder", ".", Errc::refused, "no input device"},
        {"nothing", "none", Errc::not_found, "plugged in"},
    }));
    INFO(row.why);
    const Folder folder;
    std::ofstream(folder.path + "/file") << "x";
    const auto link = HidLink::open({std::filesystem::path(folder.path) / row.path});
    REQUIRE_FALSE(link);
    CHECK(link.error().code == row.code);
    CHECK_THAT(link.error().detail, Catch::Contains(row.says));
}

TEST_CASE("hid: a second gateway does not get the same FIFO") {
    const Folder folder;
    const auto name = folder.path + "/kbd";
    REQUIRE(::mkfifo(name.c_str(), 0600) == 0);
    auto first = HidLink::open({name});
    REQUIRE(first);
    const auto second = HidLink::open({name});
    REQUIRE_FALSE(second);
    CHECK(second.error().code == Errc::busy);
    (*first)->close();
    CHECK(HidLink::open({name}));
}
