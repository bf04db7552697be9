#include "xray/xray.hpp"

#include "customs/scratch.hpp"
#include "picture/bytes_of.hpp"
#include "played/played.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::driver;
using hefang::test::jpeg;
using hefang::test::PlayedClock;
using hefang::test::png;
using hefang::test::Posted;
using reading::ImageJudged;
using reading::ImageTaken;
using reading::Screening;

namespace {

using Words = std::map<std::string, std::string>;

/// A machine on a real folder. Each look of the driver ends once it has nothing more to take.
struct Machine {
    explicit Machine(Words said = {}) {
        said.try_emplace("result_field", "Scan/Result");
        said.try_emplace("scan_field", "Scan/Id");
        said.try_emplace("sequence_field", "Scan/Sequence");
        said.try_emplace("tip_field", "Scan/Tip");
        settings = xray_settings({DeviceId("xray-1"), "xray", "", link::FolderAddress{scratch.path_of_in()}, said});
        settings.limits.stable_looks = 0;  // what lies there at the start is taken at once
    }
    struct Folder : Scratch {
        Folder() { std::filesystem::create_directory(at("in")); }
        [[nodiscard]] std::string path_of_in() const { return at("in"); }
    };
    void put(const std::string& name, const std::string& bytes) const { scratch.put("in/" + name, bytes); }
    void say(const std::string& name, const std::string& inner) const { put(name, "<Scan>" + inner + "</Scan>"); }
    [[nodiscard]] bool has(const std::string& name) const { return std::filesystem::exists(scratch.at("in/" + name)); }
    Result<std::string> keep(std::string_view bytes) {
        if (!keeps) return fail(Errc::full, "no room");
        kept.emplace_back(bytes);
        return std::string(64, static_cast<char>('a' + kept.size() - 1));
    }
    /// One life, told to stop before it begins: it takes what is there, and ends where it would wait.
    Error live() {
        link::Stop stop;
        stop.request();
        const PlayedClock clock;
        Driver::Context context{clock, posted, counters, stop, [this](Sign sign) { ++signs[sign == Sign::data]; }};
        return driver().live(context);
    }
    XrayDriver& driver() {
        if (!driver_) driver_ = std::make_unique<XrayDriver>(settings, [this](auto bytes) { return keep(bytes); });
        return *driver_;
    }

    Folder scratch;
    XraySettings settings;
    Posted posted;
    Counters counters;
    bool keeps = true;
    std::vector<std::string> kept;
    std::array<int, 2> signs{};

  private:
    std::unique_ptr<XrayDriver> driver_;
};

}  // namespace

TEST_CASE("xray: picture and side-car are kept, said, and then taken out of the folder") {
    Machine m;
    m.put("A17.png", png(640, 400));
    m.say("A17.xml", "<Id>2026-17</Id><Result>Clear</Result><Sequence>17</Sequence><Tip>0</Tip>");
    CHECK(m.live().code == Errc::closed);
    const auto taken = m.posted.all<ImageTaken>();
    const auto judged = m.posted.all<ImageJudged>();
    REQUIRE(taken.size() == 1);
    REQUIRE(judged.size() == 1);
    CHECK(taken[0].scan == "A17");
    CHECK(taken[0].type == "image/png");
    CHECK(taken[0].bytes == static_cast<std::int64_t>(png(640, 400).size()));
    CHECK(taken[0].not_before == BootTime{0});  // it lay there before
    CHECK(judged[0].scan == "A17");
    CHECK(judged[0].result == Screening::clear);
    CHECK(judged[0].sequence == 17);
    CHECK_FALSE(judged[0].tip);
    CHECK(m.kept.size() == 1);  // the picture; a side-car may name persons
    CHECK(judged[0].sha256.size() == 64);
    CHECK_FALSE(m.has("A17.png"));
    CHECK_FALSE(m.has("A17.xml"));
    CHECK(m.signs[1] == 2);
}

TEST_CASE("xray: what a side-car says, and what only looks like a clear") {
    struct Row {
        const char* why;
        const char* inner;
        Screening result;
        bool tip;
        const char* counter;
    };
    const auto row = GENERATE(values<Row>({
        {"clear", "<Result>clear</Result>", Screening::clear, false, "judgements"},
        {"pass", "<Result>PASS</Result>", Screening::clear, false, "judgements"},
        {"0", "<Result> 0 </Result>", Screening::clear, false, "judgements"},
        {"suspect", "<Result>Suspect</Result>", Screening::suspect, false, "judgements"},
        {"alarm", "<Result>alarm</Result>", Screening::suspect, false, "judgements"},
        {"1", "<Result>1</Result>", Screening::suspect, false, "judgements"},
        {"time ran out", "<Result>timeout</Result>", Screening::no_decision, false, "judgements"},
        {"to be scanned again", "<Result>re-scan</Result>", Screening::no_decision, false, "judgements"},
        {"machine fault", "<Result>machine fault</Result>", Screening::fault, false, "judgements"},
        {"a word that nobody knows", "<Result>cleared</Result>", Screening::no_decision, false, "unknown-result"},
        {"nearly a clear", "<Result>not clear</Result>", Screening::no_decision, false, "unknown-result"},
        {"00 is not 0", "<Result>00</Result>", Screening::no_decision, false, "unknown-result"},
        {"no word", "<Result/>", Screening::no_decision, false, "without-result"},
        {"no element", "<Id>1</Id>", Screening::no_decision, false, "without-result"},
        {"a projected threat", "<Result>suspect</Result><Tip>true</Tip>", Screening::suspect, true, "tip"},
        {"an unknown word for it is one", "<Result>clear</Result><Tip>maybe</Tip>", Screening::clear, true,
         "unknown-tip"},
        {"a view that this machine has not", "<Result>clear</Result><View>2</View>", Screening::fault, false,
         "refused-bad-view"},
    }));
    INFO(row.why);
    Machine m(Words{{"view_field", "Scan/View"}});
    m.say("a.xml", row.inner);
    (void)m.live();
    const auto judged = m.posted.all<ImageJudged>();
    REQUIRE(judged.size() == 1);
    CHECK(judged[0].result == row.result);
    CHECK(judged[0].tip == row.tip);
    CHECK(m.counters.value(row.counter) == 1);
}

