#include "board/board_map.hpp"

#include <set>

#include <catch2/catch.hpp>

using namespace hefang::codec::board;

TEST_CASE("every map names its source, and its addresses do not meet") {
    std::set<std::string_view> names;
    for (const auto& map : maps()) {
        CAPTURE(map.name);
        CHECK(names.insert(map.name).second);
        CHECK_FALSE(map.source.empty());
        CHECK(map_named(map.name) == &map);
        std::set<int> coils;
        if (map.input_space == Space::coils)
            for (int i = 0; i < map.inputs; ++i) CHECK(coils.insert(map.first_input + i).second);
        if (map.output_space == Space::coils)
            for (int i = 0; i < map.outputs; ++i) CHECK(coils.insert(map.first_output + i).second);
        if (map.first_flash)
            for (int i = 0; i < map.outputs; ++i) CHECK(coils.insert(*map.first_flash + i).second);
    }
    CHECK(map_named("waveshare") == nullptr);
}

TEST_CASE("a relay is switched as the maker says") {
    struct Row {
        const char* map;
        int channel;
        bool on;
        Write is;
        const char* why;
    };
    const auto row = GENERATE(values<Row>({
        {"waveshare-relay", 0, true, {Act::coil, 0, 0xFF00}, "01 05 00 00 FF 00"},
        {"waveshare-relay", 0, false, {Act::coil, 0, 0}, "01 05 00 00 00 00"},
        {"adam-6060", 0, true, {Act::coil, 16, 0xFF00}, "00017 is RL0"},
        {"adam-6060", 5, false, {Act::coil, 21, 0}, "00022 is RL5"},
        {"relay-8", 7, true, {Act::coil, 7, 0xFF00}, "FC5"},
        {"relay-8-register", 7, true, {Act::register_, 7, 1}, "FC6, 1 is on"},
        {"relay-8-register", 7, false, {Act::register_, 7, 0}, "FC6, 0 is off"},
        {"relay-8-coil-16", 0, true, {Act::coil, 16, 0xFF00}, "coils from 0x0010"},
        {"relay-8-0100", 2, true, {Act::coil_value, 2, 0x0100}, "0x0100 for on"},
        {"relay-8-0100", 2, false, {Act::coil_value, 2, 0}, "0 for off"},
    }));
    CAPTURE(row.map, row.why);
    CHECK(level(*map_named(row.map), row.channel, row.on) == row.is);
}

TEST_CASE("a flash is what the board ends by itself") {
    const auto& board = *map_named("waveshare-relay");
    CHECK(flash(board, 0, 700) == Write{Act::coil_value, 0x0200, 7});  // 01 05 02 00 00 07 8D B0
    CHECK(flash(board, 7, 1) == Write{Act::coil_value, 0x0207, 1});
    CHECK(flash(board, 0, 301)->value == 4);
    CHECK(flash(board, 0, longest_flash_ms)->value == 0x7FFF);
    CHECK_FALSE(flash(board, 0, longest_flash_ms + 1));
    CHECK_FALSE(flash(board, 0, 0));
    CHECK_FALSE(flash(board, 8, 400));
    CHECK_FALSE(flash(board, -1, 400));
    for (const auto& map : maps())
        if (!map.first_flash) CHECK_FALSE(flash(map, 0, 400));
}

TEST_CASE("a counter has its low word first") {
    CHECK(counter(1, 0) == 1);
    CHECK(counter(0, 1) == 65536);
    CHECK(counter(0xFFFF, 0xFFFF) == 0xFFFF'FFFF);
}
