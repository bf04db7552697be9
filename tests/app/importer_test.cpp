#include "app/importer.hpp"

#include "../customs/messages.hpp"
#include "../customs/scratch.hpp"

#include <sys/stat.h>

#include <thread>

#include <catch2/catch.hpp>
#include <fcntl.h>

using namespace hefang;
using namespace hefang::app;
using namespace messages;

namespace {

/// An importer without its thread, beside a core that ends each file as the test says.
struct Site {
    Site() : core([this] { answer(); }) {}
    ~Site() {
        stop = true;
        mailbox.wake();
        core.join();
    }
    Site(const Site&) = delete;
    Site& operator=(const Site&) = delete;

    void answer() {
        while (!stop) {
            for (auto& message : mailbox.take(8, std::chrono::milliseconds(20))) {
                if (const auto* judged = std::get_if<FileJudged>(&message)) {
                    ++handed_over;
                    judged->file->finish(end);
                } else {
                    ++alive;
                }
            }
        }
    }
    void look(std::int64_t after_ms) {
        clock.time.boot.ms += after_ms;
        importer.look();
    }
    void drop(const std::string& name, const std::string& content) const { folder.put("inbox/" + name, content); }
    /// While it stands, nothing can be kept in `done/` or `refused/`.
    void block(const std::string& kept) const {
        std::filesystem::create_directory(folder.at("inbox/" + kept + "/.writing"));
    }
    void unblock(const std::string& kept) const { std::filesystem::remove(folder.at("inbox/" + kept + "/.writing")); }
    [[nodiscard]] std::uint64_t count(const char* name) const { return importer.counters().value(name); }

    Scratch folder;
    ManualClock clock;
    CoreMailbox mailbox;
    Importer importer{*customs::Inbox::open(folder.at("inbox"), clock), mailbox, clock};
    std::atomic<PendingImport::End> end{PendingImport::End::committed};
    std::atomic<int> handed_over{0}, alive{0};
    std::atomic<bool> stop{false};
    std::thread core;
};

const std::string good = declaration_file(inventory());
const std::string other = declaration_file(inventory(with(head_fields(), "copNo", "OTHER")));

}  // namespace

