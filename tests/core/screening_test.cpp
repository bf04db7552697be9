#include "core/lane_fixture.hpp"

#include <algorithm>
#include <random>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::core;
using namespace hefang::core::test;
using reading::Screening;

namespace {

const DeviceId xray{"xray-1"};

/// A sorter line whose images come 2000 ms after the parcel, ± 300. It is sure of its order.
struct Xray : Line {
    explicit Xray(bool with_sorter = true) : Line(with_sorter) {
        lane().xray = xray;
        lane().xray_after_ms = 2'000;
        lane().xray_within_ms = 300;
        lane().decide_within_ms = 5'000;
        lane().confirm_within_ms = 60'000;
        if (with_sorter) sorter_up();
        after(20'000);
    }
    void released(const std::string& waybill) { declare(waybill, Grams{1000}, {{800, "20261123000000"}}); }
    /// A parcel at the eye and under the reader, with everything of customs in order.
    void parcel(std::uint16_t sequence) {
        const auto waybill = "W" + std::to_string(sequence);
        released(waybill);
        if (!lane().sorter.empty()) induct(sequence);
        scan({waybill});
    }
    void image(const std::string& scan, std::int64_t late = 0, std::uint8_t view = 1, std::uint8_t views = 1) {
        give(reading::Reading{reading::ImageTaken{xray, at(), at() + -late, scan, view, views,
                                                  "sha-" + scan + "-" + std::to_string(view), 10, "image/png"}});
    }
    void judge(const std::string& scan, Screening result, std::optional<std::uint16_t> sequence = {},
               bool tip = false) {
        give(reading::Reading{reading::ImageJudged{xray, at(), at(), scan, result, tip, {}, sequence, "op", "t", "j"}});
    }
    void whole(const std::string& scan, Screening result, std::optional<std::uint16_t> sequence = {}) {
        image(scan);
        judge(scan, result, sequence);
    }
    [[nodiscard]] Verdict verdict(std::uint16_t sequence) const { return passage(sequence).verdict; }
    [[nodiscard]] Screened came(std::uint16_t sequence) const { return passage(sequence).screening.value().came; }
    [[nodiscard]] bool decided(std::uint16_t sequence) const {
        const auto made = all<PassageDecided>();
        return std::any_of(made.begin(), made.end(), [&](const auto& d) { return d.sequence == sequence; });
    }
};

}  // namespace

TEST_CASE("screening: a parcel with its own clear image goes, once no other image can be its own") {
    Xray line;
    line.parcel(1);
    line.after(2'000);
    line.whole("A", Screening::clear);
    CHECK_FALSE(line.decided(1));
    line.after(399);  // the window is open until 2300, and what was within it may be told a little later
    CHECK_FALSE(line.decided(1));
    line.after(1);
    REQUIRE(line.decided(1));
    CHECK(line.verdict(1) == Verdict::release);
    CHECK(line.passage(1).images == std::vector<ImageUsed>{{"sha-A-1", 10, "image/png", xray}});
    CHECK(line.passage(1).screening == ScreeningTaken{Screened::clear, xray, "A", "op", "t", "j"});
}

TEST_CASE("screening: the deadline of a lane that waits for its images is told") {
    Xray line;
    line.parcel(1);
    CHECK(next_deadline(line.state, line.site, line.at() + 100'000) == line.at() + 2'400);
    line.after(2'000);
    line.image("A");
    line.after(400);  // the judgement is still to come: until the parcel is overdue
    CHECK(next_deadline(line.state, line.site, line.at() + 100'000) == line.at() + 2'600);
}

TEST_CASE("screening: whatever is no explicit clear is inspected, by its reason") {
    struct Row {
        const char* why;
        void (*says)(Xray&);
        Screened came;
        Reason reason;
    };
    const auto row = GENERATE(values<Row>({
        {"suspect", [](Xray& l) { l.whole("A", Screening::suspect); }, Screened::suspect, Reason::image_suspect},
        {"nobody decided", [](Xray& l) { l.whole("A", Screening::no_decision); }, Screened::no_decision,
         Reason::image_suspect},
        {"machine fault", [](Xray& l) { l.whole("A", Screening::fault); }, Screened::fault, Reason::image_missing},
        {"no word", [](Xray& l) { l.image("A"); }, Screened::unjudged, Reason::image_missing},
        {"no picture", [](Xray& l) { l.judge("A", Screening::clear); }, Screened::view_missing, Reason::image_missing},
        {"one view of two", [](Xray& l) { l.image("A", 0, 1, 2), l.judge("A", Screening::clear); },
         Screened::view_missing, Reason::image_missing},
        {"nothing", [](Xray&) {}, Screened::missing, Reason::image_missing},
        {"a projected threat is no suspicion",
         [](Xray& l) { l.image("A"), l.judge("A", Screening::suspect, {}, true); }, Screened::tip,
         Reason::image_missing},
        {"nor does missing it clear the parcel",
         [](Xray& l) { l.image("A"), l.judge("A", Screening::clear, {}, true); }, Screened::tip, Reason::image_missing},
        {"a clear from before the projection",
         [](Xray& l) { l.whole("A", Screening::clear), l.judge("A", Screening::suspect, {}, true); }, Screened::tip,
         Reason::image_missing},
        {"two scans", [](Xray& l) { l.whole("A", Screening::clear), l.whole("B", Screening::clear); }, Screened::unsure,
         Reason::image_missing},
        {"two pictures of one view",
         [](Xray& l) {
             l.whole("A", Screening::clear);
             l.give(reading::Reading{reading::ImageTaken{xray, l.at(), l.at(), "A", 1, 1, "other", 1, "image/png"}});
         },
         Screened::unsure, Reason::image_missing},
        {"clear, then suspect", [](Xray& l) { l.whole("A", Screening::clear), l.judge("A", Screening::suspect); },
         Screened::suspect, Reason::image_suspect},
        {"suspect, then clear: who saw something is not overruled",
         [](Xray& l) { l.whole("A", Screening::suspect), l.ms += 10, l.judge("A", Screening::clear); },
         Screened::suspect, Reason::image_suspect},
        {"another parcel's number", [](Xray& l) { l.whole("A", Screening::clear, 9); }, Screened::missing,
         Reason::image_missing},
        {"a number that is none", [](Xray& l) { l.whole("A", Screening::clear, 0); }, Screened::missing,
         Reason::image_missing},
        {"two numbers", [](Xray& l) { l.whole("A", Screening::clear, 1), l.judge("A", Screening::clear, 2); },
         Screened::unsure, Reason::image_missing},
        {"a file of unknown age",
         [](Xray& l) {
             l.image("A", l.ms), l.judge("A", Screening::clear);
             l.whole("B", Screening::clear);
         },
         Screened::unsure, Reason::image_missing},
    }));
    INFO(row.why);
    Xray line;
    line.parcel(1);
    line.after(2'000);
    row.says(line);
    line.after(400);
    line.after(2'600);
    REQUIRE(line.decided(1));
    CHECK(line.verdict(1) == Verdict::inspect);
    CHECK(line.came(1) == row.came);
    CHECK(line.passage(1).reasons.front() == row.reason);
}

TEST_CASE("screening: an earlier no-decision gives way to a clear, and views may be judged apart") {
    Xray line;
    line.parcel(1);
    line.after(2'000);
    line.whole("A", Screening::no_decision);
    line.after(400);
    CHECK(line.decided(1));  // that was a word
    Xray other;
    other.parcel(1);
    other.after(1'800);
    other.image("A", 0, 2, 2);
    other.image("A", 0, 1, 2);
    other.judge("A", Screening::no_decision);
    other.after(100);
    other.judge("A", Screening::clear);
    other.after(600);
    CHECK(other.verdict(1) == Verdict::release);
    CHECK(other.passage(1).images.size() == 2);
    CHECK(other.passage(1).images[0].sha256 == "sha-A-1");
}

TEST_CASE("screening: both sides of the window, for a time that is known and for one that is not") {
    struct Row {
        std::int64_t at, late;
        Verdict verdict;
    };
    const auto row = GENERATE(values<Row>({{1'669, 0, Verdict::inspect},  // the eye's slack of 30 ms included
                                           {1'670, 0, Verdict::release},
                                           {2'300, 0, Verdict::release},
                                           {2'301, 0, Verdict::inspect},
                                           {2'340, 40, Verdict::release},
                                           {2'341, 40, Verdict::inspect}}));
    CAPTURE(row.at);
    Xray line;
    line.parcel(1);
    line.ms += row.at;
    line.image("A", row.late);
    line.judge("A", Screening::clear);
    line.after(5'000 - row.at);
    CHECK(line.verdict(1) == row.verdict);
}

TEST_CASE("screening: an image that two parcels' windows hold is neither's") {
    Xray line;
    line.parcel(1);
    line.after(500);
    line.parcel(2);
    line.after(1'700);  // 2200 after the first, 1700 after the second
    line.whole("A", Screening::clear);
    line.after(5'000);
    CHECK(line.verdict(1) == Verdict::inspect);
    CHECK(line.verdict(2) == Verdict::inspect);
}

TEST_CASE("screening: numbers tell parcels apart that time cannot") {
    Xray line;
    line.lane().xray_within_ms = 800;
    line.parcel(1);
    line.after(600);
    line.parcel(2);
    line.after(1'300);  // both windows hold it
    line.whole("A", Screening::clear, 1);
    CHECK(line.decided(1));  // at once: no other can name it
    line.after(100);
    line.whole("B", Screening::suspect, 2);
    CHECK(line.verdict(1) == Verdict::release);
    CHECK(line.verdict(2) == Verdict::inspect);
    CHECK(line.passage(2).images[0].sha256 == "sha-B-1");
}

TEST_CASE("screening: a late image is never the next parcel's, and the line is inspected until it was empty once") {
    Xray line;
    line.parcel(1);
    line.after(1'500);
    line.parcel(2);
    line.after(1'700);  // 3200 after the first: too late for it; 1700 after the second: within its window
    line.whole("A", Screening::clear);
    line.after(3'000);
    CHECK(line.came(1) == Screened::missing);
    CHECK(line.verdict(2) == Verdict::inspect);
    for (std::uint16_t n = 3; n < 6; ++n) {  // the machine is one late, for good
        line.parcel(n);
        line.after(2'000);
        line.whole("S" + std::to_string(n), Screening::clear);
        line.after(1'000);
        CHECK(line.verdict(n) == Verdict::inspect);
    }
    for (int i = 0; i < 50; ++i) line.after(200);
    line.parcel(6);
    line.after(2'000);
    line.whole("F", Screening::clear);
    line.after(400);
    CHECK(line.verdict(6) == Verdict::release);
}

TEST_CASE("screening: a parcel without image takes its neighbours with it, also the one that was released") {
    Xray line;
    line.parcel(1);
    line.after(1'000);
    line.parcel(2);
    line.after(1'000);
    line.parcel(3);
    line.whole("A", Screening::clear);
    line.after(400);
    CHECK(line.verdict(1) == Verdict::release);
    line.after(1'600);
    line.whole("C", Screening::clear);  // the third's; the second's never came
    line.after(400);
    CHECK(line.came(2) == Screened::missing);
    CHECK(line.verdict(3) == Verdict::inspect);
    CHECK(line.verdict(1) == Verdict::inspect);
    CHECK(line.passage(1).revision == 2);
}

TEST_CASE("screening: a scan without parcel is nobody's, and the last parcel before it is inspected") {
    Xray line;
    line.parcel(1);
    line.after(2'000);
    line.whole("A", Screening::clear);
    line.after(400);
    CHECK(line.verdict(1) == Verdict::release);
    line.whole("B", Screening::clear);
    line.after(1'551);  // no induction that is seen late can be its own any more
    CHECK(line.verdict(1) == Verdict::inspect);
    line.parcel(2);
    line.after(2'000);
    line.whole("C", Screening::clear);
    line.after(400);
    CHECK(line.verdict(2) == Verdict::inspect);
}

TEST_CASE("screening: a later judgement is never milder, and a stricter one reaches a parcel on the belt") {
    Xray line;
    line.parcel(1);
    line.after(2'000);
    line.whole("A", Screening::clear);
    line.after(400);
    CHECK(line.verdict(1) == Verdict::release);
    line.judge("A", Screening::clear);
    CHECK(line.passage(1).revision == 1);
    line.judge("A", Screening::suspect);
    CHECK(line.passage(1).revision == 2);
    CHECK(line.verdict(1) == Verdict::inspect);
    CHECK(line.passage(1).reasons == std::vector{Reason::image_suspect});
    CHECK(line.came(1) == Screened::suspect);
    line.judge("A", Screening::clear);
    CHECK(line.passage(1).revision == 2);
    CHECK(line.commands().front().revision == 2);
}

TEST_CASE("screening: a number that comes after the decision, and is another's, reaches the parcel") {
    Xray line;
    line.parcel(1);
    line.after(2'000);
    line.whole("A", Screening::clear);
    line.after(400);
    line.judge("A", Screening::clear, 1);
    CHECK(line.verdict(1) == Verdict::release);
    line.judge("A", Screening::clear, 2);
    CHECK(line.verdict(1) == Verdict::inspect);
    CHECK(line.came(1) == Screened::unsure);
}

TEST_CASE("screening: a late clear frees nothing, and later words on a parcel that left are no error") {
    Xray line;
    line.parcel(1);
    line.after(2'000);
    line.image("A");
    line.after(3'000);
    CHECK(line.came(1) == Screened::unjudged);
    line.judge("A", Screening::clear);
    line.after(100);
    CHECK(line.verdict(1) == Verdict::inspect);
    CHECK(line.passage(1).revision == 1);
    line.confirm(1, 2);
    line.judge("A", Screening::suspect);
    CHECK(line.passage(1).revision == 1);
}

TEST_CASE("screening: a later receipt keeps what the image held against the parcel") {
    Xray line;
    line.parcel(1);
    line.after(2'000);
    line.whole("A", Screening::suspect);
    line.after(400);
    line.add_receipt("W1", 800, "20261123000100");
    CHECK(line.verdict(1) == Verdict::inspect);
    line.add_receipt("W1", 600, "20261123000200");
    CHECK(line.verdict(1) == Verdict::hold);
    CHECK(line.passage(1).images.size() == 1);
}

TEST_CASE("screening: a machine that is lost, a new conversation and lost tracking are no images") {
    struct Row {
        const char* why;
        void (*happens)(Xray&);
    };
    const auto row = GENERATE(values<Row>({
        {"lost",
         [](Xray& l) {
             l.give(reading::Reading{reading::DeviceLost{xray, l.at(), "gone"}});
         }},
        {"tracking", [](Xray& l) { l.tracking_lost(), l.ms += 600; }},
        {"conversation", [](Xray& l) { l.sorter_down(), l.sorter_up(); }},
    }));
    INFO(row.why);
    Xray line;
    row.happens(line);
    line.induct(1);  // takes a flag of lost tracking
    line.ms += 600;
    line.parcel(2);
    line.after(2'000);
    line.whole("A", Screening::clear);
    line.after(3'000);
    CHECK(line.verdict(2) == Verdict::inspect);
}

TEST_CASE("screening: a lane without sorter waits for its image too") {
    Xray line(false);
    line.parcel(1);
    line.after(2'000);
    line.whole("A", Screening::clear);
    line.after(399);
    CHECK(line.all<PassageDecided>().empty());
    line.after(1);
    REQUIRE(line.all<PassageDecided>().size() == 1);
    CHECK(line.all<PassageDecided>()[0].verdict == Verdict::release);
    line.parcel(2);
    line.after(5'000);
    CHECK(line.all<PassageDecided>()[1].verdict == Verdict::inspect);
}

TEST_CASE("screening: a machine before the eye") {
    Xray line;
    line.lane().xray_after_ms = -1'000;
    line.whole("A", Screening::clear);
    line.after(1'000);
    line.parcel(1);
    line.after(1'000);
    line.after(1'000);
    REQUIRE(line.decided(1));
    CHECK(line.verdict(1) == Verdict::release);
    CHECK(line.passage(1).images[0].sha256 == "sha-A-1");
}

TEST_CASE("screening: what is remembered of scans has its limit") {
    Xray line;
    for (std::size_t i = 0; i < max_scans + 50; ++i) line.image("S" + std::to_string(i));
    CHECK(line.state.lanes[0].scans.size() == max_scans);
    line.after(scan_kept_ms + 1);
    CHECK(line.state.lanes[0].scans.empty());
}

namespace {

/// What really happened to one parcel.
struct Truth {
    std::int64_t comes = 0;              ///< at the eye
    std::int64_t seen = 0;               ///< its induction
    std::int64_t image = -1, word = -1;  ///< −1: never
    Screening result = Screening::clear;
    std::uint16_t named = 0;  ///< the number that the machine has; 0: none
};

struct Event {
    std::int64_t at;
    std::function<void(Xray&)> happens;
};

/// A line of 12 parcels with faults of every kind. Only one thing never happens: an image before the window begins.
std::vector<Truth> play(Xray& line, unsigned seed) {
    std::mt19937 random(seed);
    const auto below = [&](int n) { return static_cast<std::int64_t>(random() % static_cast<unsigned>(n)); };
    const bool numbers = below(2) == 0;
    const auto shift = numbers && below(4) == 0 ? below(3) : 0;  // the machine counts otherwise
    const auto lag = below(4) == 0 ? below(3'000) : 0;           // the machine is slow from some parcel on
    const auto lag_from = below(12);
    std::vector<Truth> truth;
    std::vector<Event> events;
    std::int64_t comes = line.ms + 100;
    for (std::uint16_t n = 1; n <= 12; ++n) {
        comes += below(6) == 0 ? 15'000 : 150 + below(1'500);
        Truth t{comes, comes + below(100)};
        const auto delay = 1'700 + below(600) + (n > lag_from ? lag : 0) + (below(10) == 0 ? below(6'000) : 0);
        if (below(12) != 0) t.image = comes + delay;
        if (below(12) != 0) t.word = comes + delay - 20 + below(1'500);
        t.result = below(4) != 0 ? Screening::clear : static_cast<Screening>(1 + below(3));
        if (numbers && below(8) != 0) t.named = static_cast<std::uint16_t>(n + shift);
        truth.push_back(t);
        const auto id = "P" + std::to_string(n);
        line.released("W" + std::to_string(n));
        const auto late = t.seen - t.comes;
        if (below(25) != 0)
            events.push_back({t.seen, [n, late](Xray& l) { l.induct(n, 7, late); }});
        else
            events.push_back({t.seen, [late](Xray& l) { l.tracking_lost(late); }});
        events.push_back({t.comes + below(400), [n](Xray& l) { l.scan({"W" + std::to_string(n)}); }});
        if (t.image >= 0) events.push_back({t.image, [id](Xray& l) { l.image(id, 5); }});
        const auto named = t.named != 0 ? std::optional(t.named) : std::nullopt;
        if (t.word >= 0 && t.word >= t.comes + 1'700)
            events.push_back({t.word, [id, r = t.result, named](Xray& l) { l.judge(id, r, named); }});
    }
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) { return a.at < b.at; });
    for (const auto& event : events) {
        while (event.at - line.ms > 200) line.after(200);
        line.ms = std::max(line.ms, event.at);
        event.happens(line);
        if (below(3) == 0) line.after(0);
    }
    for (int i = 0; i < 40; ++i) line.after(200);
    return truth;
}

}  // namespace

TEST_CASE("screening: no order of images, words, inductions and scans releases a parcel without its own clear image") {
    std::size_t releases = 0;
    std::size_t own = 0;
    for (unsigned seed = 1; seed <= 3'000; ++seed) {
        Xray line;
        const auto truth = play(line, seed);
        for (const auto& d : line.all<PassageDecided>()) {
            if (d.verdict != Verdict::release) continue;
            ++releases;
            const auto n = std::stoul(d.waybill.substr(1));
            INFO("seed " << seed << ", parcel " << n);
            REQUIRE(d.images.size() == 1);
            REQUIRE(d.images[0].sha256 == "sha-P" + std::to_string(n) + "-1");
            REQUIRE(truth[n - 1].result == Screening::clear);
            ++own;
        }
    }
    CHECK(releases == own);
    CHECK(releases > 3'000);  // and a good line is not stopped
}
