#include "link/watched_folder.hpp"

#include "customs/scratch.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

using namespace hefang;
using namespace hefang::link;
using std::chrono::milliseconds;

namespace {

/// A watched folder on a clock that stands still; files are real.
struct Drop {
    explicit Drop(WatchedFolder::Limits limits = {})
        : folder(*WatchedFolder::open({at("")}, limits, clock, counters)) {}
    [[nodiscard]] std::string at(const std::string& name) const {
        return name.empty() ? scratch.at("in") : scratch.at("in/" + name);
    }
    /// As a writer does: beside, then moved in. inotify tells at once.
    void move_in(const std::string& name, const std::string& bytes) const {
        scratch.put("beside", bytes);
        std::filesystem::rename(scratch.at("beside"), at(name));
    }
    std::vector<Arrival> next() { return *folder.next(milliseconds(0), stop); }
    std::string names() {
        std::string out;
        for (const auto& a : next()) out += (out.empty() ? "" : " ") + a.name;
        return out;
    }
    void later(std::int64_t ms) { clock.time.boot = clock.time.boot + ms; }

    Scratch scratch;
    bool made = std::filesystem::create_directory(scratch.at("in"));
    ManualClock clock = [] {
        ManualClock c;
        c.time.boot = {1'000'000};
        return c;
    }();
    Counters counters;
    Stop stop;
    WatchedFolder folder;
};

}  // namespace