TEST_CASE("a file that was committed and cannot be filed away is handed over once") {
    struct Row {
        const char* why;
        std::string content, kept;
    };
    const auto row = GENERATE(values<Row>({{"a good file", good, "done"}, {"a broken one", "<broken", "refused"}}));
    INFO(row.why);
    Site site;
    site.block(row.kept);
    site.drop("a.xml", row.content);
    site.look(0);
    CHECK(site.handed_over == 1);
    CHECK(site.count("files-not-filed") == 1);
    CHECK(site.importer.waiting() == 1);
    // Attempts after 1, 2, 4 s …, not at each look; then every 5 minutes.
    for (const auto& [after_ms, attempts] : {std::pair{999, 1}, {1, 2}, {1'999, 2}, {1, 3}, {3'999, 3}, {1, 4}}) {
        site.look(after_ms);
        CHECK(site.count("files-not-filed") == static_cast<std::uint64_t>(attempts));
    }
    for (int i = 0; i < 10; ++i) site.look(300'000);
    CHECK(site.count("files-not-filed") == 14);
    site.look(299'999);
    CHECK(site.count("files-not-filed") == 14);
    site.unblock(row.kept);
    site.look(1);
    CHECK(site.handed_over == 1);
    CHECK(site.count("files-taken") == 1);
    CHECK(site.importer.waiting() == 0);
    CHECK_FALSE(std::filesystem::exists(site.folder.at("inbox/a.xml")));
    CHECK(std::filesystem::exists(site.folder.at("inbox/" + row.kept + "/a.xml")));
}

TEST_CASE("another file in the place of one that could not be filed away is taken at once") {
    Site site;
    site.block("done");
    site.drop("a.xml", good);
    site.look(0);
    site.drop("a.xml", other);
    site.unblock("done");
    site.look(1);
    CHECK(site.handed_over == 2);
    CHECK(site.folder.get("inbox/done/a.xml").find("OTHER") != std::string::npos);
}

TEST_CASE("the same file delivered again after it was filed away is a message of its own") {
    Site site;
    for (int i = 1; i <= 2; ++i) {
        site.drop("a.xml", good);
        site.look(1);
        CHECK(site.handed_over == i);
    }
}

TEST_CASE("by a clock that is not set nothing expires; once it is set, what is due goes at once") {
    Site site;
    site.drop("a.xml", "<broken");
    site.look(0);
    REQUIRE(std::filesystem::exists(site.folder.at("inbox/refused/a.xml")));
    site.clock.time.clock = ClockState::unsynced;
    site.clock.time.wall.ms = std::int64_t{1} << 42;  // the year 2109
    site.look(25 * 3'600'000);
    CHECK(std::filesystem::exists(site.folder.at("inbox/refused/a.xml")));
    site.clock.time.clock = ClockState::holdover;
    site.look(1);
    CHECK_FALSE(std::filesystem::exists(site.folder.at("inbox/refused/a.xml")));
}

TEST_CASE("a file that the register has no room for is tried again once a minute, and stops nobody") {
    Site site;
    site.end = PendingImport::End::put_off;
    site.drop("a.xml", good);
    site.look(0);
    site.look(59'999);
    CHECK(site.handed_over == 1);
    CHECK(site.count("files-put-off") == 1);
    site.end = PendingImport::End::committed;
    site.drop("b.xml", other);
    site.look(0);
    CHECK(site.handed_over == 2);
    CHECK(std::filesystem::exists(site.folder.at("inbox/a.xml")));
    CHECK_FALSE(std::filesystem::exists(site.folder.at("inbox/b.xml")));
    site.look(1);
    CHECK(site.handed_over == 3);
    CHECK_FALSE(std::filesystem::exists(site.folder.at("inbox/a.xml")));
}

TEST_CASE("a touch of the sign of life counts, also the very first; what was there before the start does not") {
    const bool before = GENERATE(true, false);
    const Scratch folder;
    ManualClock clock;
    CoreMailbox mailbox;
    std::filesystem::create_directories(folder.at("inbox"));
    const auto touch = [&](std::time_t s) {
        folder.put("inbox/.alive", "");
        const timespec times[2] = {{s, 0}, {s, 0}};
        REQUIRE(::utimensat(AT_FDCWD, folder.at("inbox/.alive").c_str(), times, 0) == 0);
    };
    if (before) touch(1'000);
    Importer importer(*customs::Inbox::open(folder.at("inbox"), clock), mailbox, clock);
    importer.look();
    CHECK(mailbox.waiting() == 0);
    touch(2'000);
    importer.look();
    importer.look();
    CHECK(mailbox.waiting() == 1);
    touch(3'000);
    importer.look();
    touch(4'000);
    importer.look();  // the inlet has room for two
    CHECK(mailbox.waiting() == 2);
    CHECK(mailbox.take(8, std::chrono::milliseconds(0)).size() == 2);
    importer.look();
    CHECK(mailbox.waiting() == 1);  // told once there is room
}

TEST_CASE("the core has one file at a time, in order of name, whatever is judged meanwhile") {
    const Scratch folder;
    ManualClock clock;
    CoreMailbox mailbox;
    Importer importer(*customs::Inbox::open(folder.at("inbox"), clock), mailbox, clock);
    for (const char* name : {"c.xml", "a.xml", "b.xml"}) folder.put("inbox/" + std::string(name), good);
    std::thread looks([&] { importer.look(); });
    for (const char* name : {"a.xml", "b.xml", "c.xml"}) {
        auto taken = mailbox.take(8, std::chrono::seconds(20));
        REQUIRE(taken.size() == 1);
        const auto file = std::get<FileJudged>(taken.front()).file;
        CHECK(file->name() == name);
        CHECK(mailbox.take(8, std::chrono::milliseconds(20)).empty());  // long enough for the next to be judged
        CHECK(std::filesystem::exists(folder.at("inbox/" + file->name())));
        file->finish(PendingImport::End::committed);
    }
    looks.join();
    CHECK(importer.waiting() == 0);
    CHECK(importer.counters().value("files-taken") == 3);
}
