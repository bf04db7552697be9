#include "core/doubt.hpp"
#include "lane_fixture.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::core;
using namespace hefang::core::test;

namespace {

const std::string released_at = "20261123090000";
const DeviceId second_reader{"reader-2"};

/// A sorter line where YT1 … YT9 are released.
struct Belt : Line {
    explicit Belt(bool with_scale = false) : Line(true, with_scale) {
        for (int n = 1; n <= 9; ++n) declare(name(n), 1000_g, {{800, released_at}}, "cop-" + std::to_string(n));
    }
    static std::string name(int n) { return "YT" + std::to_string(n); }
    void up() { sorter_up(), begin = ms; }
    /// Goes to `t` milliseconds after up().
    void to(std::int64_t t) { after(begin + t - ms); }
    [[nodiscard]] bool decided(std::uint16_t sequence) const {
        const auto all_decided = all<PassageDecided>();
        return std::any_of(all_decided.begin(), all_decided.end(),
                           [&](const auto& d) { return d.sequence == sequence; });
    }
    [[nodiscard]] bool released(std::uint16_t sequence) const { return passage(sequence).verdict == Verdict::release; }
    [[nodiscard]] bool lost(std::uint16_t sequence) const {
        const auto& reasons = passage(sequence).reasons;
        return std::find(reasons.begin(), reasons.end(), Reason::tracking_lost) != reasons.end();
    }
    std::int64_t begin = 0;
};

}  // namespace

