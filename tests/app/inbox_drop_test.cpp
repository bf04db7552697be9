#include "app/inbox_drop.hpp"

#include "../customs/scratch.hpp"
#include "digest/sha256.hpp"

#include <sys/stat.h>

#include <csignal>

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace hefang;
using namespace hefang::app;
using Names = std::vector<std::string>;

namespace {

struct Site {
    Site() { std::filesystem::create_directories(folder.at("inbox")); }
    Result<std::string> drop(const std::string& name, const std::string& content) const {
        folder.put(name, content);
        auto dropped = drop_into(folder.at("inbox"), folder.at(name));
        std::filesystem::remove(folder.at(name));
        return dropped;
    }
    Scratch folder;
};

}  // namespace

TEST_CASE("a copy gets into the inbox whole, for its owner only") {
    const Site site;
    const auto sha = site.drop("a.xml", "content");
    REQUIRE(sha);
    CHECK(*sha == hex(sha256("content")));
    CHECK(site.folder.files() == Names{"inbox/a.xml"});
    CHECK(site.folder.get("inbox/a.xml") == "content");
    CHECK(site.folder.mode("inbox/a.xml") == 0600);
}

TEST_CASE("what root drops belongs to the inbox's owner, so that the service can read it") {
    if (::geteuid() != 0) return;  // only root can give a file away
    const Site site;
    REQUIRE(::chown(site.folder.at("inbox").c_str(), 12'345, 12'346) == 0);
    REQUIRE(site.drop("a.xml", "content"));
    struct stat s {};
    REQUIRE(::stat(site.folder.at("inbox/a.xml").c_str(), &s) == 0);
    CHECK(s.st_uid == 12'345);
    CHECK(s.st_gid == 12'346);
}

TEST_CASE("names of copies") {
    struct Row {
        const char* why;
        std::string name, kept;  // nothing kept: refused
    };
    const std::string made = "import-" + hex(sha256("content")).substr(0, 16) + ".xml";
    const auto row = GENERATE_COPY(values<Row>({
        {"a plain one", "a.xml", "a.xml"},
        {"Chinese in UTF-8", "回执.xml", "回执.xml"},
        {"Chinese in GBK", "\xBB\xD8\xD6\xB4.xml", made},
        {"with a line break", "a\nb.xml", made},
        {"as long as the inbox shows", std::string(200, 'n'), std::string(200, 'n')},
        {"longer", std::string(201, 'n'), made},
        {"the inbox never reads it", ".a.xml", ""},
        {"the same", "a.xml.tmp", ""},
        {"the same", "a.part", ""},
        {"the inbox's own", "done", ""},
    }));
    INFO(row.why);
    const Site site;
    CHECK(site.drop(row.name, "content").has_value() == !row.kept.empty());
    CHECK(site.folder.files() == (row.kept.empty() ? Names{} : Names{"inbox/" + row.kept}));
}

TEST_CASE("a file that waits in the inbox is never replaced") {
    const Site site;
    REQUIRE(site.drop("a.xml", "one"));
    REQUIRE(site.drop("a.xml", "two"));
    CHECK(site.folder.get("inbox/a.xml") == "one");
    CHECK(site.folder.get("inbox/a-" + hex(sha256("two")).substr(0, 8) + ".xml") == "two");
}

TEST_CASE("what cannot be copied leaves nothing in the inbox") {
    const Site site;
    SECTION("it is not there") { CHECK_FALSE(drop_into(site.folder.at("inbox"), site.folder.at("absent.xml"))); }
    SECTION("it is a folder") {
        std::filesystem::create_directory(site.folder.at("a.xml"));
        const auto dropped = drop_into(site.folder.at("inbox"), site.folder.at("a.xml"));
        REQUIRE_FALSE(dropped);
        CHECK(dropped.error().detail.find("is no regular file") != std::string::npos);
    }
    SECTION("the command is ended in between: the signal acts once all is clear") {
        struct sigaction ignore {
        }, before{};
        static volatile std::sig_atomic_t heard = 0;
        ignore.sa_handler = [](int) { heard = 1; };
        REQUIRE(::sigaction(SIGINT, &ignore, &before) == 0);
        sigset_t interrupt, mask;
        ::sigemptyset(&interrupt);
        ::sigaddset(&interrupt, SIGINT);
        ::pthread_sigmask(SIG_BLOCK, &interrupt, &mask);  // so that it waits until the copy looks
        ::raise(SIGINT);
        CHECK_FALSE(site.drop("a.xml", "content"));
        CHECK(heard == 0);
        ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
        CHECK(heard == 1);
        ::sigaction(SIGINT, &before, nullptr);
    }
    CHECK(site.folder.files().empty());
}
