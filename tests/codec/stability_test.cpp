#include "codec/stability.hpp"

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

TEST_CASE("fewer samples than asked are no rest, however long") {
    StabilityRule slow = rule;
    slow.window_ms = 1000;
    Played four(slow);
    four.hold(700, 4, 400);
    CHECK(four.said.empty());
    Played sparse(slow);
    sparse.hold(700, 5, 400);  // the window of 1000 ms holds three or four of them
    CHECK(sparse.said.empty());
    Played enough(slow);
    enough.hold(700, 5, 250);
    CHECK(enough.said.size() == 1);
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
    Played silent;
    silent.hold(1000, 5).hold(1000, 0);
    silent.at = silent.at + 500;
    silent.hold(1000, 9);
    CHECK(silent.said.empty());
    silent.hold(1000, 2);
    CHECK(silent.said.size() == 1);

    Played back;
    back.hold(1000, 9);
    back.at = {5'000};
    back.hold(1000, 10);
    CHECK(back.said.empty());
    back.hold(1000, 1);
    CHECK(back.said.size() == 1);
}

TEST_CASE("silence does not make an emptied scale ready") {
    Played p;
    p.hold(1000, 20).hold(0, 1);
    p.at = p.at + 5'000;
    p.hold(0, 1).hold(2000, 20);  // one empty sample before and one after the silence
    CHECK(p.said.size() == 1);
}

TEST_CASE("a flood of samples holds bounded memory and still ends") {
    Played p;
    p.hold(1000, 20'000, 0);
    CHECK(p.said.empty());  // no time passed
}
