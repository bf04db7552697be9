#include "plc/sorter_map.hpp"

#include <cstdlib>
#include <cstring>
#include <vector>

// Any registers: decode and encode are each other's inverse, and the news of a ring stay inside it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace map = hefang::codec::sorter;
    std::vector<std::uint16_t> registers(size / 2);
    if (!registers.empty()) std::memcpy(registers.data(), data, registers.size() * 2);

    if (const auto status = map::decode_status(registers)) {
        const auto again = map::encode_status(*status);
        if (!std::equal(again.begin(), again.end(), registers.begin(), registers.end())) std::abort();
    }
    if (const auto commands = map::decode_commands(registers)) {
        const auto again = map::encode_commands(*commands);
        if (!std::equal(again.begin(), again.end(), registers.begin(), registers.end())) std::abort();
    }
    if (registers.size() >= 2) {
        const auto news = map::ring_news(registers[0], registers[1]);
        if (news.first >= map::depth || news.fresh > map::depth) std::abort();
        if (static_cast<std::uint16_t>(registers[0] + news.fresh + news.lost) != registers[1]) std::abort();
    }
    return 0;
}
