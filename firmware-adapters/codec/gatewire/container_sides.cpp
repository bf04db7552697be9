#include "gatewire/container_sides.hpp"

#include "base/text.hpp"
#include "number/check_digit.hpp"

#include <algorithm>

namespace hefang::codec {
namespace {

std::size_t sides_with(const std::vector<SideRead>& sides, std::string_view text) {
    return static_cast<std::size_t>(
        std::count_if(sides.begin(), sides.end(), [&](const SideRead& s) { return s.text == text; }));
}

/// U, J and Z are the categories of ISO 6346.
bool right(std::string_view text) {
    constexpr std::string_view categories = "UJZ";
    return number::iso6346_check(text) && categories.find(text[3]) != std::string_view::npos;
}

}  // namespace

std::string_view name(SidesRefusal reason) {
    switch (reason) {
        case SidesRefusal::line_too_long: return "sides-line-too-long";
        case SidesRefusal::too_many_sides: return "too-many-sides";
        case SidesRefusal::bad_side: return "bad-side";
        case SidesRefusal::same_side: break;
    }
    return "same-side-twice";
}

std::string_view name(Agreement agreement) {
    switch (agreement) {
        case Agreement::agreed: return "agreed";
        case Agreement::nothing_read: return "nothing-read";
        case Agreement::sides_differ: return "sides-differ";
        case Agreement::check_digit_wrong: return "check-digit-wrong";
        case Agreement::too_many_numbers: break;
    }
    return "too-many-numbers";
}

tl::expected<std::vector<SideRead>, SidesRefusal> decode_sides(std::string_view line) {
    if (line.size() > sides_line_bytes) return tl::unexpected(SidesRefusal::line_too_long);
    std::vector<SideRead> out;
    while (!line.empty()) {
        const auto piece = line.substr(0, line.find(';'));
        line.remove_prefix(std::min(line.size(), piece.size() + 1));
        const auto equal = piece.find('=');
        SideRead read{std::string(piece.substr(0, equal)), {}};
        if (equal != std::string_view::npos) read.text = piece.substr(equal + 1);
        std::erase(read.text, ' ');
        const bool fits = equal != std::string_view::npos && !read.side.empty() &&
                          read.side.size() <= side_name_bytes && read.text.size() <= side_text_bytes;
        if (!fits || !is_clean_utf8(piece)) return tl::unexpected(SidesRefusal::bad_side);
        const auto same = [&](const SideRead& s) { return s.side == read.side; };
        if (std::any_of(out.begin(), out.end(), same)) return tl::unexpected(SidesRefusal::same_side);
        if (out.size() == most_sides) return tl::unexpected(SidesRefusal::too_many_sides);
        out.push_back(std::move(read));
    }
    if (out.empty()) return tl::unexpected(SidesRefusal::bad_side);
    return out;
}

std::string encode_sides(const std::vector<SideRead>& sides) {
    std::string out;
    for (const auto& s : sides) out += (out.empty() ? "" : ";") + s.side + "=" + s.text;
    return out;
}

Containers agree(const std::vector<SideRead>& sides) {
    Containers out;
    bool read = false;
    bool alike = false;
    for (const auto& side : sides) {
        if (side.text.empty()) continue;
        read = true;
        if (sides_with(sides, side.text) < least_sides) continue;
        alike = true;
        const bool known = std::find(out.numbers.begin(), out.numbers.end(), side.text) != out.numbers.end();
        if (!known && right(side.text)) out.numbers.push_back(side.text);
    }
    out.agreement = !read                                  ? Agreement::nothing_read
                    : out.numbers.size() > most_containers ? Agreement::too_many_numbers
                    : !out.numbers.empty()                 ? Agreement::agreed
                    : alike                                ? Agreement::check_digit_wrong
                                                           : Agreement::sides_differ;
    if (out.agreement != Agreement::agreed) out.numbers.clear();
    return out;
}

}  // namespace hefang::codec