TEST_CASE("xray: a sequence that is none fits no parcel") {
    const auto* digits = GENERATE("0", "65536", "-1", "1.0", "x", "99999999999999999999");
    Machine m;
    m.say("a.xml", std::string("<Result>clear</Result><Sequence>") + digits + "</Sequence>");
    (void)m.live();
    REQUIRE(m.posted.all<ImageJudged>().size() == 1);
    CHECK(m.posted.all<ImageJudged>()[0].sequence == 0);
    CHECK(m.counters.value("refused-bad-sequence") == 1);
}

TEST_CASE("xray: a word that stands in two lists means nothing") {
    Machine m(Words{{"clear_words", "ok\n1"}});
    m.say("a.xml", "<Result>1</Result>");
    m.say("b.xml", "<Result>ok</Result>");
    (void)m.live();
    const auto judged = m.posted.all<ImageJudged>();
    REQUIRE(judged.size() == 2);
    CHECK(judged[0].result == Screening::no_decision);
    CHECK(judged[1].result == Screening::clear);
}

TEST_CASE("xray: what is refused stays in the folder, and is counted once") {
    struct Row {
        const char* why;
        const char* name;
        std::string bytes;
        const char* counter;
    };
    const auto row = GENERATE(values<Row>({
        {"half a JPEG, which a decoder would take", "a.jpg", jpeg(64, 64).substr(0, 300), "refused-truncated"},
        {"a text with a picture's name", "a.png", "hello", "refused-unknown-format"},
        {"a picture too large to be decoded", "a.png", png(20'001, 10), "refused-picture-too-large"},
        {"half a side-car", "a.xml", "<Scan><Result>clear</Result>", "refused-sidecar-not-formed"},
        {"a side-car that says two things", "a.xml", "<Scan><Result>clear</Result><Result>alarm</Result></Scan>",
         "refused-sidecar-ambiguous"},
        {"an entity bomb", "a.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><Scan/>", "refused-sidecar-doctype"},
        {"some other file", "a.txt", "clear", "refused-other-file"},
        {"a program", "a.sh", "#!/bin/sh\nreboot\n", "refused-other-file"},
        {"no extension", "png", png(1, 1), "refused-other-file"},
    }));
    INFO(row.why);
    Machine m;
    m.put(row.name, row.bytes);
    (void)m.live();
    CHECK(m.posted.readings().empty());
    CHECK(m.kept.empty());
    CHECK(m.has(row.name));
    CHECK(m.counters.value(row.counter) == 1);
}

TEST_CASE("xray: views are told by the name, and belong to one scan") {
    Machine m(Words{{"views", "2"}});
    m.put("A_7_1.jpg", jpeg(64, 64));
    m.put("A_7_2.JPG", jpeg(64, 65));
    m.put("A_7_3.jpg", jpeg(64, 66));
    m.put("A_7.jpg", jpeg(64, 67));
    m.say("A_7.xml", "<Result>clear</Result>");
    (void)m.live();
    const auto taken = m.posted.all<ImageTaken>();
    REQUIRE(taken.size() == 2);
    for (const auto& t : taken) {
        CHECK(t.scan == "A_7");
        CHECK(t.views == 2);
    }
    CHECK(taken[0].view + taken[1].view == 3);
    CHECK(m.counters.value("refused-no-view") == 2);
    REQUIRE(m.posted.all<ImageJudged>().size() == 1);
    CHECK(m.posted.all<ImageJudged>()[0].scan == "A_7");
}

TEST_CASE("xray: a later judgement in a file of another name is known by the machine's scan id") {
    Machine m;
    m.say("A17.xml", "<Id>X</Id><Result>clear</Result>");
    (void)m.live();
    m.say("level2-0001.xml", "<Id>X</Id><Result>suspect</Result>");
    m.say("level2-0002.xml", "<Id>Y</Id><Result>suspect</Result>");
    (void)m.live();
    const auto judged = m.posted.all<ImageJudged>();
    REQUIRE(judged.size() == 3);
    CHECK(judged[1].scan == "A17");
    CHECK(judged[2].scan == "level2-0002");
}

TEST_CASE("xray: a file that cannot be kept is neither said nor taken out; the next life finds it") {
    Machine m;
    m.keeps = false;
    m.put("a.png", png(4, 4));
    CHECK(m.live().code == Errc::full);
    CHECK(m.posted.readings().empty());
    CHECK(m.has("a.png"));
    m.keeps = true;
    (void)m.live();
    CHECK(m.posted.all<ImageTaken>().size() == 1);
    CHECK_FALSE(m.has("a.png"));
}

TEST_CASE("xray: scan ids that are remembered have their limit") {
    ScanNames names;
    for (std::size_t i = 0; i <= ScanNames::most; ++i) {
        const auto n = std::to_string(i);
        CHECK(names.name_of("f" + n, "id" + n) == "f" + n);
    }
    CHECK(names.name_of("other", "id1") == "f1");
    CHECK(names.name_of("other", "id0") == "other");  // forgotten
    CHECK(names.name_of("plain", std::nullopt) == "plain");
}