TEST_CASE("a telegram that nobody expects never moves the parcels behind it by one") {
    struct Row {
        const char* why;
        std::int64_t extra_at;
        std::string extra;
    };
    const auto row = GENERATE(values<Row>({
        {"two parcels that touch pass the eye as one", 320, "YT9"},
        {"the reader sends a second label of the same parcel", 350, "6901234567892"},
        {"a parcel read late, just before the next one is seen", 390, "YT9"},
    }));
    INFO(row.why);
    Belt line;
    line.lane().read_window = {250, 380};
    line.up();
    for (int n = 1; n <= 5; ++n) {
        const std::int64_t at = (n - 1) * 400;
        line.to(at);
        line.induct(static_cast<std::uint16_t>(n));
        line.to(at + 300);
        line.scan({Belt::name(n)});
        if (n == 1) line.to(row.extra_at), line.scan({row.extra});
    }
    line.to(5'000);
    CHECK_FALSE(line.released(1));
    for (std::uint16_t n = 2; n <= 5; ++n) {
        const auto d = line.passage(n);
        CHECK(d.waybill == Belt::name(n));
    }
    CHECK(line.released(5));
}

TEST_CASE("what lay on the belt when the conversation began leaves its telegrams to nobody") {
    Belt line;
    line.lane().read_window = {250, 350};
    line.sorter_comes_up();
    line.begin = line.ms;
    line.to(150);
    line.scan({"YT9"});  // inducted 150 ms before the conversation
    for (int n = 1; n <= 5; ++n) {
        line.to(170 + (n - 1) * 400);
        line.induct(static_cast<std::uint16_t>(n));
        line.to(170 + (n - 1) * 400 + 300);
        line.scan({Belt::name(n)});
    }
    line.to(5'000);
    for (std::uint16_t n = 1; n <= 5; ++n) CHECK(line.passage(n).waybill == Belt::name(n));
    CHECK(line.lost(1));
    CHECK(line.released(5));
}

TEST_CASE("inductions are unsure until the belt of before has passed the reader, both sides") {
    const auto [wait, sure] = GENERATE(table<std::int64_t, bool>({{530, false}, {531, true}}));
    Belt line;
    line.sorter_comes_up();
    line.ms += wait;
    line.induct(1);
    line.scan({"YT1"});
    CHECK(line.released(1) == sure);
}

TEST_CASE("a telegram in the windows of two parcels makes both unsure, decided or not") {
    const auto [second_at, both] = GENERATE(table<std::int64_t, bool>({{500, true}, {501, false}}));
    Belt line;
    line.up();
    line.induct(1);
    line.to(100);
    line.scan({"YT1"});
    REQUIRE(line.released(1));
    line.to(400);
    line.induct(2);
    line.to(second_at);
    line.scan({"YT2"});
    CHECK(line.lost(1) == both);
    CHECK(line.lost(2) == both);
    CHECK(line.passage(1).waybill == "YT1");
    CHECK(line.passage(2).waybill == "YT2");
}

TEST_CASE("new codes for a decided place take the release back, before and at the divert") {
    Belt line;
    line.up();
    line.induct(1);
    line.scan({"YT1"});
    line.ack(1);
    line.to(200);
    line.scan({"YT2"});
    const auto d = line.passage(1);
    CHECK(d.revision == 2);
    CHECK(d.verdict == Verdict::inspect);
    CHECK(d.reasons.front() == Reason::tracking_lost);
    CHECK(d.codes == std::vector<std::string>{"YT2"});
    REQUIRE(line.commands().size() == 1);
    CHECK(line.commands()[0].chute == 2);
    line.to(300);
    line.scan({"YT3"});  // doubted once is enough
    CHECK(line.passage(1).revision == 2);
    REQUIRE(line.without_place().size() == 1);  // and the scan stands
    CHECK(line.without_place()[0].waybill == "YT3");
    CHECK(line.without_place()[0].verdict == Verdict::inspect);
}

TEST_CASE("a hold is not made again by doubt") {
    Belt line;
    line.up();
    line.induct(1);
    line.scan({"ZZ1"});
    line.scan({"YT2"});
    CHECK(line.passage(1).revision == 1);
    CHECK(line.passage(1).verdict == Verdict::hold);
    REQUIRE(line.without_place().size() == 1);
    CHECK(line.without_place()[0].waybill == "YT2");
    CHECK(line.without_place()[0].verdict == Verdict::inspect);
}

TEST_CASE("a parcel without place is decided at once and takes no weight") {
    Belt line(true);
    line.up();
    line.induct(1);
    line.scan({"ZZ1"});
    line.weigh_in(1000_g);
    line.to(100);
    line.scan({"YT9"});  // the first is held: nothing gets stricter
    REQUIRE(line.without_place().size() == 1);
    line.to(600);
    line.induct(2);
    line.scan({"YT2"});
    line.to(850);
    line.weigh_in(1000_g);
    CHECK(line.released(2));
}

TEST_CASE("a scan that does not fit beside what a label has stands as a parcel without place") {
    Belt line;
    line.up();
    std::vector<std::string> codes{"YT1"};
    while (codes.size() < max_codes_a_label) codes.push_back("EAN" + std::to_string(codes.size()));
    line.induct(1);
    line.scan(codes);
    line.scan({"NEW1", "NEW2"});
    CHECK(line.passage(1).codes.back() == "NEW1");
    CHECK(line.passage(1).verdict == Verdict::inspect);
    REQUIRE(line.without_place().size() == 1);
    CHECK(line.without_place()[0].waybill == "NEW2");
}

TEST_CASE("telegrams taken out of order: the latest counts for who may be unsure") {
    Belt line;
    line.lane().readers.push_back(second_reader);
    line.up();
    line.induct(1);
    line.to(410);
    line.scan({"YT1"}, std::nullopt, second_reader);
    line.give(reading::Reading{reading::CodesRead{reader, line.at() + -10, std::nullopt, {{"YT1", ""}}}});
    line.to(410 + ring_slack_ms);
    line.induct(2);
    CHECK(line.lost(1));
}

TEST_CASE("a telegram in the windows of two decided places stands in a fact, whatever they were decided") {
    const auto [first, second, stands_with] = GENERATE(table<std::string, std::string, int>({
        {"YT1", "YT2", 2},  // both doubted, the newest takes the code
        {"YT1", "ZZ2", 0},  // the newest is held: a parcel without place
        {"ZZ1", "YT2", 2},
        {"ZZ1", "ZZ2", 0},
    }));
    Belt line;
    line.up();
    line.induct(1);
    line.scan({first});
    line.to(300);
    line.induct(2);
    line.scan({second}, 2);
    REQUIRE(line.decided(2));
    line.to(400);
    line.scan({"YT9"});
    CHECK_FALSE(line.released(1));
    CHECK_FALSE(line.released(2));
    const auto with = [](const PassageDecided& d) {
        return d.waybill == "YT9" || d.codes == std::vector<std::string>{"YT9"};
    };
    const auto all = line.all<PassageDecided>();
    const auto at = std::find_if(all.begin(), all.end(), with);
    REQUIRE(at != all.end());
    CHECK(at->sequence == stands_with);
}

TEST_CASE("a parcel unread and its follower not yet polled: neither is sure of the telegram") {
    struct Row {
        const char* why;
        std::int64_t seen_after;  ///< the telegram
        std::int64_t late;        ///< the look before was so much earlier
        bool unsure;
    };
    const auto row = GENERATE(values<Row>({
        {"within the PLC's own cycle", ring_slack_ms, 0, true},
        {"not at the eye yet", ring_slack_ms + 1, 0, false},
        {"an answer that came late", 240, 240 - ring_slack_ms, true},
        {"an answer that came late, asked for after the telegram", 240, 240 - ring_slack_ms - 1, false},
    }));
    INFO(row.why);
    const bool undecided = GENERATE(true, false);
    Belt line;
    if (undecided) line.lane().readers.push_back(second_reader);
    line.up();
    line.induct(1);
    line.to(400);
    line.scan({"YT2"});
    REQUIRE(line.decided(1) != undecided);
    line.to(400 + row.seen_after);
    line.induct(2, 7, row.late);
    line.to(2'000);
    CHECK(line.lost(1) == row.unsure);
    CHECK(line.lost(2) == row.unsure);
    CHECK_FALSE(line.released(2));
}

TEST_CASE("two parcels whose inductions are seen late share the telegram that either may have sent") {
    const auto [late, both] = GENERATE(table<std::int64_t, bool>({{190, true}, {189, false}}));
    Belt line;
    line.lane().read_window = {250, 350};
    line.up();
    line.to(200);
    line.induct(1, 7, 200);  // at the eye at 0, nobody reads it
    line.to(520);
    line.induct(2, 7, late);  // at the eye at 300 or later, or too late for this telegram
    line.to(550);
    line.scan({"YT2"});
    line.to(2'000);
    CHECK(line.lost(1) == both);
    CHECK(line.lost(2) == both);
    CHECK(line.released(1) != both);
}

TEST_CASE("a weight that came before its parcel's induction was seen is nobody's for sure") {
    const auto [late, clash] =
        GENERATE(table<std::int64_t, bool>({{200 - ring_slack_ms, true}, {200 - ring_slack_ms - 1, false}}));
    const bool undecided = GENERATE(true, false);
    Belt line(true);
    line.lane().decide_within_ms = 1'500;
    if (undecided) line.lane().readers.push_back(second_reader);
    line.up();
    line.induct(1);
    line.scan({"YT1"});
    line.to(600);
    line.weigh_in(1000_g);
    REQUIRE(line.decided(1) != undecided);
    line.to(800);
    line.induct(2, 7, late);
    line.scan({"YT2"});
    line.to(1'400);
    line.weigh_in(1000_g);
    line.to(3'000);
    CHECK(line.released(1) != clash);
    CHECK((line.passage(2).weight->came == Weighed::clash) == clash);
    CHECK(line.passage(2).weight->measured.has_value() != clash);
}

TEST_CASE("a window of weights wider than the spacing sends parcels to be looked at, and never shifts weights") {
    Belt line(true);
    line.up();
    // Spacing 700, weights after 750, window up to 800.
    for (int n = 1; n <= 6; ++n) {
        const std::int64_t at = (n - 1) * 700;
        line.to(at);
        line.induct(static_cast<std::uint16_t>(n));
        if (n > 1) line.to(at + 50), line.weigh_in(1000_g);  // of the one before
        line.to(at + 100);
        line.scan({Belt::name(n)});
    }
    line.to(8'000);
    for (std::uint16_t n = 1; n <= 6; ++n) {
        INFO(n);
        CHECK_FALSE(line.released(n));
    }
}

TEST_CASE("a weight that comes after its parcel was decided is not the next one's") {
    Belt line(true);
    line.lane().weigh_window = {0, 900};
    line.lane().decide_within_ms = 500;
    line.up();
    line.induct(1);
    line.scan({"YT1"});
    line.to(500);
    REQUIRE(line.decided(1));
    line.to(850);
    line.weigh_in(9000_g);  // late
    line.to(900);
    line.induct(2);
    line.scan({"YT2"});
    line.to(1'200);
    line.weigh_in(1000_g);
    CHECK(line.released(2));
    CHECK(line.passage(1).revision == 1);
}

TEST_CASE("two readers whose telegrams come before the induction are one parcel") {
    Belt line;
    line.lane().readers.push_back(second_reader);
    line.up();
    line.scan({"YT1"});
    line.to(1);
    line.scan({"YT1", "6901234567892"}, std::nullopt, second_reader);
    line.to(5);
    line.induct(1);
    CHECK(line.released(1));
    line.to(2'000);
    CHECK(line.without_place().empty());
}

TEST_CASE("a second reader's view of the same codes is an answer, not a parcel") {
    Belt line;
    line.lane().readers.push_back(second_reader);
    line.up();
    line.induct(1);
    line.scan({"YT1"});
    CHECK(line.facts.empty());
    line.scan({"YT1"}, std::nullopt, second_reader);
    CHECK(line.released(1));
}

TEST_CASE("one reader, two telegrams with different codes for one undecided place: two parcels seen as one") {
    Belt line(true);
    line.up();
    line.induct(1);
    line.scan({"YT1"});
    line.to(100);
    line.scan({"YT2"});
    line.weigh_in(1000_g);
    CHECK(line.lost(1));
    CHECK_FALSE(line.released(1));
}

TEST_CASE("telegrams that name their item join it, whatever the time") {
    Belt line;
    line.up();
    line.induct(1);
    line.to(100);
    line.induct(2);
    line.scan({"YT2"}, 2);
    line.scan({"YT1"}, 1);
    line.scan({"YT3"}, 3);  // its induction is not seen yet
    line.induct(3);
    for (std::uint16_t n = 1; n <= 3; ++n) {
        CHECK(line.released(n));
        CHECK(line.passage(n).waybill == Belt::name(n));
    }
    SECTION("the same codes again change nothing") {
        line.scan({"YT1"}, 1);
        CHECK(line.passage(1).revision == 1);
    }
    SECTION("other codes do") {
        line.scan({"YT9"}, 1);
        CHECK(line.lost(1));
        CHECK(line.released(2));
    }
    SECTION("an item that never comes is a parcel without place and without chute") {
        line.scan({"YT4"}, 9);
        line.after(float_for_ms);
        REQUIRE(line.without_place().size() == 1);
        CHECK(line.without_place()[0].chute == 0);
        CHECK(line.without_place()[0].verdict == Verdict::inspect);
    }
}

TEST_CASE("lost tracking reaches what is decided, the next parcel, and nobody beyond its reach") {
    Belt line;
    line.up();
    const auto parcel = [&](std::uint16_t n, std::int64_t at) {
        line.to(at);
        line.induct(n);
        line.scan({Belt::name(n)});
    };
    parcel(1, 0);
    parcel(2, 600);
    parcel(3, 1'200);
    line.to(1'730);  // 530 ms after the third, 1,130 after the second
    line.tracking_lost();
    CHECK(line.released(1));
    CHECK(line.released(2));
    CHECK(line.lost(3));
    parcel(4, 2'260);  // within reach
    CHECK(line.lost(4));
    parcel(5, 2'800);  // the line never was empty
    CHECK(line.released(5));
}

TEST_CASE("the newest place in front is doubted however long ago it passed, and the next one however late it comes") {
    Belt line;
    line.up();
    line.induct(1);
    line.scan({"YT1"});
    line.to(5'000);
    line.tracking_lost();
    CHECK(line.lost(1));
    line.to(9'000);
    line.induct(2);
    line.scan({"YT2"});
    CHECK(line.lost(2));
}

TEST_CASE("tracking that was lost at an unknown moment between two looks doubts whom an unseen item may have met") {
    const auto [late, second_lost] = GENERATE(table<std::int64_t, bool>({{600, true}, {599, false}}));
    Belt line;
    line.up();
    for (std::uint16_t n = 1; n <= 3; ++n) {
        line.to((n - 1) * 600);
        line.induct(n);
        line.scan({Belt::name(n)});
    }
    line.to(1'730);
    line.tracking_lost(late);  // since 1,130: as long after the second as a reading may come
    CHECK(line.released(1));
    CHECK(line.lost(2) == second_lost);
    CHECK(line.lost(3));
}

TEST_CASE("re-reads collapse against the last one") {
    Line line(false);
    for (int i = 0; i < 6; ++i) line.scan({"YT1"}), line.after(1'000);
    CHECK(line.all<PassageDecided>().size() == 1);
}

TEST_CASE("what a lane keeps does not grow with the telegrams it has taken") {
    Belt line;
    line.up();
    for (int n = 0; n < 10'000; ++n) {
        const auto sequence = static_cast<std::uint16_t>(n % 60'000 + 1);
        line.induct(sequence);
        line.scan({"ZZ" + std::to_string(n)});
        line.confirm(sequence, 2);
        line.ms += 360;
        line.facts.clear();
    }
    const auto& lane = line.state.lanes[0];
    CHECK(lane.recent.size() <= 10);
    CHECK(lane.passed.size() <= least_passed + 1);
    CHECK(line.state.open.all().empty());
}

TEST_CASE("readings that no parcel takes are bounded, with and without sorter") {
    SECTION("before their inductions") {
        Belt line;
        line.up();
        for (std::size_t n = 0; n < 3 * max_floating; ++n) line.scan({"ZZ" + std::to_string(n)});
        CHECK(line.state.lanes[0].floating.size() == max_floating);
        CHECK(line.state.lanes[0].slots.size() <= max_slots_without_place);
        line.after(float_for_ms);
        CHECK(line.without_place().size() == 3 * max_floating);  // none is lost
    }
    SECTION("before their weights") {
        Line line(false, true);
        for (std::size_t n = 0; n <= max_slots_without_place; ++n) line.scan({"ZZ" + std::to_string(n)});
        CHECK(line.all<PassageDecided>().size() == max_slots_without_place);
        CHECK(line.state.lanes[0].slots.size() == 1);
    }
}

TEST_CASE("a label with more codes than are kept is opened") {
    const auto [count, released] =
        GENERATE(table<std::size_t, bool>({{max_codes_a_label, true}, {max_codes_a_label + 1, false}}));
    Belt line;
    line.up();
    std::vector<std::string> codes{"YT1"};
    while (codes.size() < count) codes.push_back("EAN" + std::to_string(codes.size()));
    line.induct(1);
    line.scan(codes);
    CHECK(line.released(1) == released);
}
