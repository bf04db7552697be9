#include "telegram/scan_telegram.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <charconv>
#include <utility>

namespace hefang::codec {
namespace {

constexpr char stx = '\x02';
constexpr char etx = '\x03';
constexpr char gs = '\x1D';
constexpr std::string_view gs_sign = "\u241D";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool digit(char c) { return c >= '0' && c <= '9'; }
bool letter(char c) { return lower(c) >= 'a' && lower(c) <= 'z'; }

bool same_text(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::string_view without_blanks(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

bool says_no_read(std::string_view text, const ScanFormat& format) {
    return text.empty() || std::any_of(format.no_read.begin(), format.no_read.end(),
                                       [&](const std::string& known) { return same_text(text, known); });
}

/// Cuts the sequence number and its separator off `rest`.
std::optional<std::uint16_t> cut_sequence(std::string_view& rest, std::string_view separator) {
    const auto at = rest.find(separator);
    if (at == std::string_view::npos) return std::nullopt;
    const auto digits = without_blanks(rest.substr(0, at));
    std::uint16_t value = 0;
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
    if (error != std::errc{} || end != digits.data() + digits.size() || value == 0) return std::nullopt;
    rest.remove_prefix(at + separator.size());
    return value;
}

/// AIM identifier per ISO/IEC 15424: flag "]", code character (a letter), modifier (a letter or digit).
std::string_view aim_of(std::string_view text) {
    const bool has = text.size() >= 3 && text[0] == ']' && letter(text[1]) && (letter(text[2]) || digit(text[2]));
    return has ? text.substr(0, 3) : std::string_view{};
}

/// The code without "!66/999" behind it.
std::string_view without_position(std::string_view code, std::string_view mark) {
    const auto at = mark.empty() ? std::string_view::npos : code.rfind(mark);
    if (at == std::string_view::npos) return code;
    const auto place = code.substr(at + mark.size());
    const auto slash = place.find('/');
    if (slash == std::string_view::npos || slash == 0 || slash + 1 == place.size()) return code;
    const auto part = [&](std::string_view text) { return std::all_of(text.begin(), text.end(), digit); };
    return part(place.substr(0, slash)) && part(place.substr(slash + 1)) ? code.substr(0, at) : code;
}

std::string with_gs(std::string_view code, std::string_view sent) {
    std::string out(code);
    for (auto at = sent.empty() ? std::string::npos : out.find(sent); at != std::string::npos;
         at = out.find(sent, at + 1))
        out.replace(at, sent.size(), 1, gs);
    return out;
}

tl::expected<std::string, ScanRefusal> clean(std::string_view raw) {
    std::string text;
    bool control = false;
    for (const char c : raw) {
        const auto byte = static_cast<std::uint8_t>(c);
        control = control || ((byte < 0x20 || byte == 0x7F) && c != gs);
        if (c == gs) {
            text += gs_sign;
        } else {
            text += c;
        }
    }
    if (control) return tl::unexpected(ScanRefusal::control_byte);
    if (!is_clean_utf8(text)) return tl::unexpected(ScanRefusal::not_utf8);
    if (text.size() > ScanFormat::longest_code) return tl::unexpected(ScanRefusal::code_too_long);
    return text;
}

void add_code(std::string_view part, const ScanFormat& format, ScanTelegram& out) {
    const auto raw = without_blanks(part);
    if (says_no_read(raw, format)) return;
    const auto aim = format.aim ? aim_of(raw) : std::string_view{};
    const auto body = without_blanks(without_position(without_blanks(raw.substr(aim.size())), format.position));
    if (says_no_read(body, format)) return;
    auto text = clean(with_gs(body, format.gs));
    if (!text) {
        out.refused.push_back(text.error());
        return;
    }
    ScanCode code{std::move(*text), std::string(aim)};
    if (std::find(out.codes.begin(), out.codes.end(), code) != out.codes.end()) return;
    if (out.codes.size() >= ScanFormat::most_codes) {
        out.refused.push_back(ScanRefusal::too_many_codes);
        return;
    }
    out.codes.push_back(std::move(code));
}

}  // namespace

std::string_view name(ScanRefusal reason) {
    switch (reason) {
        case ScanRefusal::too_long: return "too-long";
        case ScanRefusal::outside_frame: return "outside-frame";
        case ScanRefusal::cut_short: return "cut-short";
        case ScanRefusal::no_begin: return "no-begin";
        case ScanRefusal::no_prefix: return "no-prefix";
        case ScanRefusal::wrong_length: return "wrong-length";
        case ScanRefusal::bad_sequence: return "bad-sequence";
        case ScanRefusal::not_utf8: return "not-utf8";
        case ScanRefusal::control_byte: return "control-byte";
        case ScanRefusal::code_too_long: return "code-too-long";
        case ScanRefusal::too_many_codes: return "too-many-codes";
    }
    return "unknown";
}

bool ended(ScanRefusal reason) {
    switch (reason) {
        case ScanRefusal::cut_short:
        case ScanRefusal::no_begin:
        case ScanRefusal::no_prefix:
        case ScanRefusal::wrong_length:
        case ScanRefusal::bad_sequence: return true;
        case ScanRefusal::too_long:  // its end is yet to come, as no_begin or cut_short
        case ScanRefusal::outside_frame:
        case ScanRefusal::not_utf8:
        case ScanRefusal::control_byte:
        case ScanRefusal::code_too_long:
        case ScanRefusal::too_many_codes: return false;
    }
    return false;
}

ScanFramer::ScanFramer(ScanFraming framing) : framing_(std::move(framing)), inside_(!framing_.stx_etx) {}

std::vector<ScanFrame> ScanFramer::feed(std::string_view bytes) {
    std::vector<ScanFrame> out;
    for (const char c : bytes) take(c, out);
    return out;
}

void ScanFramer::take(char c, std::vector<ScanFrame>& out) {
    if (framing_.stx_etx && c == stx) {
        if (inside_) out.push_back(tl::unexpected(ScanRefusal::cut_short));
        held_.clear();
        inside_ = true;
        skipping_ = owed_ = noise_ = false;
    } else if (framing_.stx_etx ? c == etx : framing_.ends.find(c) != std::string::npos) {
        finish(out);
    } else if (!inside_) {
        const bool filler = c == '\r' || c == '\n' || c == ' ';
        if (!filler && !noise_) out.push_back(tl::unexpected(ScanRefusal::outside_frame));
        noise_ = noise_ || !filler;
    } else if (skipping_) {
        owed_ = true;
    } else if (held_.size() >= framing_.longest) {
        out.push_back(tl::unexpected(ScanRefusal::too_long));
        held_.clear();
        skipping_ = owed_ = true;
    } else {
        held_ += c;
        if (framing_.by_silence() && held_.size() == framing_.length) finish(out);
    }
}

void ScanFramer::finish(std::vector<ScanFrame>& out) {
    const bool begun = std::exchange(inside_, !framing_.stx_etx) && !skipping_;
    const auto telegram = std::exchange(held_, {});
    const bool owed = std::exchange(owed_, false) || framing_.stx_etx;
    skipping_ = noise_ = false;
    if (!begun) {
        if (owed) out.push_back(tl::unexpected(ScanRefusal::no_begin));
    } else if (telegram.empty() && !framing_.stx_etx) {
        return;
    } else if (framing_.length > 0 && telegram.size() != framing_.length) {
        out.push_back(tl::unexpected(ScanRefusal::wrong_length));
    } else if (!telegram.starts_with(framing_.prefix)) {
        out.push_back(tl::unexpected(ScanRefusal::no_prefix));
    } else {
        out.push_back(telegram.substr(framing_.prefix.size()));
    }
}

std::vector<ScanFrame> ScanFramer::silent() {
    std::vector<ScanFrame> out;
    if (framing_.by_silence()) {
        finish(out);
    } else if (drop()) {
        out.push_back(tl::unexpected(ScanRefusal::cut_short));
    }
    return out;
}

bool ScanFramer::drop() {
    if (!halfway()) return false;
    held_.clear();
    inside_ = skipping_ = !framing_.stx_etx;
    owed_ = false;
    return true;
}

tl::expected<ScanTelegram, ScanRefusal> decode_scan(std::string_view telegram, const ScanFormat& format) {
    ScanTelegram out;
    if (!format.sequence.empty()) {
        out.sequence = cut_sequence(telegram, format.sequence);
        if (!out.sequence) return tl::unexpected(ScanRefusal::bad_sequence);
    }
    if (says_no_read(without_blanks(telegram), format)) return out;
    for (bool more = true; more;) {
        const auto at = format.separator.empty() ? std::string_view::npos : telegram.find(format.separator);
        more = at != std::string_view::npos;
        add_code(telegram.substr(0, at), format, out);
        if (more) telegram.remove_prefix(at + format.separator.size());
    }
    return out;
}

std::string encode_scan(const ScanTelegram& telegram, const ScanFormat& format, const ScanFraming& framing) {
    std::string body;
    if (telegram.sequence) body += std::to_string(*telegram.sequence) + format.sequence;
    for (std::size_t i = 0; i < telegram.codes.size(); ++i) {
        if (i > 0) body += format.separator;
        std::string text = telegram.codes[i].text;
        for (auto at = text.find(gs_sign); at != std::string::npos; at = text.find(gs_sign)) {
            text.replace(at, gs_sign.size(), 1, gs);
        }
        body += (format.aim ? telegram.codes[i].aim : std::string()) + text;
    }
    if (telegram.codes.empty() && !format.no_read.empty()) body += format.no_read.front();
    if (framing.stx_etx) return stx + framing.prefix + body + etx;
    return framing.prefix + body + framing.ends;
}

}  // namespace hefang::codec
