#include "customs/inbox.hpp"

#include "digest/sha256.hpp"
#include "messages.hpp"
#include "scratch.hpp"

#include <sys/stat.h>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <unistd.h>

using namespace hefang;
using namespace hefang::customs;
using namespace messages;
using Names = std::vector<std::string>;

namespace {

struct Site {
    Scratch folder;
    ManualClock clock;
    std::unique_ptr<Inbox> inbox = *Inbox::open(folder.at("inbox"), clock);

    void drop(const std::string& name, const std::string& content) const { folder.put("inbox/" + name, content); }
    Result<Inbox::Kept> take(const std::string& name) const {
        const auto file = inbox->judge(name);
        return file ? file_away(name, *file) : tl::unexpected(file.error());
    }
    Result<Inbox::Kept> file_away(const std::string& name, const Inbox::Examined& file) const {
        return file.refusal.empty() ? inbox->finish(name, file.identity, file.judged)
                                    : inbox->refuse(name, file.identity, file.refusal);
    }
    [[nodiscard]] Names files() const { return folder.files(); }
    /// No file anywhere holds any of the personal texts of messages.hpp.
    [[nodiscard]] bool holds_personal_text() const {
        for (const auto& name : folder.files()) {
            const auto text = folder.get(name);
            if (text.find("SECRET") != std::string::npos || text.find("秘密") != std::string::npos) return true;
        }
        return false;
    }
};

/// While it lives the gateway is a user who owns `folder`, but not what is dropped into it; with no folder nothing
/// changes.
class AsAnotherUser {
  public:
    explicit AsAnotherUser(const std::string& folder) : on_(!folder.empty()) {
        if (!on_) return;
        for (const auto* name : {"", "inbox", "inbox/done", "inbox/refused"})
            REQUIRE(::chown((folder + "/" + name).c_str(), nobody, nobody) == 0);
        REQUIRE(::seteuid(nobody) == 0);
    }
    ~AsAnotherUser() {
        if (on_) (void)!::seteuid(0);
    }
    AsAnotherUser(const AsAnotherUser&) = delete;
    AsAnotherUser& operator=(const AsAnotherUser&) = delete;
    template <class Step>
    void pause(Step step) const {
        if (on_) REQUIRE(::seteuid(0) == 0);
        step();
        if (on_) REQUIRE(::seteuid(nobody) == 0);
    }

  private:
    static constexpr uid_t nobody = 65'534;
    bool on_;
};

const std::string mixed = declaration_file(inventory() + inventory(with(head_fields(), "copNo", std::string(61, 'A'))) +
                                           inventory(with(head_fields(), "appType", "9")));
std::string short_hash(const std::string& file) { return hex(sha256(file)).substr(0, 12); }

}  // namespace

TEST_CASE("a good file goes to done without its personal text") {
    const Site site;
    const auto file = declaration_file(inventory());
    site.drop("a.xml", file);
    CHECK(site.holds_personal_text());
    const auto kept = site.take("a.xml");
    REQUIRE(kept);
    CHECK(kept->done == "a.xml");
    CHECK(kept->refused.empty());
    CHECK(site.files() == Names{"inbox/done/a.xml"});
    CHECK_FALSE(site.holds_personal_text());
    auto bare = head_fields();
    for (const auto* name : {"buyerIdNumber", "buyerName", "buyerTelephone", "consigneeAddress"})
        bare = with(bare, name, "");
    CHECK(site.folder.get("inbox/done/a.xml") == declaration_file(inventory(bare)));
    CHECK(site.folder.mode("inbox/done/a.xml") == 0600);
    CHECK(site.folder.mode("inbox/done") == 0700);
    CHECK(site.folder.mode("inbox/refused") == 0700);
    CHECK(site.inbox->counters().value("files-finished") == 1);
}

