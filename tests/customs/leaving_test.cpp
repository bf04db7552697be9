#include "customs/leaving.hpp"

#include "customs/inbox.hpp"
#include "digest/sha256.hpp"
#include "scratch.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fcntl.h>

using namespace hefang;
using namespace hefang::customs;
using Names = std::vector<std::string>;

namespace {

/// A folder with one file that was judged and whose copies are kept: only leaving is left to do.
struct Judging {
    explicit Judging(const std::string& content) : sha256(hex(hefang::sha256(content))) {
        scratch.put("a.xml", content);
    }
    Scratch scratch;
    std::string sha256;
    Folder folder = *Folder::open(scratch.at(""));

    [[nodiscard]] Original judged() const { return *Original::open(folder.fd(), "a.xml"); }
    void put_with_stamp_of(const Original& file, const std::string& content) const {
        struct stat s {};
        REQUIRE(::fstat(file.fd(), &s) == 0);
        scratch.put("a.xml", content);
        const timespec times[2] = {s.st_atim, s.st_mtim};
        REQUIRE(::utimensat(AT_FDCWD, scratch.at("a.xml").c_str(), times, 0) == 0);
    }
};

}  // namespace

TEST_CASE("a file leaves that is still what was judged") {
    const Judging site("<a/>");
    CHECK(leave(site.folder, "a.xml", site.judged(), site.sha256));
    CHECK(site.scratch.files().empty());
}

TEST_CASE("a file that became another one while its copies were kept does not leave") {
    struct Row {
        const char* why;
        std::string then;
        bool same_time, renamed;
    };
    const auto row = GENERATE(values<Row>({
        {"written to further", "<first/> ", false, false},
        {"written anew, longer", "<another one/>", false, false},
        {"written anew, shorter", "<a/>", false, false},
        {"emptied by its writer, who goes on", "", false, false},
        {"of another length within one tick", "<second/>", true, false},
        {"of the same length within one tick", "<other/>", true, false},
        {"renamed over it", "<other/>", false, true},
    }));
    INFO(row.why);
    const Judging site("<first/>");
    const auto judged = site.judged();
    if (row.renamed) {
        site.scratch.put("new", row.then);
        std::filesystem::rename(site.scratch.at("new"), site.scratch.at("a.xml"));
    } else if (row.same_time) {
        site.put_with_stamp_of(judged, row.then);
    } else {
        site.scratch.put("a.xml", row.then);
    }
    const auto left = leave(site.folder, "a.xml", judged, site.sha256);
    REQUIRE_FALSE(left);
    CHECK(left.error().code == Errc::busy);
    CHECK(site.scratch.files() == Names{"a.xml"});
    CHECK(site.scratch.get("a.xml") == row.then);
}

TEST_CASE("a file that is gone says so") {
    const Judging site("<a/>");
    const auto judged = site.judged();
    std::filesystem::remove(site.scratch.at("a.xml"));
    CHECK(leave(site.folder, "a.xml", judged, site.sha256).error().code == Errc::not_found);
}

TEST_CASE("a file is moved whole only while it is what was judged, and overwrites nothing") {
    const Judging site("<first/>");
    const auto judged = site.judged();
    const auto to = *site.folder.below("to");
    SECTION("it is") {
        REQUIRE(move_whole(site.folder, "a.xml", judged, to, "b.xml"));
        CHECK(site.scratch.files() == Names{"to/b.xml"});
        CHECK(site.scratch.mode("to/b.xml") == 0600);
    }
    SECTION("written to meanwhile") {
        site.scratch.put("a.xml", "<second/>");
        CHECK(move_whole(site.folder, "a.xml", judged, to, "b.xml").error().code == Errc::busy);
        CHECK(site.scratch.files() == Names{"a.xml"});
    }
    SECTION("the name is taken") {
        site.scratch.put("to/b.xml", "<foreign/>");
        CHECK_FALSE(move_whole(site.folder, "a.xml", judged, to, "b.xml"));
        CHECK(site.scratch.files() == Names{"a.xml", "to/b.xml"});
        CHECK(site.scratch.get("to/b.xml") == "<foreign/>");
    }
}

TEST_CASE("what a crash left aside is in the inbox again once that opens") {
    const Scratch scratch;
    const ManualClock clock;
    std::filesystem::create_directories(scratch.at("inbox"));
    scratch.put("inbox/.leaving-a.xml", "<first/>");
    SECTION("under its name") {
        REQUIRE(Inbox::open(scratch.at("inbox"), clock));
        CHECK(scratch.files() == Names{"inbox/a.xml"});
    }
    SECTION("beside a newer one that took its name") {
        scratch.put("inbox/a.xml", "<second/>");
        REQUIRE(Inbox::open(scratch.at("inbox"), clock));
        const auto files = scratch.files();
        REQUIRE(files.size() == 2);
        CHECK(scratch.get(files[0]) == "<first/>");
        CHECK(scratch.get("inbox/a.xml") == "<second/>");
    }
}
