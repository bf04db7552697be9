#include "print/printer_status.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>
#include <vector>

namespace hefang::codec::print {
namespace {

constexpr char stx = 0x02;
constexpr char etx = 0x03;

std::vector<std::string_view> fields_of(std::string_view line) {
    std::vector<std::string_view> out;
    for (;;) {
        const auto comma = line.find(',');
        out.push_back(line.substr(0, comma));
        if (comma == std::string_view::npos) return out;
        line.remove_prefix(comma + 1);
    }
}

std::optional<unsigned> number(std::string_view field) {
    unsigned value = 0;
    const auto [end, fault] = std::from_chars(field.data(), field.data() + field.size(), value);
    if (fault != std::errc{} || end != field.data() + field.size()) return std::nullopt;
    return value;
}
std::optional<bool> flag(std::string_view field) {
    if (field == "0") return false;
    if (field == "1") return true;
    return std::nullopt;
}

/// Lines 1 and 2 of ~HS: "aaa,b,c,dddd,eee,f,g,h,iii,j,k,l" and "mmm,n,o,p,q,r,s,t,uuuuuuuu,v,www". b: paper out,
/// c: paused, eee: formats that wait, j: memory corrupt, k and l: too cold, too hot; o: head open, p: ribbon out,
/// uuuuuuuu: labels that wait.
std::optional<Status> zpl_status(const std::vector<std::string>& lines) {
    const auto first = fields_of(lines[0]);
    const auto second = fields_of(lines[1]);
    if (first.size() != 12 || second.size() != 11) return std::nullopt;
    const auto paper = flag(first[1]), pause = flag(first[2]), corrupt = flag(first[9]), cold = flag(first[10]),
               hot = flag(first[11]), head = flag(second[2]), ribbon = flag(second[3]);
    const auto formats = number(first[4]), labels = number(second[8]);
    if (!paper || !pause || !corrupt || !cold || !hot || !head || !ribbon || !formats || !labels) return std::nullopt;
    Status out;
    out.paper_out = *paper, out.paused = *pause, out.head_open = *head, out.ribbon_out = *ribbon;
    out.other_fault = *corrupt || *cold || *hot;
    out.waiting = std::max(*formats, *labels);
    return out;
}

/// Bit 0 head open, 1 jam, 2 paper out, 3 ribbon out, 4 paused, 5 printing, 7 other.
Status tspl_status(char c) {
    const auto bits = static_cast<unsigned char>(c);
    Status out;
    out.head_open = (bits & 0x01U) != 0;
    out.paper_out = (bits & 0x04U) != 0;
    out.ribbon_out = (bits & 0x08U) != 0;
    out.paused = (bits & 0x10U) != 0;
    out.busy = (bits & 0x20U) != 0;
    out.other_fault = (bits & 0x82U) != 0;
    return out;
}

}  // namespace

std::string in_words(const Status& status) {
    std::string out;
    const std::array<std::pair<bool, const char*>, 5> words{{{status.paper_out, "paper out"},
                                                             {status.ribbon_out, "ribbon out"},
                                                             {status.head_open, "head open"},
                                                             {status.paused, "paused"},
                                                             {status.other_fault, "printer fault"}}};
    for (const auto& [is, word] : words) {
        if (is) out += (out.empty() ? "" : ", ") + std::string(word);
    }
    return out;
}

std::string_view status_query(Language language) { return language == Language::zpl ? "~HS" : "\x1b!?"; }

std::string_view name(StatusRefusal reason) {
    switch (reason) {
        case StatusRefusal::too_long: return "too-long";
        case StatusRefusal::bad_line: return "bad-line";
        case StatusRefusal::bad_code: return "bad-code";
    }
    return {};
}

void StatusParser::take_line(Fed& fed) {
    lines_.push_back(std::exchange(held_, {}));
    in_line_ = false;
    if (lines_.size() < 3) return;
    const auto status = zpl_status(lines_);
    lines_.clear();
    if (status) {
        fed.status = status;
    } else {
        fed.refused = StatusRefusal::bad_line;
    }
}

void StatusParser::feed_zpl(char c, Fed& fed) {
    if (c == stx) {
        if (in_line_) fed.refused = StatusRefusal::bad_line, lines_.clear();
        held_.clear();
        in_line_ = true;
    } else if (c == etx && in_line_) {
        take_line(fed);
    } else if (in_line_ && held_.size() == most_held) {
        fed.refused = StatusRefusal::too_long;
        drop();
    } else if (in_line_) {
        held_ += c;
    }
}

StatusParser::Fed StatusParser::feed(std::string_view bytes) {
    Fed fed;
    for (const char c : bytes) {
        if (language_ == Language::zpl) {
            feed_zpl(c, fed);
        } else if ((static_cast<unsigned char>(c) & 0x40U) != 0) {
            fed.refused = StatusRefusal::bad_code;  // no status has this bit
        } else {
            fed.status = tspl_status(c);
        }
    }
    return fed;
}

}  // namespace hefang::codec::print
