#include "evidence/members.hpp"

#include <array>
#include <charconv>

namespace hefang::evidence {
namespace {

constexpr auto npos = std::string_view::npos;

/// `at` stands on the opening quote; returns the place behind the closing one.
std::size_t end_of_string(std::string_view text, std::size_t at) {
    for (std::size_t from = at + 1;;) {
        const std::size_t quote = text.find('"', from);
        if (quote == npos) return npos;
        std::size_t slashes = 0;
        while (quote - slashes > at + 1 && text[quote - slashes - 1] == '\\') ++slashes;
        if (slashes % 2 == 0) return quote + 1;
        from = quote + 1;
    }
}

/// What ends a run of bytes that say nothing of where a value ends.
constexpr std::array<bool, 256> marks = [] {
    std::array<bool, 256> table{};
    for (const char c : {'"', '{', '}', '[', ']'}) table[static_cast<std::uint8_t>(c)] = true;
    return table;
}();

bool is_bare(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || c == '-' || c == '+' || c == '.' || c == 'E';
}

}  // namespace

std::size_t end_of_value(std::string_view text, std::size_t at) {
    if (at >= text.size()) return npos;
    if (text[at] == '"') return end_of_string(text, at);
    if (text[at] != '{' && text[at] != '[') {
        const std::size_t from = at;
        while (at < text.size() && is_bare(text[at])) ++at;
        return at == from ? npos : at;
    }
    std::size_t depth = 0;
    for (;;) {
        while (at < text.size() && !marks[static_cast<std::uint8_t>(text[at])]) ++at;
        if (at == text.size()) return npos;
        switch (text[at]) {
            case '"':
                at = end_of_string(text, at);
                if (at == npos) return npos;
                continue;
            case '{':
            case '[': ++depth; break;
            case '}':
            case ']':
                if (--depth == 0) return at + 1;
                break;
            default: break;
        }
        ++at;
    }
}

Members::Members(std::string_view object) : text_(object) {
    if (text_.size() < 2 || text_.front() != '{' || text_.back() != '}') broken_ = true;
    at_ = 1;
}

bool Members::next() {
    if (broken_ || ended_) return false;
    if (at_ + 1 == text_.size()) return ended_ = true, false;
    if (!first_) {
        if (text_[at_] != ',') return fail();
        ++at_;
    }
    first_ = false;
    if (at_ >= text_.size() || text_[at_] != '"') return fail();
    const std::size_t name_end = end_of_string(text_, at_);
    if (name_end == npos || name_end >= text_.size() || text_[name_end] != ':') return fail();
    const std::size_t value_end = end_of_value(text_, name_end + 1);
    if (value_end == npos || value_end >= text_.size()) return fail();
    name_ = text_.substr(at_ + 1, name_end - at_ - 2);
    value_ = text_.substr(name_end + 1, value_end - name_end - 1);
    at_ = value_end;
    return true;
}

std::optional<std::string_view> member(std::string_view object, std::string_view name) {
    Members members(object);
    while (members.next())
        if (members.name() == name) return members.value();
    return std::nullopt;
}

std::optional<std::string> unquoted(std::string_view value) {
    if (value.size() < 2 || value.front() != '"' || end_of_string(value, 0) != value.size()) return std::nullopt;
    value = value.substr(1, value.size() - 2);
    std::string text;
    text.reserve(value.size());
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] == '\\' && (++i == value.size() || (value[i] != '"' && value[i] != '\\'))) return std::nullopt;
        text += value[i];
    }
    return text;
}

std::optional<TopLevel> top_level(std::string_view event) {
    TopLevel top;
    Members members(event);
    while (members.next()) {
        std::string_view* into = members.name() == "epoch"      ? &top.epoch
                                 : members.name() == "prevhash" ? &top.prevhash
                                 : members.name() == "sequence" ? &top.sequence
                                 : members.name() == "type"     ? &top.type
                                                                : nullptr;
        if (into == nullptr) continue;
        const auto value = members.value();
        if (!into->empty() || value.size() < 3 || value.front() != '"') return std::nullopt;
        *into = value.substr(1, value.size() - 2);
    }
    if (members.broken() || top.epoch.empty() || top.prevhash.empty() || top.sequence.empty() || top.type.empty())
        return std::nullopt;
    const char* end = top.sequence.data() + top.sequence.size();
    const auto read = std::from_chars(top.sequence.data(), end, top.number);
    if (read.ec != std::errc() || read.ptr != end || top.sequence.front() == '0') return std::nullopt;
    return top;
}

}  // namespace hefang::evidence
