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
                    found = judged->file->found.ms;
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
    std::atomic<std::int64_t> found{-1};  ///< of the file handed over last
    std::atomic<bool> stop{false};
    std::thread core;
};

/// As the transfer client does, at this second.
void touch(const Scratch& folder, std::time_t s) {
    folder.put("inbox/.alive", "");
    const timespec times[2] = {{s, 0}, {s, 0}};
    REQUIRE(::utimensat(AT_FDCWD, folder.at("inbox/.alive").c_str(), times, 0) == 0);
}

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
    CHECK(site.found == 0);
    site.end = PendingImport::End::committed;
    site.drop("b.xml", other);
    site.look(0);
    CHECK(site.handed_over == 2);
    CHECK(site.found == 59'999);
    CHECK(std::filesystem::exists(site.folder.at("inbox/a.xml")));
    CHECK_FALSE(std::filesystem::exists(site.folder.at("inbox/b.xml")));
    site.look(1);
    CHECK(site.handed_over == 3);
    CHECK(site.found == 0);  // still of the day when it came, no sign of life of today
    CHECK_FALSE(std::filesystem::exists(site.folder.at("inbox/a.xml")));
}

TEST_CASE("a touch of the sign of life counts, also the very first; what was there before the start does not") {
    const bool before = GENERATE(true, false);
    const Scratch folder;
    ManualClock clock;
    CoreMailbox mailbox;
    std::filesystem::create_directories(folder.at("inbox"));
    if (before) touch(folder, 1'000);
    Importer importer(*customs::Inbox::open(folder.at("inbox"), clock), mailbox, clock);
    importer.look();
    CHECK(mailbox.waiting() == 0);
    touch(folder, 2'000);
    importer.look();
    importer.look();
    CHECK(mailbox.waiting() == 1);
    touch(folder, 3'000);
    importer.look();
    touch(folder, 4'000);
    clock.time.boot.ms = 4;
    importer.look();  // the inlet has room for two
    CHECK(mailbox.waiting() == 2);
    CHECK(mailbox.take(8, std::chrono::milliseconds(0)).size() == 2);
    clock.time.boot.ms = 9'000'000;
    importer.look();
    const auto told = mailbox.take(8, std::chrono::milliseconds(0));  // once there is room
    REQUIRE(told.size() == 1);
    CHECK(std::get<InboxAlive>(told[0]).at == BootTime{4});  // and when it was noticed
}

TEST_CASE("while the core takes its time with a file the sign of life is watched, and a file says when it was found") {
    const Scratch folder;
    ManualClock clock;
    clock.time.boot.ms = 1'000;
    CoreMailbox mailbox;
    Importer importer(*customs::Inbox::open(folder.at("inbox"), clock), mailbox, clock);
    folder.put("inbox/a.xml", good);
    std::thread looks([&] { importer.look(); });
    auto taken = mailbox.take(8, std::chrono::seconds(20));
    REQUIRE(taken.size() == 1);
    const auto file = std::get<FileJudged>(taken.front()).file;
    CHECK(file->found == BootTime{1'000});
    touch(folder, 3'000);
    taken = mailbox.take(8, std::chrono::seconds(20));
    CHECK(taken.size() == 1);
    CHECK(std::holds_alternative<InboxAlive>(taken.at(0)));
    file->finish(PendingImport::End::committed);
    looks.join();
}

TEST_CASE("the core has one file at a time, in order of name") {
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
        CHECK(mailbox.take(8, std::chrono::milliseconds(20)).empty());
        CHECK(std::filesystem::exists(folder.at("inbox/" + file->name())));
        file->finish(PendingImport::End::committed);
    }
    looks.join();
    CHECK(importer.waiting() == 0);
    CHECK(importer.counters().value("files-taken") == 3);
}

TEST_CASE("the next file is judged while the core takes one") {
    const Scratch folder;
    ManualClock clock;
    CoreMailbox mailbox;
    Importer importer(*customs::Inbox::open(folder.at("inbox"), clock), mailbox, clock);
    for (const std::time_t s :
         {1'000, 2'000}) {  // no room: the first file waits, the second is listed and not read yet
        touch(folder, s);
        importer.look();
    }
    for (const char* name : {"a.xml", "b.xml"}) folder.put("inbox/" + std::string(name), good);
    std::thread looks([&] { importer.look(); });
    const auto eventually = [](const auto& condition) {
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (!condition() && std::chrono::steady_clock::now() < until) std::this_thread::yield();
        return condition();
    };
    CHECK(eventually([&] { return importer.waiting() == 2; }));
    std::filesystem::remove(folder.at("inbox/b.xml"));
    std::vector<Message> taken;
    while (taken.size() < 3) {
        auto more = mailbox.take(8, std::chrono::seconds(20));
        if (more.empty()) break;
        for (auto& message : more) taken.push_back(std::move(message));
    }
    CHECK(eventually(
        [&] { return importer.counters().value("files-unreadable-now") == 1; }));  // a.xml is still under way
    CHECK(importer.counters().value("files-taken") == 0);
    const auto* first = taken.empty() ? nullptr : std::get_if<FileJudged>(&taken.back());
    CHECK(first != nullptr);
    if (first != nullptr)
        first->file->finish(PendingImport::End::committed);
    else
        importer.stop();
    looks.join();
    CHECK(importer.counters().value("files-taken") == 1);
}
