#include "gatewire/multipart.hpp"

#include <algorithm>
#include <charconv>

namespace hefang::codec {
namespace {

constexpr std::size_t piece_bytes = std::size_t{16} << 10;  // taken at once, so that little more than a part is held
constexpr std::size_t most_boundary = 70;                   // RFC 2046, also of dashes before it
constexpr std::string_view line_end = "\r\n";
constexpr std::string_view mark = "\r\n--";

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

std::string lowered(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

std::string_view trimmed(std::string_view text) {
    const auto begin = text.find_first_not_of(" \t");
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

}  // namespace

std::string_view name(MultipartRefusal reason) {
    switch (reason) {
        case MultipartRefusal::header_too_long: return "part-header-too-long";
        case MultipartRefusal::part_too_long: return "part-too-long";
        case MultipartRefusal::wrong_length: break;
    }
    return "part-wrong-length";
}

std::optional<std::string> boundary_of(std::string_view content_type) {
    const auto lower_case = lowered(content_type);
    constexpr std::string_view key = "boundary=";
    const auto at = lower_case.find(key);
    if (!trimmed(lower_case).starts_with("multipart/") || at == std::string::npos) return std::nullopt;
    auto value = content_type.substr(at + key.size());
    if (value.starts_with('"')) {
        value = value.substr(1, value.find('"', 1) - 1);
    } else {
        value = trimmed(value.substr(0, value.find(';')));
    }
    value.remove_prefix(std::min(value.size(), value.find_first_not_of('-')));
    const auto fits = [](char c) { return c > ' ' && c < 0x7F; };
    if (value.empty() || value.size() > most_boundary || !std::all_of(value.begin(), value.end(), fits))
        return std::nullopt;
    return std::string(value);
}

MultipartParser::Out MultipartParser::feed(std::string_view bytes) {
    Out out;
    while (!bytes.empty() && state_ != State::ended) {
        const auto piece = bytes.substr(0, piece_bytes);
        bytes.remove_prefix(piece.size());
        held_ += piece;
        while (step(out)) {
        }
    }
    return out;
}

/// The first boundary from `from` on: line end, dashes, the text, and behind it dashes or space.
std::optional<MultipartParser::Boundary> MultipartParser::find(std::size_t from) const {
    const std::string_view text(held_);
    for (auto at = text.find(mark, from); at != std::string_view::npos; at = text.find(mark, at + 1)) {
        auto after = at + mark.size();
        while (after < text.size() && text[after] == '-' && after - at < mark.size() + most_boundary) ++after;
        const auto said = text.substr(after, boundary_.size());
        const auto end = after + said.size();
        if (end == text.size() && boundary_.starts_with(said)) return Boundary{at, 0, false};
        if (said == boundary_ && std::string_view("- \t\r").find(text[end]) != std::string_view::npos)
            return Boundary{at, end, true};
    }
    for (auto n = mark.size() - 1; n > 0; --n)
        if (text.ends_with(mark.substr(0, n)) && text.size() - n >= from) return Boundary{text.size() - n, 0, false};
    return std::nullopt;
}

/// False when more bytes are needed.
bool MultipartParser::step(Out& out) {
    switch (state_) {
        case State::between: return read_between();
        case State::header: return read_header(out);
        case State::counted: return read_counted(out);
        case State::scanned: return read_scanned(out);
        case State::after_counted: return read_after_counted(out);
        case State::ended: break;
    }
    held_.clear();
    return false;
}

void MultipartParser::begin_part(const Boundary& boundary) {
    held_.erase(0, boundary.after);
    scan_from_ = 0;
    part_ = {};
    state_ = State::header;
}

bool MultipartParser::read_between() {
    const auto found = find(0);
    if (found && found->whole) return begin_part(*found), true;
    held_.erase(0, found ? found->at : held_.size());
    return false;
}

bool MultipartParser::read_header(Out& out) {
    if (held_.starts_with("--")) return state_ = State::ended, true;
    const auto end = held_.find("\r\n\r\n");
    if (end == std::string::npos || end > header_bytes) {
        if (held_.size() < header_bytes + 4) return false;
        out.refused.push_back(MultipartRefusal::header_too_long);
        state_ = State::between;
        return true;
    }
    const auto header = held_.substr(0, end);
    held_.erase(0, end + line_end.size());  // the empty line's end may be the begin of the next boundary
    state_ = State::scanned;
    take_header(header, out);
    return true;
}

void MultipartParser::take_header(std::string_view header, Out& out) {
    while (!header.empty()) {
        const auto line = header.substr(0, header.find(line_end));
        header.remove_prefix(std::min(header.size(), line.size() + line_end.size()));
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const auto key = lowered(trimmed(line.substr(0, colon)));
        const auto value = trimmed(line.substr(colon + 1));
        if (key == "content-type") part_.type = lowered(trimmed(value.substr(0, value.find(';'))));
        if (key != "content-length") continue;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), length_);
        if (error != std::errc{} || end != value.data() + value.size()) continue;  // as if it said none
        state_ = State::counted;
    }
    if (state_ == State::counted) {
        held_.erase(0, line_end.size());
        if (length_ <= part_bytes_) return;
        out.refused.push_back(MultipartRefusal::part_too_long);
        state_ = State::between;
    }
}

bool MultipartParser::read_counted(Out& out) {
    if (held_.size() < length_) return false;
    part_.body = held_.substr(0, length_);
    held_.erase(0, length_);
    out.parts.push_back(std::move(part_));
    state_ = State::after_counted;
    return true;
}

/// Only line ends may stand before the next boundary; some cameras leave them out.
bool MultipartParser::read_after_counted(Out& out) {
    const auto begin = held_.find_first_not_of(line_end);
    if (begin == std::string::npos && held_.size() <= mark.size()) return false;
    held_.replace(0, std::min(begin, held_.size()), line_end);
    const auto found = find(0);
    if (found && found->at == 0) {
        if (!found->whole) return false;
        begin_part(*found);
    } else {
        out.refused.push_back(MultipartRefusal::wrong_length);
        state_ = State::between;
    }
    return true;
}

bool MultipartParser::read_scanned(Out& out) {
    const auto found = find(scan_from_);
    const auto body_end = found ? found->at : held_.size();
    if (body_end > part_bytes_ + line_end.size()) {
        out.refused.push_back(MultipartRefusal::part_too_long);
        state_ = State::between;
        return true;
    }
    scan_from_ = body_end;
    if (!found || !found->whole) return false;
    if (body_end >= line_end.size()) part_.body = held_.substr(line_end.size(), body_end - line_end.size());
    out.parts.push_back(std::move(part_));
    begin_part(*found);
    return true;
}

std::string encode_part(std::string_view boundary, std::string_view headers, std::string_view type,
                        std::string_view body) {
    std::string out = "--" + std::string(boundary) + "\r\n" + std::string(headers);
    out += "Content-Type: " + std::string(type) + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n";
    return out + std::string(body) + "\r\n";
}

}  // namespace hefang::codec