TEST_CASE("bad nodes are kept with a reason, in a file that can be mended and dropped again") {
    const Site site;
    site.drop("a.xml", mixed);
    const auto kept = site.take("a.xml");
    REQUIRE(kept);
    CHECK(kept->refused == "a.xml");
    CHECK(site.files() == Names{"inbox/done/a.xml", "inbox/refused/a.xml", "inbox/refused/a.xml.reason.txt"});
    CHECK_FALSE(site.holds_personal_text());
    const auto reason = site.folder.get("inbox/refused/a.xml.reason.txt");
    CHECK(reason == "a.xml: 2 of 3 nodes are refused\nSHA-256 of the file: " + hex(sha256(mixed)) +
                        "\nkept: without the text of personal elements\n"
                        "line 39: copNo is longer than 60 characters\nline 56: appType is none of 1, 2, 3\n");
    const auto again = judge_file(site.folder.at("inbox/refused/a.xml"));
    REQUIRE(again);
    CHECK(again->declarations.empty());
    REQUIRE(again->refusals.size() == 2);
    CHECK(again->refusals[0].element == "copNo");
    CHECK(again->refusals[1].element == "appType");
    CHECK(site.folder.mode("inbox/refused/a.xml") == 0600);
    CHECK(site.folder.mode("inbox/refused/a.xml.reason.txt") == 0600);
    CHECK(site.inbox->counters().value("nodes-refused") == 2);
}

