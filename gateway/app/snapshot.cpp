#include "app/snapshot.hpp"

#include <charconv>

namespace hefang::app {

std::string write_snapshot(const std::vector<std::uint64_t>& facts) {
    std::string out;
    for (const auto sequence : facts) {
        if (!out.empty()) out += ' ';
        out += std::to_string(sequence);
    }
    return out;
}

Result<std::vector<std::uint64_t>> read_snapshot(std::string_view bytes) {
    std::vector<std::uint64_t> facts;
    const char* at = bytes.data();
    const char* const end = at + bytes.size();
    while (at != end) {
        std::uint64_t sequence = 0;
        const auto [next, error] = std::from_chars(at, end, sequence);
        if (error != std::errc() || (next != end && *next != ' ') || (!facts.empty() && sequence <= facts.back()))
            return fail(Errc::corrupt, "the snapshot is not a rising list of sequences");
        facts.push_back(sequence);
        at = next == end ? end : next + 1;
    }
    return facts;
}

}  // namespace hefang::app
