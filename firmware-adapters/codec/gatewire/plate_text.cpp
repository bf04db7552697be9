#include "gatewire/plate_text.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace hefang::codec {
namespace {

struct Ideogram {
    std::string_view gbk;
    std::string_view utf8;
};

/// Characters of plates (GA 36, provinces and ends) and of the words for "no plate"; code points of GBK from the
/// standard's table.
constexpr std::array ideograms{std::to_array<Ideogram>({Ideogram{"\xBE"
                                                                 "\xA9",
                                                                 "京"},
                                                        Ideogram{"\xBD"
                                                                 "\xF2",
                                                                 "津"},
                                                        Ideogram{"\xBB"
                                                                 "\xA6",
                                                                 "沪"},
                                                        Ideogram{"\xD3"
                                                                 "\xE5",
                                                                 "渝"},
                                                        Ideogram{"\xBC"
                                                                 "\xBD",
                                                                 "冀"},
                                                        Ideogram{"\xD4"
                                                                 "\xA5",
                                                                 "豫"},
                                                        Ideogram{"\xD4"
                                                                 "\xC6",
                                                                 "云"},
                                                        Ideogram{"\xC1"
                                                                 "\xC9",
                                                                 "辽"},
                                                        Ideogram{"\xBA"
                                                                 "\xDA",
                                                                 "黑"},
                                                        Ideogram{"\xCF"
                                                                 "\xE6",
                                                                 "湘"},
                                                        Ideogram{"\xCD"
                                                                 "\xEE",
                                                                 "皖"},
                                                        Ideogram{"\xC2"
                                                                 "\xB3",
                                                                 "鲁"},
                                                        Ideogram{"\xD0"
                                                                 "\xC2",
                                                                 "新"},
                                                        Ideogram{"\xCB"
                                                                 "\xD5",
                                                                 "苏"},
                                                        Ideogram{"\xD5"
                                                                 "\xE3",
                                                                 "浙"},
                                                        Ideogram{"\xB8"
                                                                 "\xD3",
                                                                 "赣"},
                                                        Ideogram{"\xB6"
                                                                 "\xF5",
                                                                 "鄂"},
                                                        Ideogram{"\xB9"
                                                                 "\xF0",
                                                                 "桂"},
                                                        Ideogram{"\xB8"
                                                                 "\xCA",
                                                                 "甘"},
                                                        Ideogram{"\xBD"
                                                                 "\xFA",
                                                                 "晋"},
                                                        Ideogram{"\xC3"
                                                                 "\xC9",
                                                                 "蒙"},
                                                        Ideogram{"\xC9"
                                                                 "\xC2",
                                                                 "陕"},
                                                        Ideogram{"\xBC"
                                                                 "\xAA",
                                                                 "吉"},
                                                        Ideogram{"\xC3"
                                                                 "\xF6",
                                                                 "闽"},
                                                        Ideogram{"\xB9"
                                                                 "\xF3",
                                                                 "贵"},
                                                        Ideogram{"\xD4"
                                                                 "\xC1",
                                                                 "粤"},
                                                        Ideogram{"\xC7"
                                                                 "\xE0",
                                                                 "青"},
                                                        Ideogram{"\xB2"
                                                                 "\xD8",
                                                                 "藏"},
                                                        Ideogram{"\xB4"
                                                                 "\xA8",
                                                                 "川"},
                                                        Ideogram{"\xC4"
                                                                 "\xFE",
                                                                 "宁"},
                                                        Ideogram{"\xC7"
                                                                 "\xED",
                                                                 "琼"},
                                                        Ideogram{"\xB9"
                                                                 "\xD2",
                                                                 "挂"},
                                                        Ideogram{"\xD1"
                                                                 "\xA7",
                                                                 "学"},
                                                        Ideogram{"\xBE"
                                                                 "\xAF",
                                                                 "警"},
                                                        Ideogram{"\xB8"
                                                                 "\xDB",
                                                                 "港"},
                                                        Ideogram{"\xB0"
                                                                 "\xC4",
                                                                 "澳"},
                                                        Ideogram{"\xCA"
                                                                 "\xB9",
                                                                 "使"},
                                                        Ideogram{"\xC1"
                                                                 "\xEC",
                                                                 "领"},
                                                        Ideogram{"\xC3"
                                                                 "\xF1",
                                                                 "民"},
                                                        Ideogram{"\xBA"
                                                                 "\xBD",
                                                                 "航"},
                                                        Ideogram{"\xD3"
                                                                 "\xA6",
                                                                 "应"},
                                                        Ideogram{"\xBC"
                                                                 "\xB1",
                                                                 "急"},
                                                        Ideogram{"\xCE"
                                                                 "\xDE",
                                                                 "无"},
                                                        Ideogram{"\xB3"
                                                                 "\xB5",
                                                                 "车"},
                                                        Ideogram{"\xC5"
                                                                 "\xC6",
                                                                 "牌"},
                                                        Ideogram{"\xCE"
                                                                 "\xB4",
                                                                 "未"},
                                                        Ideogram{"\xCA"
                                                                 "\xB6",
                                                                 "识"},
                                                        Ideogram{"\xB1"
                                                                 "\xF0",
                                                                 "别"}})};

constexpr std::array<std::string_view, 7> no_plate{"无车牌",  "未识别",   "无牌", "unknown",
                                                   "noplate", "no plate", "none"};

constexpr std::string_view replacement = "\xEF\xBF\xBD";

const Ideogram* ideogram(std::string_view pair) {
    const auto at = std::find_if(ideograms.begin(), ideograms.end(), [&](const auto& i) { return i.gbk == pair; });
    return at == ideograms.end() ? nullptr : &*at;
}

bool is_high(char c) { return (static_cast<unsigned char>(c) & 0x80) != 0; }

/// A pair of the table that is a sequence of two bytes in UTF-8 as well.
bool holds_pair_of_both(std::string_view text) {
    for (std::size_t i = 0; i + 1 < text.size(); ++i) {
        const auto first = static_cast<unsigned char>(text[i]);
        if (first < 0xC0) continue;
        if (first >= 0xE0) {  // three bytes and more: look behind them
            i += first >= 0xF0 ? 3 : 2;
            continue;
        }
        if (ideogram(text.substr(i, 2)) != nullptr) return true;
        ++i;
    }
    return false;
}

std::string lowered(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view space(" \t\r\n\0", 5);
    const auto begin = text.find_first_not_of(space);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

}  // namespace

std::string_view name(PlateRefusal reason) {
    return reason == PlateRefusal::plate_too_long ? "plate-too-long" : "plate-not-text";
}

std::string utf8_of_gbk(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!is_high(text[i])) {
            out += text[i];
            continue;
        }
        const auto* known = ideogram(text.substr(i, 2));
        out += known != nullptr ? known->utf8 : replacement;
        if (i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) >= 0x40) ++i;  // the pair's second byte
    }
    return out;
}

tl::expected<std::string, PlateRefusal> plate_text(std::string_view raw) {
    std::string plate(trimmed(raw));
    if (plate.size() > longest_plate) return tl::unexpected(PlateRefusal::plate_too_long);
    const bool clean = is_clean_utf8(plate);
    if (!clean || holds_pair_of_both(plate)) {
        auto read = utf8_of_gbk(plate);
        if (read.find(replacement) == std::string::npos) plate = std::move(read);
    }
    if (!is_clean_utf8(plate) || plate.find(replacement) != std::string::npos)
        return tl::unexpected(PlateRefusal::plate_not_text);
    if (plate.size() > longest_plate) return tl::unexpected(PlateRefusal::plate_too_long);
    if (std::find(no_plate.begin(), no_plate.end(), lowered(plate)) != no_plate.end()) return std::string();
    return plate;
}

std::string word_of(std::string_view text, std::size_t most) {
    const auto word = trimmed(text);
    return word.size() <= most && is_clean_utf8(word) ? std::string(word) : std::string();
}

}  // namespace hefang::codec
