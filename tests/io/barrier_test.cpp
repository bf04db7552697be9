#include "io/barrier.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

using namespace hefang;
using driver::Barrier;
using driver::BarrierAct;
using driver::BarrierSeen;
using driver::Pulse;
using reading::BarrierEvent;
using reading::OpenWish;

namespace {

const BarrierSeen closed_clear{.loop_clear = true, .eye_clear = true, .at_closed = true};
const BarrierSeen open_clear{.loop_clear = true, .eye_clear = true, .at_open = true};
const BarrierSeen between_clear{.loop_clear = true, .eye_clear = true};
const BarrierSeen open_loop{.loop_clear = false, .eye_clear = true, .at_open = true};

bool told(const BarrierAct& act, BarrierEvent event) {
    return std::any_of(act.told.begin(), act.told.end(), [&](const auto& t) { return t.event == event; });
}

/// A barrier that is looked at every 100 ms.
struct Gate {
    Barrier barrier{{.clear_ms = 1000, .move_ms = 5000}};
    BootTime now{10'000};
    std::optional<OpenWish> wish;
    bool core = true;

    BarrierAct look(const std::optional<BarrierSeen>& seen) {
        now = now + 100;
        return barrier.step(now, seen, wish, core);
    }
    /// Looks for `ms`; the first pulse, and all that was told.
    BarrierAct looks(const std::optional<BarrierSeen>& seen, std::int64_t ms) {
        BarrierAct all;
        for (const auto end = now + ms; now < end;) {
            auto act = look(seen);
            if (all.pulse == Pulse::none) all.pulse = act.pulse;
            all.green = act.green;
            all.told.insert(all.told.end(), act.told.begin(), act.told.end());
        }
        return all;
    }
};

}  // namespace

TEST_CASE("one passage: a wish opens, green once it is open, what passed uses the wish up, then it closes") {
    Gate gate;
    CHECK(gate.looks(closed_clear, 3000).pulse == Pulse::none);
    gate.wish = OpenWish{"p-1", gate.now + 60'000};
    const auto opening = gate.look(closed_clear);
    CHECK(opening.pulse == Pulse::open);
    CHECK_FALSE(opening.green);
    CHECK(told(opening, BarrierEvent::opening));
    CHECK(opening.told.back().passage == "p-1");
    CHECK(gate.looks(between_clear, 2000).pulse == Pulse::none);
    const auto open = gate.looks(open_clear, 5000);
    CHECK(open.green);
    CHECK(open.pulse == Pulse::none);
    CHECK(told(open, BarrierEvent::opened));
    CHECK(gate.looks(open_loop, 4000).green);
    const auto passing = gate.looks(open_clear, 1100);
    CHECK(told(passing, BarrierEvent::passed));
    CHECK_FALSE(passing.green);
    const auto closing = gate.look(open_clear);
    CHECK(closing.pulse == Pulse::close);
    CHECK(told(gate.looks(closed_clear, 100), BarrierEvent::closed));
    CHECK(gate.looks(closed_clear, 3000).pulse == Pulse::none);  // the wish still stands, but is used up
}

TEST_CASE("what is no wish does not open") {
    Gate gate;
    gate.looks(closed_clear, 500);
    SECTION("over") { gate.wish = OpenWish{"p-1", gate.now + 100}; }
    SECTION("without a passage") { gate.wish = OpenWish{"", gate.now + 60'000}; }
    SECTION("of a core that stands still") {
        gate.wish = OpenWish{"p-1", gate.now + 60'000};
        gate.core = false;
    }
    CHECK(gate.looks(closed_clear, 5000).pulse == Pulse::none);
}

TEST_CASE("a wish is over at its limit and not before") {
    Gate gate;
    gate.looks(closed_clear, 500);
    gate.wish = OpenWish{"p-1", gate.now + 101};
    CHECK(gate.look(closed_clear).pulse == Pulse::open);
    Gate late;
    late.looks(closed_clear, 500);
    late.wish = OpenWish{"p-1", late.now + 100};
    CHECK(late.look(closed_clear).pulse == Pulse::none);
}

TEST_CASE("it closes only after loop and photo-eye were clear for the whole time") {
    BarrierSeen taken = open_clear;
    SECTION("loop") { taken.loop_clear = false; }
    SECTION("photo-eye") { taken.eye_clear = false; }
    Gate gate;
    CHECK(gate.looks(taken, 600'000).pulse == Pulse::none);  // ten minutes are no reason
    CHECK(gate.looks(open_clear, 1000).pulse == Pulse::none);
    CHECK(gate.look(taken).pulse == Pulse::none);
    CHECK(gate.looks(open_clear, 1000).pulse == Pulse::none);
    CHECK(gate.look(open_clear).pulse == Pulse::close);
}

TEST_CASE("an obstacle stops it in the same look, and it closes again only once all is clear") {
    Gate gate;
    CHECK(gate.looks(open_clear, 1100).pulse == Pulse::close);
    BarrierSeen taken = between_clear;
    taken.eye_clear = false;
    const auto act = gate.look(taken);
    CHECK(act.pulse == Pulse::stop);
    CHECK(told(act, BarrierEvent::stopped));
    CHECK(gate.looks(taken, 10'000).pulse == Pulse::none);
    CHECK(gate.looks(between_clear, 1100).pulse == Pulse::close);
}

TEST_CASE("a closing that went on unseen is stopped when something is found under it") {
    Gate gate;
    CHECK(gate.looks(open_clear, 1100).pulse == Pulse::close);
    CHECK(gate.looks(std::nullopt, 500).pulse == Pulse::none);
    BarrierSeen taken = between_clear;
    taken.loop_clear = false;
    CHECK(gate.look(taken).pulse == Pulse::stop);
    CHECK(gate.looks(taken, 1000).pulse == Pulse::none);
}

TEST_CASE("looks that were missed count as not clear") {
    Gate gate;
    gate.looks(open_clear, 900);
    SECTION("the inputs could not be read") { CHECK(gate.look(std::nullopt).pulse == Pulse::none); }
    SECTION("nobody looked") { gate.now = gate.now + Barrier::longest_gap_ms; }
    SECTION("the clock stepped back") { gate.now = gate.now + -500; }
    CHECK(gate.looks(open_clear, 1000).pulse == Pulse::none);
    CHECK(gate.look(open_clear).pulse == Pulse::close);
}

TEST_CASE("the emergency opening is told and never worked against") {
    Gate gate;
    gate.looks(closed_clear, 500);
    BarrierSeen drawn = between_clear;
    drawn.emergency = true;
    const auto act = gate.look(drawn);
    CHECK(told(act, BarrierEvent::emergency));
    CHECK(act.pulse == Pulse::none);
    CHECK_FALSE(act.green);
    drawn.at_open = true;
    CHECK(gate.looks(drawn, 60'000).pulse == Pulse::none);
    const auto over = gate.looks(open_clear, 60'000);
    CHECK(told(over, BarrierEvent::emergency_over));
    CHECK(over.pulse == Pulse::none);  // it stays open until a wish was fulfilled
    gate.wish = OpenWish{"p-2", gate.now + 60'000};
    CHECK(gate.looks(open_clear, 1000).green);
    gate.wish.reset();
    CHECK(gate.look(open_clear).pulse == Pulse::close);
}

TEST_CASE("an emergency opening while it closes is not answered with a stop") {
    Gate gate;
    CHECK(gate.looks(open_clear, 1100).pulse == Pulse::close);
    BarrierSeen drawn;
    drawn.emergency = true;
    CHECK(gate.looks(drawn, 5000).pulse == Pulse::none);
}

TEST_CASE("a movement that does not end is tried three times, then told") {
    Gate gate;
    gate.looks(closed_clear, 500);
    gate.wish = OpenWish{"p-1", gate.now + 600'000};
    int pulses = 0;
    int faults = 0;
    for (int i = 0; i < 3000; ++i) {
        const auto act = gate.look(closed_clear);
        pulses += act.pulse == Pulse::open ? 1 : 0;
        faults += told(act, BarrierEvent::fault) ? 1 : 0;
    }
    CHECK(pulses == Barrier::tries);
    CHECK(faults == 1);
}

TEST_CASE("both end contacts at once: told, and nothing moves") {
    Gate gate;
    BarrierSeen both = open_clear;
    both.at_closed = true;
    gate.wish = OpenWish{"p-1", gate.now + 60'000};
    const auto act = gate.looks(both, 10'000);
    CHECK(act.pulse == Pulse::none);
    CHECK(told(act, BarrierEvent::fault));
    CHECK_FALSE(act.green);
}

namespace {

/// A barrier, its place and the rules, told by other means than the barrier's own.
class World {
  public:
    static constexpr int events = 13;
    static constexpr std::int64_t clear_ms = 200;

    /// Lets `event` happen, then looks once. The rule that was broken, or nothing.
    std::string happens(int event) {
        switch (event) {
            case 0: break;  // only time
            case 1: loop_clear_ = !loop_clear_; break;
            case 2: eye_clear_ = !eye_clear_; break;
            case 3: known_ = !known_; break;
            case 4: wish_ = OpenWish{"p-" + std::to_string(++wishes_), now_ + 1000}; break;
            case 5: wish_.reset(); break;
            case 6: core_ = !core_; break;
            case 7: emergency_ = !emergency_; break;
            case 8: barrier_ = Barrier(settings); break;  // the program starts anew
            case 9: arm_ = 2; break;                      // opened by hand
            case 10: now_ = now_ + 2000; break;           // nobody looked
            case 11: arm_ = 0; break;                     // closed by hand
            default: now_ = now_ + 400; break;
        }
        return look();
    }

  private:
    static constexpr Barrier::Settings settings{.clear_ms = clear_ms, .move_ms = 400};

    std::string look() {
        now_ = now_ + 100;
        if (now_ - looked_ > Barrier::longest_gap_ms) clear_from_.reset();
        looked_ = now_;
        if (moves_ != 0) arm_ = std::clamp(arm_ + moves_, 0, 2);
        const bool clear = loop_clear_ && eye_clear_;
        if (!known_ || !clear) clear_from_.reset();
        if (known_ && clear && !clear_from_) clear_from_ = now_;
        std::optional<BarrierSeen> seen;
        if (known_) seen = BarrierSeen{loop_clear_, eye_clear_, arm_ == 2, arm_ == 0, emergency_};
        const bool was_closing = commanded_close_ && moves_ < 0 && !emergency_ && arm_ != 0;
        const auto act = barrier_.step(now_, seen, wish_, core_);
        if (emergency_ && act.pulse != Pulse::none) return "a pulse against the emergency opening";
        if (!known_ && act.pulse != Pulse::none) return "moved without inputs";
        if (act.pulse == Pulse::close && !clear) return "closed onto something";
        if (act.pulse == Pulse::close && (!clear_from_ || now_ - *clear_from_ < clear_ms))
            return "closed before it was clear for long enough";
        const bool may_open = wish_ && core_ && now_ < wish_->valid_until;
        if (act.pulse == Pulse::open && !may_open) return "opened without a wish";
        if (act.green && !(may_open && known_ && arm_ == 2 && !emergency_)) return "green without being open";
        if (was_closing && known_ && !clear && act.pulse != Pulse::stop && act.pulse != Pulse::open)
            return "an obstacle did not stop it";
        follow(act.pulse);
        return {};
    }

    void follow(Pulse pulse) {
        if (pulse == Pulse::open) moves_ = 1;
        if (pulse == Pulse::close) moves_ = -1;
        if (pulse == Pulse::stop) moves_ = 0;
        if (emergency_) moves_ = 1;
        if (pulse == Pulse::close) commanded_close_ = true;
        // What is lost with a restart, or overtaken by an emergency, is nobody's closing any more.
        if (pulse == Pulse::open || pulse == Pulse::stop || (known_ && (emergency_ || arm_ == 0)))
            commanded_close_ = false;
    }

  public:
    void forget_closing() { commanded_close_ = false; }

  private:
    Barrier barrier_{settings};
    BootTime now_{1'000'000};
    bool loop_clear_ = true, eye_clear_ = true, known_ = true, core_ = true, emergency_ = false;
    std::optional<OpenWish> wish_;
    int wishes_ = 0;
    int arm_ = 0;    // 0 closed, 1 between, 2 open
    int moves_ = 0;  // what the motor does
    std::optional<BootTime> clear_from_;
    BootTime looked_{};
    bool commanded_close_ = false;
};

}  // namespace

TEST_CASE("no row of five events breaks a rule, from each of the states that a passage goes through") {
    // 0: rest; then wish, open, taken, clear, closing: each prefix is a state to begin at.
    const std::vector<int> passage{4, 0, 0, 1, 0, 1, 0, 0, 0, 0};
    std::size_t rows = 0;
    for (std::size_t prefix = 0; prefix <= passage.size(); ++prefix) {
        World begin;
        for (std::size_t i = 0; i < prefix; ++i) REQUIRE(begin.happens(passage[i]).empty());
        std::array<int, 5> row{};
        const auto walk = [&](auto&& self, const World& world, std::size_t depth) -> void {
            for (int event = 0; event < World::events; ++event) {
                World next = world;
                if (event == 8) next.forget_closing();
                row[depth] = event;
                const auto broken = next.happens(event);
                if (!broken.empty()) {
                    CAPTURE(prefix, row, depth);
                    FAIL(broken);
                }
                ++rows;
                if (depth + 1 < (prefix % 3 == 0 ? row.size() : row.size() - 1)) self(self, next, depth + 1);
            }
        };
        walk(walk, begin, 0);
    }
    CHECK(rows > 1'000'000);
}

TEST_CASE("no long row of chance breaks a rule") {
    for (unsigned seed = 1; seed <= 20; ++seed) {
        std::minstd_rand random(seed);
        World world;
        for (int i = 0; i < 20'000; ++i) {
            const int event = static_cast<int>(random() % World::events);
            if (event == 8) world.forget_closing();
            const auto broken = world.happens(event);
            CAPTURE(seed, i, event);
            if (!broken.empty()) FAIL(broken);
        }
    }
}