TEST_CASE("folder: what was closed or moved in is there at once, with the time in which that was") {
    Drop drop;
    CHECK(drop.names().empty());
    drop.later(70);
    drop.move_in("a.png", "12345");
    drop.later(30);
    const auto got = drop.next();
    REQUIRE(got.size() == 1);
    CHECK(got[0].name == "a.png");
    CHECK(got[0].stamp.size == 5);
    CHECK(got[0].not_before == BootTime{1'000'000});  // the queue was empty then
    CHECK(got[0].at == BootTime{1'000'100});
    CHECK(*drop.folder.read(got[0]) == "12345");
    drop.scratch.put("in/b.png", "6");  // opened, written, closed
    CHECK(drop.names() == "b.png");
    for (int i = 0; i < 20; ++i) {  // told once, also by later looks
        drop.later(1'000);
        CHECK(drop.names().empty());
    }
}

TEST_CASE("folder: what no event told is found by looks, and complete when it stands still") {
    Drop drop;
    drop.move_in("old.png", "1");
    drop.folder = *WatchedFolder::open({drop.at("")}, {}, drop.clock, drop.counters);  // its event is gone
    CHECK(drop.names().empty());
    drop.later(499);
    CHECK(drop.names().empty());
    drop.later(1);
    CHECK(drop.names().empty());  // one look more
    drop.later(499);
    CHECK(drop.names().empty());
    drop.later(1);
    const auto got = drop.next();
    REQUIRE(got.size() == 1);
    CHECK(got[0].not_before == BootTime{0});  // it may have lain there for days
    CHECK(got[0].at == BootTime{1'000'000});
}

TEST_CASE("folder: a file that grows is not complete, and its time is that of its last change") {
    Drop drop;
    CHECK(drop.names().empty());
    const int fd = ::open(drop.at("slow.jpg").c_str(), O_WRONLY | O_CREAT, 0644);
    REQUIRE(fd >= 0);
    drop.later(2'000);
    for (int i = 0; i < 10; ++i) {  // never closed: no event
        REQUIRE(::write(fd, "xx", 2) == 2);
        CHECK(drop.names().empty());
        drop.later(500);
    }
    CHECK(drop.names().empty());
    drop.later(500);
    const auto got = drop.next();
    REQUIRE(got.size() == 1);
    CHECK(got[0].stamp.size == 20);
    CHECK(got[0].not_before == BootTime{1'006'000});
    CHECK(got[0].at == BootTime{1'006'500});
    REQUIRE(::write(fd, "y", 1) == 1);  // it went on after all: another content, told again
    CHECK(drop.folder.read(got[0]).error().code == Errc::busy);
    ::close(fd);
    CHECK(drop.names() == "slow.jpg");
}

TEST_CASE("folder: what is not finished, and what is no plain file of a sane name, is left where it is") {
    struct Row {
        const char* why;
        const char* counter;  ///< empty: left alone without a word
        void (*make)(const Drop&);
    };
    const auto row = GENERATE(values<Row>({
        {"hidden", "", [](const Drop& d) { d.move_in(".a.png", "1"); }},
        {"a writer's own name", "", [](const Drop& d) { d.move_in("a.png.tmp", "1"); }},
        {"the same in capitals", "", [](const Drop& d) { d.move_in("a.PART", "1"); }},
        {"a control character", "refused-control-character", [](const Drop& d) { d.move_in("a\nb.png", "1"); }},
        {"an escape", "refused-control-character", [](const Drop& d) { d.move_in("\x1b[2J.png", "1"); }},
        {"no UTF-8", "refused-not-utf8", [](const Drop& d) { d.move_in("\xD4\xCB.png", "1"); }},
        {"one byte too long", "refused-name-too-long", [](const Drop& d) { d.move_in(std::string(129, 'a'), "1"); }},
        {"one byte too large", "refused-file-too-large",
         [](const Drop& d) { d.move_in("a.png", std::string(101, 'a')); }},
        {"a link out of the folder", "refused-no-plain-file",
         [](const Drop& d) { std::filesystem::create_symlink("/etc/passwd", d.at("a.png")); }},
        {"a link within it", "refused-no-plain-file",
         [](const Drop& d) { std::filesystem::create_symlink("b.tmp", d.at("a.png")); }},
        {"a pipe that would block its reader", "refused-no-plain-file",
         [](const Drop& d) { REQUIRE(::mkfifo(d.at("a.png").c_str(), 0644) == 0); }},
        {"a folder", "refused-no-plain-file", [](const Drop& d) { std::filesystem::create_directory(d.at("a.png")); }},
    }));
    INFO(row.why);
    WatchedFolder::Limits limits;
    limits.largest = 100;
    Drop drop(limits);
    CHECK(drop.names().empty());
    row.make(drop);
    for (int i = 0; i < 10; ++i) {
        drop.later(1'000);
        CHECK(drop.names().empty());
    }
    std::uint64_t refused = 0;
    for (const auto& counter : drop.counters.rows()) refused += counter.value;
    CHECK(refused == (*row.counter == '\0' ? 0 : 1));
    if (*row.counter != '\0') CHECK(drop.counters.value(row.counter) == 1);
    CHECK(std::filesystem::directory_iterator(drop.at("")) != std::filesystem::directory_iterator());
    drop.move_in("good.png", std::string(100, 'a'));  // the folder works on
    drop.move_in(std::string(128, 'b'), "1");
    CHECK(drop.names() == "good.png " + std::string(128, 'b'));
}

TEST_CASE("folder: names that only look bad are names") {
    Drop drop;
    CHECK(drop.names().empty());
    for (const auto* name : {"$(reboot).png", "a;b|c.png", "..a..png", "安检 1.png", "-rf"}) drop.move_in(name, "1");
    CHECK(drop.names() == "$(reboot).png a;b|c.png 安检 1.png -rf");  // "..a" begins with a dot
}

TEST_CASE("folder: thousands of files are all told, and memory has its limit") {
    WatchedFolder::Limits limits;
    limits.most_files = 1'000;
    Drop drop(limits);
    CHECK(drop.names().empty());
    std::size_t told = 0;
    for (int i = 0; i < 3'000; ++i) drop.scratch.put("in/" + std::to_string(i), "1");
    for (int i = 0; i < 20; ++i) {
        for (const auto& a : drop.next()) {
            ++told;
            if (told > 1'000) CHECK(drop.folder.remove(a));  // the first thousand stay and fill the memory
        }
        drop.later(500);
    }
    CHECK(told == 3'000);
    CHECK(drop.counters.value("refused-too-many-files") == 0);
    drop.scratch.put("in/one", "1");  // its event is enough
    CHECK(drop.names() == "one");
    drop.later(2'000);
    CHECK(drop.names().empty());
    CHECK(drop.counters.value("refused-too-many-files") > 0);
}

TEST_CASE("folder: more events than the kernel keeps are found by a look") {
    Drop drop;
    CHECK(drop.names().empty());
    std::ifstream says("/proc/sys/fs/inotify/max_queued_events");
    unsigned long limit = 0;
    REQUIRE(says >> limit);
    if (limit > 50'000) return;                   // it would take too long here
    for (unsigned long i = 0; i <= limit; ++i) {  // one file, again and again, alternating so that none is merged
        const std::string name = i % 2 == 0 ? "a" : "b";
        ::close(::open(drop.at(name).c_str(), O_WRONLY | O_CREAT, 0644));
    }
    drop.move_in("lost.png", "1");
    std::string told;
    for (int i = 0; i < 10; ++i) {
        told += " " + drop.names();
        drop.later(500);
    }
    CHECK(drop.counters.value("overflows") == 1);
    CHECK_THAT(told, Catch::Contains("lost.png"));
}

TEST_CASE("folder: a file is removed only as it was told") {
    Drop drop;
    CHECK(drop.names().empty());
    drop.move_in("a.png", "1");
    const auto first = drop.next().at(0);
    drop.move_in("a.png", "22");
    CHECK(drop.folder.read(first).error().code == Errc::busy);
    CHECK(drop.folder.remove(first));
    const auto second = drop.next();
    REQUIRE(second.size() == 1);
    CHECK(*drop.folder.read(second[0]) == "22");
    CHECK(drop.folder.remove(second[0]));
    CHECK_FALSE(std::filesystem::exists(drop.at("a.png")));
    CHECK(drop.folder.remove(second[0]));  // again: nothing to do
}

TEST_CASE("folder: one that is not there, or goes away, is an error") {
    Drop drop;
    CHECK(WatchedFolder::open({drop.at("none")}, {}, drop.clock, drop.counters).error().code == Errc::not_found);
    drop.scratch.put("file", "");
    CHECK(WatchedFolder::open({drop.scratch.at("file")}, {}, drop.clock, drop.counters).error().code == Errc::refused);
    CHECK(drop.names().empty());
    std::filesystem::rename(drop.at(""), drop.scratch.at("moved"));
    CHECK(drop.folder.next(milliseconds(0), drop.stop).error().code == Errc::unreachable);
    Drop other;
    other.stop.request();
    CHECK(other.folder.next(milliseconds(1'000), other.stop).error().code == Errc::closed);
}
