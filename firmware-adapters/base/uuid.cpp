#include "base/uuid.hpp"

#include <sys/random.h>

#include <array>
#include <cstdint>

namespace hefang {

std::string uuid7(WallTime at) {
    // A pool, because one system call an id is dear in a burst of passages.
    thread_local std::array<std::uint8_t, 1600> pool{};
    thread_local std::size_t used = pool.size();
    constexpr std::size_t need = 10;
    if (used + need > pool.size()) {
        std::size_t got = 0;
        while (got < pool.size()) {
            const auto n = ::getrandom(pool.data() + got, pool.size() - got, 0);
            if (n > 0) got += static_cast<std::size_t>(n);
        }
        used = 0;
    }
    std::array<std::uint8_t, 16> id{};
    for (std::size_t i = 0; i < 6; ++i) id[i] = static_cast<std::uint8_t>(at.ms >> (8 * (5 - i)));
    for (std::size_t i = 0; i < need; ++i) id[6 + i] = pool[used++];
    id[6] = static_cast<std::uint8_t>((id[6] & 0x0F) | 0x70);
    id[8] = static_cast<std::uint8_t>((id[8] & 0x3F) | 0x80);

    constexpr char hex[] = "0123456789abcdef";
    std::string text;
    text.reserve(36);
    for (std::size_t i = 0; i < id.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
        text += hex[id[i] >> 4];
        text += hex[id[i] & 15];
    }
    return text;
}

}  // namespace hefang