TEST_CASE("personal text goes in whatever dress it comes") {
    const auto file_with = [](const std::string& dressed) {
        return declaration_file(
            element("Inventory", element("InventoryHead", dressed + elements(head_fields())) + dressed) + dressed +
            "<ceb:ExtendMessage>" + dressed + "</ceb:ExtendMessage>");
    };
    struct Row {
        const char* why;
        std::string dressed;
    };
    const std::vector<Row> rows{
        {"CDATA", "<ceb:buyerName><![CDATA[SECRET]]></ceb:buyerName>"},
        {"entities", "<ceb:buyerName>SECRET&lt;&amp;&#x53;ECRET</ceb:buyerName>"},
        {"attributes", "<ceb:buyerName alias=\"SECRET\">x</ceb:buyerName>"},
        {"attributes of an empty element", "<ceb:buyerName alias=\"SECRET\"/>"},
        {"nested elements",
         "<ceb:buyerName><first a='SECRET'>SECRET</first><ceb:buyerName>SECRET</ceb:buyerName></ceb:buyerName>"},
        {"a comment inside", "<ceb:buyerName><!-- SECRET --></ceb:buyerName>"},
        {"commented out", "<!-- <ceb:buyerName>SECRET</ceb:buyerName> -->"},
        {"another namespace", "<buyerName>SECRET</buyerName>"},
        {"blank in the tags", "<ceb:buyerName\n >SECRET</ceb:buyerName >"},
        {"of another kind of message",
         "<ceb:consignee>SECRET</ceb:consignee><ceb:consigneeTelephone>SECRET"
         "</ceb:consigneeTelephone><ceb:payerName>SECRET</ceb:payerName>"},
        {"longer than one piece of reading", "<ceb:buyerName>" + repeated("SECRET ", 30'000) + "</ceb:buyerName>"},
    };
    for (const auto& row : rows) {
        INFO(row.why);
        const Site site;
        site.drop("a.xml", file_with(row.dressed));
        REQUIRE(site.take("a.xml"));
        CHECK_FALSE(site.holds_personal_text());
        CHECK(site.folder.get("inbox/done/a.xml").find("<ceb:orderNo>ORDER-1</ceb:orderNo>") != std::string::npos);
        CHECK(judge_file(site.folder.at("inbox/done/a.xml")));
    }
}

TEST_CASE("a file that is refused whole") {
    const Site site;
    SECTION("that cannot be parsed is kept as it came, for its owner only") {
        site.drop("a.xml", mixed.substr(0, mixed.size() - 5));
        const auto kept = site.take("a.xml");
        REQUIRE(kept);
        CHECK(kept->refused == "a.xml");
        CHECK(site.files() == Names{"inbox/refused/a.xml", "inbox/refused/a.xml.reason.txt"});
        CHECK(site.folder.get("inbox/refused/a.xml") == mixed.substr(0, mixed.size() - 5));
        CHECK(site.folder.mode("inbox/refused/a.xml") == 0600);
        CHECK(
            site.folder.get("inbox/refused/a.xml.reason.txt") ==
            "a.xml: the whole file is refused\nSHA-256 of the file: " + hex(sha256(mixed.substr(0, mixed.size() - 5))) +
                "\nline 78: not well-formed UTF-8 XML: unclosed token\nkept: as it came, for 30 days\n");
    }
    SECTION("of another kind is kept without its personal text") {
        auto other = mixed;
        for (auto at = other.find("CEB621"); at != std::string::npos; at = other.find("CEB621"))
            other.replace(at, 6, "CEB311");
        site.drop("b.xml", other);
        REQUIRE(site.take("b.xml"));
        CHECK(site.files() == Names{"inbox/refused/b.xml", "inbox/refused/b.xml.reason.txt"});
        CHECK_FALSE(site.holds_personal_text());
        CHECK(site.folder.get("inbox/refused/b.xml.reason.txt")
                  .find("line 2: kind CEB311 is not read by this version\n") != std::string::npos);
    }
    CHECK(site.inbox->counters().value("files-refused") == 1);
}

TEST_CASE("a file as it came leaves after thirty days, its reason stays") {
    Site site;
    site.drop("a.xml", "<broken");
    site.drop("b.xml", mixed);
    REQUIRE(site.take("a.xml"));
    REQUIRE(site.take("b.xml"));
    struct stat s {};
    REQUIRE(::stat(site.folder.at("inbox/refused/a.xml.reason.txt").c_str(), &s) == 0);
    const WallTime since{s.st_mtim.tv_sec * 1'000 + s.st_mtim.tv_nsec / 1'000'000};
    const std::int64_t days = std::int64_t{30} * 86'400'000;
    REQUIRE(site.inbox->expire({since.ms + days}));
    CHECK(site.files().size() == 5);
    REQUIRE(site.inbox->expire({since.ms + days + 1}));
    CHECK(site.files() == Names{"inbox/done/b.xml", "inbox/refused/a.xml.reason.txt", "inbox/refused/b.xml",
                                "inbox/refused/b.xml.reason.txt"});
    CHECK(site.folder.get("inbox/refused/a.xml.reason.txt").ends_with("kept: no longer, the 30 days are over\n"));
    CHECK(site.inbox->counters().value("as-came-expired") == 1);
    REQUIRE(site.inbox->expire({since.ms + 2 * days}));
    CHECK(site.files().size() == 4);
}

TEST_CASE("what a killed import left goes after a day, and one file that cannot go holds up no other") {
    Site site;
    site.drop(".import-1", "SECRET");
    site.drop(".import-2", "SECRET");
    site.drop("a.xml", "<broken");
    REQUIRE(site.take("a.xml"));
    struct stat s {};
    REQUIRE(::stat(site.folder.at("inbox/.import-1").c_str(), &s) == 0);
    const std::int64_t written = s.st_mtim.tv_sec * 1'000 + s.st_mtim.tv_nsec / 1'000'000;
    const timespec late[2] = {s.st_mtim, {s.st_mtim.tv_sec + 1, 0}};
    REQUIRE(::utimensat(AT_FDCWD, site.folder.at("inbox/.import-2").c_str(), late, 0) == 0);
    REQUIRE(site.inbox->expire({written + 86'400'000}));
    CHECK(site.files().size() == 4);
    REQUIRE(site.inbox->expire({written + 86'400'001}));
    CHECK(site.files() == Names{"inbox/.import-2", "inbox/refused/a.xml", "inbox/refused/a.xml.reason.txt"});
    std::filesystem::remove(site.folder.at("inbox/.import-2"));
    std::filesystem::create_directory(site.folder.at("inbox/.import-2"));
    CHECK_FALSE(site.inbox->expire({written + std::int64_t{40} * 86'400'000}));
    CHECK(site.files() == Names{"inbox/refused/a.xml.reason.txt"});
}

TEST_CASE("a crash between the steps of keeping a file changes nothing in the end") {
    const Names want{"inbox/done/a.xml", "inbox/refused/a.xml", "inbox/refused/a.xml.reason.txt"};
    Site site;
    site.drop("a.xml", mixed);
    REQUIRE(site.take("a.xml"));
    REQUIRE(site.files() == want);
    // The steps in their order: done, refused nodes, reason, removal. Each row is what a crash leaves behind.
    struct Row {
        const char* why;
        Names lost;
    };
    const auto row = GENERATE(values<Row>({
        {"before everything", {"inbox/done/a.xml", "inbox/refused/a.xml", "inbox/refused/a.xml.reason.txt"}},
        {"after done", {"inbox/refused/a.xml", "inbox/refused/a.xml.reason.txt"}},
        {"after the refused nodes", {"inbox/refused/a.xml.reason.txt"}},
        {"after the reason", {}},
    }));
    INFO(row.why);
    for (const auto& name : row.lost) std::filesystem::remove(site.folder.at(name));
    site.drop("a.xml", mixed);
    site.folder.put("inbox/done/.writing", "half of it");
    site.folder.put("inbox/refused/.writing", "half of it");
    site.inbox = *Inbox::open(site.folder.at("inbox"), site.clock);
    REQUIRE(site.take("a.xml"));
    CHECK(site.files() == want);
    CHECK(site.inbox->finish("a.xml", {}, *judge(mixed)).error().code == Errc::not_found);
}

TEST_CASE("a crash between the reason and the move of a broken file changes nothing in the end") {
    const Site site;
    const Names want{"inbox/refused/a.xml", "inbox/refused/a.xml.reason.txt"};
    site.drop("a.xml", "<broken");
    REQUIRE(site.take("a.xml"));
    REQUIRE(site.files() == want);
    SECTION("reason written, file not yet moved") { std::filesystem::remove(site.folder.at("inbox/refused/a.xml")); }
    SECTION("the same file delivered once more") {}
    site.drop("a.xml", "<broken");
    REQUIRE(site.take("a.xml"));
    CHECK(site.files() == want);
}

TEST_CASE("nothing that was kept is ever overwritten") {
    const Site site;
    const auto second = declaration_file(inventory(with(head_fields(), "copNo", "OTHER")) + inventory({}));
    for (int round = 0; round < 2; ++round) {
        site.drop("a.xml", mixed);
        REQUIRE(site.take("a.xml"));
        site.drop("a.xml", second);
        REQUIRE(site.take("a.xml"));
        site.drop("a.xml", "<broken");
        REQUIRE(site.take("a.xml"));
    }
    const auto hash = short_hash(second);
    const auto broken = short_hash("<broken");
    Names want{"inbox/done/a.xml",
               "inbox/done/a." + hash + ".xml",
               "inbox/refused/a.xml",
               "inbox/refused/a.xml.reason.txt",
               "inbox/refused/a." + hash + ".xml",
               "inbox/refused/a." + hash + ".xml.reason.txt",
               "inbox/refused/a." + broken + ".xml",
               "inbox/refused/a." + broken + ".xml.reason.txt"};
    std::sort(want.begin(), want.end());
    CHECK(site.files() == want);
    SECTION("and when every name is taken, the file stays") {
        site.folder.put("inbox/done/c.xml", "foreign");
        const auto third = declaration_file(inventory(with(head_fields(), "copNo", "THIRD")));
        for (int i = 1; i <= 9; ++i) {
            const auto number = i == 1 ? "" : "-" + std::to_string(i);
            site.folder.put("inbox/done/c." + short_hash(third) + number + ".xml", "foreign");
        }
        site.drop("c.xml", third);
        const auto kept = site.take("c.xml");
        REQUIRE_FALSE(kept);
        CHECK(kept.error().code == Errc::full);
        CHECK(site.folder.get("inbox/c.xml") == third);
    }
}

TEST_CASE("a file that is no longer what was judged stays, whatever was to become of the other") {
    struct Row {
        const char* why;
        std::string first, then;
    };
    const auto other = declaration_file(inventory(with(head_fields(), "copNo", "OTHER")));
    const auto row = GENERATE_COPY(values<Row>({
        {"written to further", mixed, mixed + "\n"},
        {"a good file over a good one", mixed, other},
        {"a whole file over its own first half", mixed.substr(0, mixed.size() / 2), mixed},
        {"one that cannot be parsed over one that could", other, "<broken"},
        {"another broken one", "<broken", "<brokEn"},
    }));
    const bool renamed = GENERATE(true, false);
    INFO(row.why << (renamed ? ", renamed over it" : ", in its place"));
    const Site site;
    site.drop("a.xml", row.first);
    const auto file = site.inbox->judge("a.xml");
    REQUIRE(file);
    site.folder.put(renamed ? "new" : "inbox/a.xml", row.then);
    if (renamed) std::filesystem::rename(site.folder.at("new"), site.folder.at("inbox/a.xml"));
    const auto kept = site.file_away("a.xml", *file);
    REQUIRE_FALSE(kept);
    CHECK(kept.error().code == Errc::busy);
    CHECK(site.files() == Names{"inbox/a.xml"});
    CHECK(site.folder.get("inbox/a.xml") == row.then);
}

TEST_CASE("another content under the same stamp, as two writes of one tick leave it, is never kept") {
    struct Row {
        const char* why;
        std::string first, then;
    };
    const auto other = declaration_file(inventory(with(head_fields(), "copNo", "OTHER")));
    const auto row = GENERATE_COPY(values<Row>({
        {"both of them broken", "<broken", "<brokEn"},
        {"with bad nodes", mixed, mixed.substr(0, mixed.size() - 1) + " "},
        {"of a kind that is not read", "<a><b/></a>", "<a><c/></a>"},
    }));
    INFO(row.why);
    const Site site;
    site.drop("a.xml", row.first);
    auto file = site.inbox->judge("a.xml");
    REQUIRE(file);
    site.drop("a.xml", row.then);
    file->identity.stamp = *site.inbox->stamp("a.xml");
    const auto kept = site.file_away("a.xml", *file);
    REQUIRE_FALSE(kept);
    CHECK(kept.error().code == Errc::busy);
    CHECK(site.files() == Names{"inbox/a.xml"});  // no reason either for a file that is not there
    CHECK(site.folder.get("inbox/a.xml") == row.then);
}

TEST_CASE("what a crash left half written is gone once the inbox opens") {
    Site site;
    site.folder.put("inbox/done/.writing", "SECRET");
    site.folder.put("inbox/refused/.writing", "SECRET");
    site.inbox = *Inbox::open(site.folder.at("inbox"), site.clock);
    CHECK(site.files().empty());
}

TEST_CASE("a link in the place of a folder of ours is not followed") {
    const Scratch folder;
    const ManualClock clock;
    std::filesystem::create_directories(folder.at("inbox"));
    std::filesystem::create_directories(folder.at("elsewhere"));
    for (const auto* name : {"inbox/done", "inbox/refused"}) {
        std::filesystem::create_symlink(folder.at("elsewhere"), folder.at(name));
        CHECK_FALSE(Inbox::open(folder.at("inbox"), clock));
        std::filesystem::remove(folder.at(name));
    }
    CHECK(Inbox::open(folder.at("inbox"), clock));
}

TEST_CASE("a message inside a message goes with its personal text") {
    struct Row {
        const char* why;
        std::string file;
    };
    const auto row = GENERATE(values<Row>({
        {"CEB900: the message that could not be read, as text",
         "<CEB900Message xmlns=\"http://www.chinaport.gov.cn/ceb\"><CEB900><oriBizMessage>&lt;buyerName&gt;SECRET"
         "&lt;/buyerName&gt;</oriBizMessage><copNo>COP1</copNo></CEB900></CEB900Message>"},
        {"the envelope: base64", "<DxpMsg><TransInfo/><copNo>COP1</copNo><Data>SECRET</Data></DxpMsg>"},
        {"an extension of any shape",
         "<DxpMsg><ExtendMessage><Message><x>SECRET</x></Message></ExtendMessage><copNo>COP1</copNo></DxpMsg>"},
        {"text of an element nobody here knows", "<a><b>SECRET</b> SECRET <copNo>COP1</copNo></a>"},
        {"its attributes and what it holds", "<a><b name='SECRET'><c>SECRET</c></b><copNo>COP1</copNo></a>"},
        {"in CDATA, behind line breaks and entities",
         "<a><b><![CDATA[SECRET\nSECRET]]>\n&amp;SECRET\r\nSECRET</b><copNo>COP1</copNo></a>"},
        {"attributes of elements that are known",
         "<a><InventoryHead buyer='SECRET'><copNo>x</copNo></InventoryHead>"
         "<preNo x='SECRET'>SECRET</preNo><copNo>COP1</copNo></a>"},
        {"a processing instruction", "<?note SECRET?><a><?note SECRET?><copNo>COP1</copNo></a>"},
        {"a namespace of a personal element", "<a><buyerName xmlns:x='SECRET'/><copNo>COP1</copNo></a>"},
    }));
    INFO(row.why);
    const Site site;
    site.drop("a.xml", row.file);
    REQUIRE(site.take("a.xml"));
    CHECK(site.files() == Names{"inbox/refused/a.xml", "inbox/refused/a.xml.reason.txt"});
    CHECK_FALSE(site.holds_personal_text());
    CHECK(site.folder.get("inbox/refused/a.xml").find("<copNo>COP1</copNo>") != std::string::npos);
    CHECK(site.folder.get("inbox/refused/a.xml.reason.txt").ends_with("not personal elements only\n"));
    site.drop("b.xml", site.folder.get("inbox/refused/a.xml"));  // what is left is well-formed still
    REQUIRE(site.take("b.xml"));
    CHECK(site.folder.get("inbox/refused/b.xml.reason.txt").ends_with("not personal elements only\n"));
}

TEST_CASE("a file above the limit is kept whole, without reading more of it than the limit") {
    const bool of_another_user = GENERATE(false, true);
    if (of_another_user && ::geteuid() != 0) return;  // only root can make such a file
    INFO(of_another_user);
    Site site;
    const auto bytes = std::uintmax_t{1} << 40;  // takes no room on the disk
    const auto whole = [&](const std::string& name) {
        return std::filesystem::file_size(site.folder.at(name)) == bytes &&
               std::filesystem::hard_link_count(site.folder.at(name)) == 1;
    };
    const auto drop = [&] {
        site.drop("a.xml", "<a/>");
        std::filesystem::resize_file(site.folder.at("inbox/a.xml"), bytes);
    };
    const AsAnotherUser gateway(of_another_user ? site.folder.at("") : "");
    gateway.pause(drop);
    const auto file = site.inbox->judge("a.xml");
    REQUIRE(file);
    CHECK(file->refusal == "line 1: the file is longer than 128 MiB; its SHA-256 is that of its first 128 MiB");
    CHECK(file->judged.bytes == std::int64_t{1} << 40);
    CHECK(file->judged.sha256.size() == 64);
    const auto kept = site.file_away("a.xml", *file);
    REQUIRE(kept);
    CHECK(site.files() == Names{"inbox/refused/a.xml", "inbox/refused/a.xml.reason.txt"});
    CHECK(whole("inbox/refused/a.xml"));
    if (!of_another_user) CHECK(site.folder.mode("inbox/refused/a.xml") == 0600);
    CHECK(site.folder.get("inbox/refused/a.xml.reason.txt").ends_with("kept: as it came, for 30 days\n"));
    // The next one with the same begin may differ behind the limit: it is not taken for the one that is there.
    gateway.pause(drop);
    const auto next = site.inbox->judge("a.xml");
    REQUIRE(next);
    const auto kept_next = site.file_away("a.xml", *next);
    REQUIRE(kept_next);
    CHECK(kept_next->refused != "a.xml");
    CHECK(whole("inbox/refused/" + kept_next->refused));
}

TEST_CASE("names that lead elsewhere, and files that are none, are not read") {
    const Site site;
    site.folder.put("outside.xml", mixed);
    std::filesystem::create_symlink(site.folder.at("outside.xml"), site.folder.at("inbox/link.xml"));
    CHECK_FALSE(site.inbox->judge("link.xml"));
    CHECK_FALSE(site.inbox->judge("done"));
    CHECK_FALSE(site.inbox->judge("../outside.xml"));
    CHECK_FALSE(site.inbox->finish("../outside.xml", {}, *judge(mixed)));
    CHECK_FALSE(site.inbox->refuse("../outside.xml", {}, "x"));
    CHECK(site.inbox->judge("absent.xml").error().code == Errc::not_found);
    CHECK(site.folder.get("outside.xml") == mixed);
}

TEST_CASE("a file that is refused whole says what it was") {
    const Site site;
    site.drop("a.xml", "<broken");
    const auto file = site.inbox->judge("a.xml");
    REQUIRE(file);
    CHECK(file->judged.sha256 == hex(sha256("<broken")));
    CHECK(file->judged.bytes == 7);
    CHECK(file->refusal == "line 1: not well-formed UTF-8 XML: unclosed token");
}

TEST_CASE("the transfer client's sign of life") {
    const Site site;
    CHECK_FALSE(site.inbox->alive_at());
    site.drop(".alive", "");
    const timespec times[2] = {{1'000, 0}, {1'700'000'000, 250'000'000}};
    REQUIRE(::utimensat(AT_FDCWD, site.folder.at("inbox/.alive").c_str(), times, 0) == 0);
    CHECK(site.inbox->alive_at() == WallTime{1'700'000'000'250});
}
