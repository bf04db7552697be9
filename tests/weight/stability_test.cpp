#include "weight/stability.hpp"

#include <vector>

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::codec;

namespace {

constexpr StabilityRule rule{1000, 5, Grams{5}, Grams{50}, 100};

/// A scale that is played sample by sample.
struct Played {
    Stability stability;
    BootTime at{10'000};
    std::vector<Weighing> said;

    explicit Played(StabilityRule r = rule) : stability(r) {}
    /// `n` samples of `grams`, `every` milliseconds apart.
    Played& hold(std::int64_t grams, int n, std::int64_t every = 100, bool motion = false, bool overload = false) {
        for (; n > 0; --n) {
            if (const auto w = stability.feed({at, Grams{grams}, motion, overload})) said.push_back(*w);
            at = at + every;
        }
        return *this;
    }
};

}  // namespace

TEST_CASE("a load that rests for the whole window is said once") {
    Played p;
    p.hold(0, 5).hold(1230, 10);
    CHECK(p.said.empty());  // 900 ms of rest are not 1000
    p.hold(1230, 1);
    REQUIRE(p.said.size() == 1);
    CHECK(p.said[0] == Weighing{{11'500}, Grams{1230}, Settled::stable});
    p.hold(1230, 50).hold(2500, 50);
    CHECK(p.said.size() == 1);  // a second load upon the first has no weighing of its own
}

TEST_CASE("one interval of flicker is rest, one gram more is not") {
    Played within;
    within.hold(1000, 6).hold(1005, 20);
    REQUIRE(within.said.size() == 1);
    CHECK(within.said[0].grams == Grams{1000});  // lower median of six and five

    Played beyond;
    for (int i = 0; i < 40; ++i) beyond.hold(i % 2 == 0 ? 1000 : 1006, 1);
    CHECK(beyond.said.empty());
}

TEST_CASE("a slow device is weighed as soon as it has sent the samples that are asked") {
    struct Row {
        const char* why;
        std::int64_t window_ms;
        std::int64_t every;
        std::size_t samples;
        int needed;  // samples of the load until it is said
    };
    const auto row = GENERATE(values<Row>({
        {"Toledo at 20 frames a second", 400, 50, 5, 9},
        {"old Toledo models: 7 frames a second", 400, 143, 5, 5},
        {"the window holds exactly the samples", 400, 100, 5, 5},
        {"one more frame period than fits", 400, 134, 5, 5},
        {"Toledo, 18 bytes at 600 baud, the slowest documented", 400, 300, 5, 5},
        {"its frames as late as one that is lost makes them", 400, 600, 5, 5},
        {"XK3190, 12 bytes at 9600 baud", 1000, 13, 5, 78},
        {"XK3190, 12 bytes at 1200 baud", 1000, 100, 5, 11},
        {"XK3190, 12 bytes at 600 baud, the slowest documented", 1000, 200, 5, 6},
        {"many samples in a short window", 100, 50, 100, 100},
        {"four samples where five are asked are no rest, however long", 1000, 500, 5, 5},
    }));
    INFO(row.why);
    Played p({row.window_ms, row.samples, Grams{5}, Grams{50}, 100});
    p.hold(0, 2, row.every).hold(700, row.needed - 1, row.every);
    CHECK(p.said.empty());
    p.hold(700, 1, row.every);
    REQUIRE(p.said.size() == 1);
    CHECK(p.said[0] == Weighing{{10'000 + (row.needed + 1) * row.every}, Grams{700}, Settled::stable});
    p.hold(700, 50, row.every).hold(0, 10, row.every).hold(900, row.needed, row.every);
    CHECK(p.said.size() == 2);
}

TEST_CASE("a slow device that flickers by more than an interval is not at rest") {
    Played p({400, 5, Grams{5}, Grams{50}, 100});
    for (int i = 0; i < 40; ++i) p.hold(i % 4 == 0 ? 1006 : 1000, 1, 143);
    CHECK(p.said.empty());
}

TEST_CASE("a slow climb is never rest") {
    Played p;
    for (int g = 100; g < 2000; g += 1) p.hold(g, 1, 50);
    CHECK(p.said.empty());
    p.hold(2000, 25, 50);
    REQUIRE(p.said.size() == 1);
    CHECK(p.said[0].grams >= Grams{1995});
}

TEST_CASE("the next parcel counts once the scale was empty for the re-arm time") {
    struct Row {
        const char* why;
        int gap_samples;  // 20 ms apart, of an empty scale
        std::size_t weighings;
    };
    const auto row = GENERATE(values<Row>({
        {"no gap at all", 0, 1},
        {"a bounce of one frame", 1, 1},
        {"80 ms between the first and the last empty sample", 5, 1},
        {"exactly 100 ms", 6, 2},
        {"a usual gap", 20, 2},
    }));
    INFO(row.why);
    Played p;
    p.hold(1000, 60, 20).hold(0, row.gap_samples, 20).hold(3000, 60, 20);
    CHECK(p.said.size() == row.weighings);
}

TEST_CASE("a load that leaves before it rests is said as unstable, with the last weight") {
    Played p;
    p.hold(0, 3).hold(900, 3).hold(950, 3).hold(70, 1).hold(20, 1);
    CHECK(p.said.empty());
    p.hold(0, 1);
    REQUIRE(p.said.size() == 1);
    CHECK(p.said[0] == Weighing{{11'000}, Grams{70}, Settled::unstable});
    p.hold(0, 50);
    CHECK(p.said.size() == 1);
}

TEST_CASE("the empty threshold") {
    Played below;
    below.hold(49, 30);
    CHECK(below.said.empty());
    CHECK_FALSE(below.stability.loaded());
    Played at_limit;
    at_limit.hold(50, 30);
    CHECK(at_limit.said.size() == 1);
    Played negative;
    negative.hold(-4000, 30);
    CHECK(negative.said.empty());
}

TEST_CASE("motion said by the indicator starts the window anew") {
    Played p;
    p.hold(1000, 9).hold(1000, 1, 100, true).hold(1000, 10);
    CHECK(p.said.empty());
    p.hold(1000, 1);
    CHECK(p.said.size() == 1);
}

TEST_CASE("overload is said once, when the load is gone") {
    Played p;
    p.hold(0, 3).hold(0, 30, 100, false, true);
    CHECK(p.said.empty());
    p.hold(0, 3);
    REQUIRE(p.said.size() == 1);
    CHECK(p.said[0] == Weighing{{13'300}, Grams{0}, Settled::overload});

    Played bounced;  // a parcel that was dropped on the plate and then rests
    bounced.hold(0, 3).hold(0, 2, 100, false, true).hold(800, 20).hold(0, 20);
    REQUIRE(bounced.said.size() == 1);
    CHECK(bounced.said[0].settled == Settled::stable);
}

TEST_CASE("silence and a clock that goes back are no rest") {
    struct Row {
        const char* why;
        std::int64_t window_ms;
        std::int64_t gap;
        std::size_t said;
    };
    const auto row = GENERATE(values<Row>({
        {"as long as two frames of the slowest device", 1000, 600, 1},
        {"one millisecond longer", 1000, 601, 0},
        {"half of a long window", 2000, 1000, 1},
        {"one millisecond longer than half of it", 2000, 1001, 0},
        {"the clock went back", 1000, -1, 0},
    }));
    INFO(row.why);
    Played p({row.window_ms, 5, Grams{5}, Grams{50}, 100});
    const int rest = static_cast<int>(row.window_ms / 100);
    p.hold(1000, rest);  // one sample short of the window
    p.at = p.at + (row.gap - 100);
    p.hold(1000, 1);
    CHECK(p.said.size() == row.said);
    p.hold(1000, rest);
    CHECK(p.said.size() == 1);
}

TEST_CASE("a load that had not settled before a silence is forgotten: nobody knows when it left") {
    struct Row {
        const char* why;
        bool overload;
        std::int64_t gap;
        std::size_t said;
    };
    const auto row = GENERATE(values<Row>({
        {"no silence: said when it leaves", false, 600, 1},
        {"silence", false, 601, 0},
        {"silence of an hour", false, 3'600'000, 0},
        {"over the range, no silence", true, 600, 1},
        {"over the range, silence", true, 601, 0},
    }));
    INFO(row.why);
    Played p;
    p.hold(0, 3).hold(800, 3, 100, true, row.overload);
    p.at = p.at + (row.gap - 100);
    p.hold(0, 5);
    CHECK(p.said.size() == row.said);
    p.hold(1500, 11);
    REQUIRE(p.said.size() == row.said + 1);
    CHECK(p.said.back().settled == Settled::stable);
    CHECK(p.said.back().grams == Grams{1500});
}

TEST_CASE("after a silence a weight that was said is the same load, another weight is another load") {
    struct Row {
        const char* why;
        std::int64_t gap;
        std::int64_t grams;
        std::size_t said;
    };
    const auto row = GENERATE(values<Row>({
        {"the same weight", 601, 1000, 1},
        {"one interval more", 601, 1005, 1},
        {"one gram more than that", 601, 1006, 2},
        {"one interval less", 601, 995, 1},
        {"one gram less than that", 601, 994, 2},
        {"no silence: a second load upon the first", 600, 2000, 1},
    }));
    INFO(row.why);
    Played p;
    p.hold(1000, 20);
    p.at = p.at + (row.gap - 100);
    p.hold(row.grams, 20);
    CHECK(p.said.size() == row.said);
    p.hold(row.grams, 20);
    CHECK(p.said.size() == row.said);
    CHECK(p.stability.loaded());
}

TEST_CASE("after a silence a load that was said and moves off is not said again") {
    Played p;
    p.hold(1000, 20);
    p.at = p.at + 5'000;
    p.hold(600, 3).hold(300, 3).hold(0, 5);
    CHECK(p.said.size() == 1);
    CHECK_FALSE(p.stability.loaded());
}

TEST_CASE("silence does not make an emptied scale ready") {
    Played p;
    p.hold(1000, 20).hold(0, 1);
    p.at = p.at + 5'000;
    p.hold(0, 1).hold(1000, 20);  // one empty sample before and one after the silence
    CHECK(p.said.size() == 1);
}

TEST_CASE("a flood of samples holds bounded memory and still ends") {
    Played p;
    p.hold(1000, 20'000, 0);
    CHECK(p.said.empty());  // no time passed
    CHECK(p.stability.held() == Stability::most_held);
    p.hold(1000, 200, 10);
    CHECK(p.said.size() == 1);
    CHECK(p.stability.held() == 0);
}
