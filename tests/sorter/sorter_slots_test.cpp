#include "sorter/sorter_slots.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using driver::SorterSlots;
using reading::SorterCommand;

namespace {

constexpr reading::SorterSession here = 77;
constexpr std::int64_t patience = 600;

SorterCommand command(std::uint16_t sequence, std::uint16_t revision = 1, std::int64_t valid_until = 1000,
                      reading::SorterSession session = here) {
    return {session, sequence, revision, static_cast<std::uint16_t>(sequence % 4), 9, {valid_until}};
}

std::vector<std::uint16_t> numbers(const SorterSlots::Fill& fill) {
    std::vector<std::uint16_t> out;
    for (const auto& slot : fill.block.slots) out.push_back(slot.sequence);
    return out;
}

using Numbers = std::vector<std::uint16_t>;

std::vector<SorterCommand> first(std::uint16_t n) {
    std::vector<SorterCommand> out;
    for (std::uint16_t i = 1; i <= n; ++i) out.push_back(command(i));
    return out;
}

}  // namespace

TEST_CASE("sorter slots: a command goes out once and keeps its slot until it is answered") {
    SorterSlots slots;
    slots.replace({command(1), command(2)}, here);
    const auto one = slots.fill({0}, patience);
    CHECK(one.fresh == 2);
    CHECK(numbers(one) == Numbers{1, 2, 0, 0, 0, 0, 0, 0});
    CHECK(one.block.slots[1] == codec::sorter::CommandEntry{2, 2, 9, 1});

    slots.replace({command(1), command(2)}, here);
    CHECK(slots.fill({0}, patience).fresh == 0);  // nothing new: nothing is written

    slots.answered(1, 1);
    slots.replace({command(1), command(2), command(3)}, here);  // the core has not seen the answer yet
    const auto two = slots.fill({0}, patience);
    CHECK(two.fresh == 1);
    CHECK(numbers(two) == Numbers{3, 2, 0, 0, 0, 0, 0, 0});
    CHECK(slots.open() == 2);
}

TEST_CASE("sorter slots: more than eight wait in order and follow as slots get free") {
    SorterSlots slots;
    slots.replace(first(11), here);
    CHECK(numbers(slots.fill({0}, patience)) == Numbers{1, 2, 3, 4, 5, 6, 7, 8});
    CHECK(slots.fill({0}, patience).fresh == 0);
    CHECK(slots.waiting() == 3);
    slots.answered(5, 1);
    slots.answered(2, 1);
    const auto next = slots.fill({0}, patience);
    CHECK(next.fresh == 2);
    CHECK(numbers(next) == Numbers{1, 9, 3, 4, 10, 6, 7, 8});
    CHECK(slots.open() == 9);
}

TEST_CASE("sorter slots: a revision takes the place of the earlier one") {
    SorterSlots slots;
    slots.replace({command(1, 1)}, here);
    CHECK(slots.fill({0}, patience).fresh == 1);
    slots.replace({command(1, 2)}, here);
    const auto fill = slots.fill({0}, patience);
    CHECK(fill.fresh == 1);
    CHECK(fill.block.slots[0].revision == 2);
    CHECK(fill.block.slots[1].sequence == 0);
    slots.answered(1, 1);  // the answer to the earlier one frees nothing
    CHECK(slots.open() == 1);
    slots.answered(1, 2);
    CHECK(slots.open() == 0);
}

TEST_CASE("sorter slots: what is refused, and counted once") {
    struct Row {
        const char* why;
        std::vector<SorterCommand> wanted;
        std::size_t other_session, no_sequence, superseded, fresh;
    };
    const auto row = GENERATE(values<Row>({
        {"of this session", {command(1)}, 0, 0, 0, 1},
        {"of another session", {command(1, 1, 1000, here - 1)}, 1, 0, 0, 0},
        {"session 0 is none", {command(1, 1, 1000, 0)}, 1, 0, 0, 0},
        {"sequence 0 is none", {command(0)}, 0, 1, 0, 0},
        {"the highest revision counts", {command(1, 1), command(1, 3), command(1, 2)}, 0, 0, 2, 1},
        {"the same command twice", {command(1), command(1)}, 0, 0, 1, 1},
    }));
    INFO(row.why);
    SorterSlots slots;
    const auto refused = slots.replace(row.wanted, here);
    CHECK(refused.other_session == row.other_session);
    CHECK(refused.no_sequence == row.no_sequence);
    CHECK(refused.superseded == row.superseded);
    CHECK(slots.fill({0}, patience).fresh == row.fresh);
    const auto again = slots.replace(row.wanted, here);
    CHECK(again.other_session + again.no_sequence + again.superseded == 0);
}

