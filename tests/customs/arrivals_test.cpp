#include "customs/inbox.hpp"
#include "digest/sha256.hpp"
#include "messages.hpp"
#include "scratch.hpp"

#include <sys/eventfd.h>
#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

using namespace hefang;
using namespace hefang::customs;
using Names = std::vector<std::string>;

namespace {

struct Site {
    Scratch folder;
    ManualClock clock;
    std::unique_ptr<Inbox> inbox = *Inbox::open(folder.at("inbox"), clock);

    Names ready() const {
        const auto names = inbox->ready();
        REQUIRE(names);
        return *names;
    }
    void pass(std::int64_t ms) { clock.time.boot.ms += ms; }
};

/// A file that its writer holds open.
class Writer {
  public:
    explicit Writer(const std::string& path) : fd_(::open(path.c_str(), O_WRONLY | O_CREAT, 0600)) {
        REQUIRE(fd_ >= 0);
    }
    ~Writer() { ::close(fd_); }
    void write(const std::string& text) const {
        REQUIRE(::write(fd_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
    }

  private:
    int fd_;
};

}  // namespace

TEST_CASE("files that were closed or renamed in count at once, in order of name") {
    Site site;
    CHECK(site.ready().empty());
    site.folder.put("inbox/b.xml", "x");
    site.folder.put("inbox/a.xml", "x");
    site.folder.put("elsewhere", "x");
    std::filesystem::rename(site.folder.at("elsewhere"), site.folder.at("inbox/0.xml"));
    CHECK(site.ready() == Names{"0.xml", "a.xml", "b.xml"});
    CHECK(site.ready() == Names{"0.xml", "a.xml", "b.xml"});  // until they leave
    std::filesystem::remove(site.folder.at("inbox/a.xml"));
    CHECK(site.ready() == Names{"0.xml", "b.xml"});
}

TEST_CASE("names that begin with a dot or end in .tmp or .part are left alone") {
    Site site;
    for (const auto* name : {".a.xml", "a.xml.tmp", "a.xml.part", ".alive", "a.tmp.xml", "tmp", "part"}) {
        site.folder.put(std::string("inbox/") + name, "x");
    }
    site.pass(60'000);
    CHECK(site.ready() == Names{"a.tmp.xml", "part", "tmp"});
}

TEST_CASE("a file that stays open counts when it was the same for one second") {
    Site site;
    const Writer writer(site.folder.at("inbox/a.xml"));
    writer.write("one");
    CHECK(site.ready().empty());
    site.pass(999);
    CHECK(site.ready().empty());
    writer.write("two");
    site.pass(1);
    CHECK(site.ready().empty());
    site.pass(999);
    CHECK(site.ready().empty());
    site.pass(1);
    CHECK(site.ready() == Names{"a.xml"});
}

TEST_CASE("a file that was there before the start counts after one second") {
    Site site;
    site.folder.put("inbox/a.xml", "x");
    site.inbox = *Inbox::open(site.folder.at("inbox"), site.clock);
    CHECK(site.ready().empty());
    site.pass(1'000);
    CHECK(site.ready() == Names{"a.xml"});
}

TEST_CASE("what was said of one file does not hold for the next of the same name") {
    Site site;
    site.folder.put("inbox/a.xml", "x");
    CHECK(site.ready() == Names{"a.xml"});
    const Writer writer(site.folder.at("inbox/a.xml"));
    writer.write("longer than before");
    CHECK(site.ready().empty());
    site.pass(1'000);
    CHECK(site.ready() == Names{"a.xml"});
}

TEST_CASE("an empty file waits although it was closed") {
    Site site;
    site.folder.put("inbox/a.xml", "");
    CHECK(site.ready().empty());
    site.pass(1'000);
    CHECK(site.ready() == Names{"a.xml"});
}

TEST_CASE("what is no file is passed over and counted once") {
    Site site;
    std::filesystem::create_directory(site.folder.at("inbox/folder"));
    std::filesystem::create_symlink("/etc/passwd", site.folder.at("inbox/link"));
    REQUIRE(::mkfifo(site.folder.at("inbox/pipe").c_str(), 0600) == 0);
    CHECK(site.ready().empty());
    site.pass(5'000);
    CHECK(site.ready().empty());
    CHECK(site.inbox->counters().value("entries-ignored") == 3);
}

TEST_CASE("files with hostile names are taken under a name of ours") {
    Site site;
    const Names hostile{"a\nb.xml", "\x1b[2J.xml", "\xFF.xml", std::string(201, 'n'), "\xC2\x9B.xml", "\xB2\xE2.xml"};
    for (const auto& name : hostile) site.folder.put("inbox/" + name, "<" + name);
    site.folder.put("inbox/" + std::string(200, 'n'), "<broken");
    site.folder.put("inbox/中文.xml", "<broken");
    CHECK(site.ready() == Names{std::string(200, 'n'), "中文.xml"});
    CHECK(site.inbox->counters().value("names-refused") == hostile.size());
    Names want{std::string(200, 'n'), "中文.xml"};
    for (const auto& name : hostile) {
        want.push_back("hostile-name-" + hex(sha256(name)).substr(0, 16));
        CHECK(site.folder.get("inbox/" + want.back()) == "<" + name);
    }
    std::sort(want.begin(), want.end());
    CHECK(site.ready() == want);
}

TEST_CASE("a hostile name that cannot be changed stays and stops nobody") {
    Site site;
    const std::string name = "a\nb.xml";
    site.folder.put("inbox/hostile-name-" + hex(sha256(name)).substr(0, 16), "earlier");  // ours is not free
    site.folder.put("inbox/" + name, "<broken");
    site.folder.put("inbox/good.xml", "x");
    const Names want{"good.xml", "hostile-name-" + hex(sha256(name)).substr(0, 16)};
    CHECK(site.ready() == want);
    CHECK(site.ready() == want);
    CHECK(site.inbox->counters().value("names-stuck") == 1);  // said once
    CHECK(site.inbox->counters().value("names-refused") == 0);
    std::filesystem::remove(site.folder.at("inbox/" + want.back()));
    CHECK(site.ready() == Names{"good.xml"});
    CHECK(site.ready() == want);
    CHECK(site.inbox->counters().value("names-refused") == 1);
}

TEST_CASE("a name of the greatest length can be kept, with its reason and a suffix") {
    Site site;
    const std::string name(200, 'n');
    for (const auto* content : {"<broken", "<other", "<third"}) {
        site.folder.put("inbox/" + name, content);
        const auto file = site.inbox->judge(name);
        REQUIRE(file);
        REQUIRE(site.inbox->refuse(name, file->identity, file->refusal));
    }
    CHECK(site.folder.files().size() == 6);
}

TEST_CASE("more files than one scan holds come in their order all the same") {
    Site site;
    for (int i = 0; i < 9'000; ++i) {
        auto digits = std::to_string(i);
        const Writer writer(site.folder.at("inbox/" + std::string(5 - digits.size(), '0') + digits));
    }
    CHECK(site.ready().empty());
    site.pass(1'000);
    const auto names = site.ready();
    REQUIRE(names.size() == 4'096);
    CHECK(names.front() == "00000");
    CHECK(names.back() == "04095");
}

TEST_CASE("waiting ends with a change, a stop or the time") {
    const Site site;
    const int stop = ::eventfd(0, EFD_CLOEXEC);
    CHECK(site.inbox->wait(stop, 0) == Arrivals::Woke::timeout);
    CHECK(site.inbox->wait(stop, 10) == Arrivals::Woke::timeout);
    site.folder.put("inbox/a.xml", "x");
    CHECK(site.inbox->wait(stop, 10'000) == Arrivals::Woke::changed);
    CHECK(site.ready() == Names{"a.xml"});
    CHECK(site.inbox->wait(stop, 0) == Arrivals::Woke::timeout);
    REQUIRE(::eventfd_write(stop, 1) == 0);
    CHECK(site.inbox->wait(stop, 10'000) == Arrivals::Woke::stopped);
    ::close(stop);
}

TEST_CASE("an inbox leaves no descriptor open") {
    const auto open_now = [] {
        return std::distance(std::filesystem::directory_iterator("/proc/self/fd"),
                             std::filesystem::directory_iterator());
    };
    const auto before = open_now();
    {
        const Site site;
        for (int i = 0; i < 5; ++i) {
            site.folder.put("inbox/a.xml", messages::declaration_file(messages::inventory()));
            CHECK(site.ready().size() == 1);
            const auto good = site.inbox->judge("a.xml");
            REQUIRE(good);
            REQUIRE(site.inbox->finish("a.xml", good->identity, good->judged));
            site.folder.put("inbox/b.xml", "<broken");
            const auto bad = site.inbox->judge("b.xml");
            REQUIRE(bad);
            REQUIRE(site.inbox->refuse("b.xml", bad->identity, bad->refusal));
        }
        CHECK_FALSE(site.inbox->judge("absent"));
    }
    CHECK(open_now() == before);
}

TEST_CASE("a folder that is gone is an error, not an empty inbox") {
    CHECK_FALSE(Inbox::open("/proc/no-such-folder/inbox", ManualClock{}));
}
