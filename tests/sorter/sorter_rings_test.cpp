#include "sorter/sorter_rings.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using driver::SorterRings;
namespace map = codec::sorter;

namespace {

const DeviceId id("sorter-1");
constexpr BootTime before{17}, at{42};

void induct(map::Status& s, std::uint16_t sequence) {
    s.inductions[map::newest_index(++s.induction_count)] = {sequence, 300, 0};
}
void confirm(map::Status& s, std::uint16_t sequence, std::uint16_t result) {
    s.confirmations[map::newest_index(++s.confirmation_count)] = {sequence, 4, result};
}
void acknowledge(map::Status& s, std::uint16_t sequence, std::uint16_t code) {
    s.acks[map::newest_index(++s.ack_count)] = {sequence, 1, code};
}

std::size_t lost_in(const SorterRings::News& news) { return news.tracking_lost; }

}  // namespace

TEST_CASE("sorter rings: what stood there before the session began is no news") {
    map::Status s;
    induct(s, 5);
    confirm(s, 5, 1);
    acknowledge(s, 5, 1);
    SorterRings rings(id, 9, s);
    CHECK(rings.take(s, {before, at}).readings.empty());
    induct(s, 6);
    const auto news = rings.take(s, {before, at});
    CHECK(news.readings == std::vector<reading::Reading>{reading::Induction{id, at, 9, 6, 300, before}});
    CHECK(rings.take(s, {before, at}).readings.empty());  // and is said once
}

TEST_CASE("sorter rings: the order of an item's life, whatever the order of the rings") {
    map::Status s;
    SorterRings rings(id, 9, s);
    confirm(s, 1, 1);
    acknowledge(s, 1, 1);
    induct(s, 1);
    CHECK(rings.take(s, {before, at}).readings ==
          std::vector<reading::Reading>{reading::Induction{id, at, 9, 1, 300, before},
                                        reading::CommandAcked{id, at, 9, 1, 1, reading::AckCode::accepted},
                                        reading::Confirmed{id, at, 9, 1, 4, reading::Left::diverted}});
}

TEST_CASE("sorter rings: the sequence of inductions") {
    struct Row {
        const char* why;
        std::uint16_t before;
        std::vector<std::uint16_t> came;
        std::size_t lost, inductions;
    };
    const auto row = GENERATE(values<Row>({
        {"one after the other", 5, {6, 7}, 0, 2},
        {"one left out before the session's first", 5, {7}, 1, 1},
        {"65535, then 1", 65534, {65535, 1, 2}, 0, 3},
        {"65535, then 2", 65534, {65535, 2}, 1, 2},
        {"the same again", 5, {6, 6}, 1, 2},
        {"0 is no item, and what follows it is not known", 5, {0, 9}, 1, 1},
        {"the first ever may be any", 0, {777}, 0, 1},
        {"eight at once", 5, {6, 7, 8, 9, 10, 11, 12, 13}, 0, 8},
        {"nine at once: one overwritten", 5, {6, 7, 8, 9, 10, 11, 12, 13, 14}, 1, 8},
    }));
    INFO(row.why);
    map::Status s;
    if (row.before != 0) induct(s, row.before);
    SorterRings rings(id, 9, s);
    for (const auto sequence : row.came) induct(s, sequence);
    const auto news = rings.take(s, {before, at});
    CHECK(lost_in(news) == row.lost);
    CHECK(news.readings.size() == row.lost + row.inductions);
}

TEST_CASE("sorter rings: codes and results that do not exist") {
    struct Row {
        const char* why;
        std::uint16_t value;
        bool is_ack, is_result;
    };
    const auto row = GENERATE(values<Row>({{"below", 0, false, false},
                                           {"first", 1, true, true},
                                           {"last result", 4, true, true},
                                           {"last code", 5, true, false},
                                           {"above", 6, false, false}}));
    INFO(row.why);
    map::Status s;
    SorterRings rings(id, 9, s);
    acknowledge(s, 3, row.value);
    confirm(s, 3, row.value);
    const auto news = rings.take(s, {before, at});
    CHECK(news.acks_refused == (row.is_ack ? 0 : 1));
    CHECK(news.confirmations_refused == (row.is_result ? 0 : 1));
    CHECK(lost_in(news) == news.confirmations_refused);
    CHECK(news.answered.size() == 1);  // its slot is free in any case
}

TEST_CASE("sorter rings: overwritten answers and confirmations are tracking lost") {
    map::Status s;
    SorterRings rings(id, 9, s);
    for (std::uint16_t i = 1; i <= 9; ++i) {
        acknowledge(s, i, 1);
        confirm(s, i, 1);
    }
    const auto news = rings.take(s, {before, at});
    CHECK(lost_in(news) == 2);
    CHECK(news.readings.size() == 2 + 8 + 8);
}