TEST_CASE("sorter slots: valid_until is the last moment at which a command is written") {
    struct Row {
        const char* why;
        std::int64_t now;
        std::size_t fresh, expired;
    };
    const auto row = GENERATE(values<Row>(
        {{"before", 999, 1, 0}, {"at the moment itself", 1000, 1, 0}, {"a millisecond later", 1001, 0, 1}}));
    INFO(row.why);
    SorterSlots slots;
    slots.replace({command(1)}, here);
    const auto fill = slots.fill({row.now}, patience);
    CHECK(fill.fresh == row.fresh);
    CHECK(fill.expired == row.expired);
    CHECK(slots.fill({row.now}, patience).expired == 0);  // counted once
}

TEST_CASE("sorter slots: a command that is over or withdrawn frees its slot and never comes back") {
    SorterSlots slots;
    auto wanted = first(9);
    wanted[0].valid_until = {10};
    slots.replace(wanted, here);
    CHECK(slots.fill({10}, patience).fresh == 8);
    SECTION("over") {
        const auto fill = slots.fill({11}, patience);
        CHECK(numbers(fill) == Numbers{9, 2, 3, 4, 5, 6, 7, 8});
        CHECK(fill.expired == 1);
        slots.replace(wanted, here);
        CHECK(slots.fill({11}, patience).fresh == 0);
    }
    SECTION("withdrawn") {
        wanted.erase(wanted.begin() + 2);
        slots.replace(wanted, here);
        CHECK(numbers(slots.fill({10}, patience)) == Numbers{1, 2, 9, 4, 5, 6, 7, 8});
    }
}

TEST_CASE("sorter slots: a new session starts with nothing of the old one") {
    SorterSlots slots;
    slots.replace(first(3), here);
    CHECK(slots.fill({0}, patience).fresh == 3);
    const auto refused = slots.replace(first(3), here + 1);
    CHECK(refused.other_session == 3);
    CHECK(slots.open() == 0);
    slots.replace({command(1, 1, 1000, here + 1)}, here + 1);  // the same number and revision, but another item
    CHECK(slots.fill({0}, patience).fresh == 1);
}

TEST_CASE("sorter slots: a command without an answer is named once, when its time is over") {
    SorterSlots slots;
    slots.replace(first(9), here);
    CHECK(slots.fill({100}, patience).fresh == 8);
    slots.answered(3, 1);
    CHECK(slots.unanswered({700}, 600).empty());
    CHECK(slots.unanswered({701}, 600).size() == 7);
    slots.replace(first(9), here);  // the core wants them still
    CHECK(slots.unanswered({702}, 600).empty());
    CHECK(slots.fill({702}, patience).fresh == 1);  // the ninth, in the free slot: its time begins now
    CHECK(slots.unanswered({1'302}, 600).empty());
    const auto late = slots.unanswered({1'303}, 600);
    REQUIRE(late.size() == 1);
    CHECK(late[0].sequence == 9);
}

TEST_CASE("sorter slots: a command whose time passed before a slot was free goes out when it is given more") {
    SorterSlots slots;
    auto wanted = first(9);
    wanted[8].valid_until = {10};
    slots.replace(wanted, here);
    CHECK(slots.fill({5}, patience).fresh == 8);
    CHECK(slots.fill({11}, patience).expired == 1);
    slots.answered(1, 1);
    slots.replace(wanted, here);
    CHECK(slots.fill({11}, patience).fresh == 0);
    wanted[8].valid_until = {40};
    slots.replace(wanted, here);
    CHECK(slots.fill({11}, patience).fresh == 1);
    SECTION("but one that was sent does not go out again") {
        CHECK(slots.fill({41}, patience).expired == 1);
        wanted[8].valid_until = {80};
        slots.replace(wanted, here);
        CHECK(slots.fill({42}, patience).fresh == 0);
    }
}

TEST_CASE(
    "sorter slots: commands that the PLC does not answer give their slots up to those that wait, the oldest first") {
    const auto [late, displaced] = GENERATE(table<std::int64_t, std::size_t>({{patience, 0}, {patience + 1, 2}}));
    SorterSlots slots;
    slots.replace(first(2), here);
    CHECK(slots.fill({0}, patience).fresh == 2);
    slots.replace(first(10), here);
    CHECK(slots.fill({1}, patience).fresh == 6);
    const auto next = slots.fill({late}, patience);
    CHECK(next.displaced == displaced);
    CHECK(next.fresh == displaced);
    CHECK(numbers(next) == (displaced == 0 ? Numbers{1, 2, 3, 4, 5, 6, 7, 8} : Numbers{9, 10, 3, 4, 5, 6, 7, 8}));
    slots.replace(first(10), here);
    CHECK(slots.fill({late}, patience).fresh == 0);  // what gave way does not come back for its slot
}

TEST_CASE("sorter slots: without anybody who waits, a command keeps its slot") {
    SorterSlots slots;
    slots.replace(first(8), here);
    CHECK(slots.fill({0}, patience).fresh == 8);
    const auto later = slots.fill({900}, patience);
    CHECK(later.displaced == 0);
    CHECK(numbers(later) == Numbers{1, 2, 3, 4, 5, 6, 7, 8});
}
