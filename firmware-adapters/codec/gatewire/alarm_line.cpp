#include "gatewire/alarm_line.hpp"

#include <algorithm>

namespace hefang::codec {
namespace {

constexpr std::size_t longest_value = 16;

/// The longest of `words` with which `line` begins; empty: none.
std::string_view begin_of(std::string_view line, const std::vector<std::string>& words) {
    std::string_view longest;
    for (const std::string_view word : words)
        if (word.size() > longest.size() && line.starts_with(word)) longest = word;
    return longest;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The first number of `text`, as written.
std::optional<std::string> first_number(std::string_view text) {
    auto begin = static_cast<std::size_t>(std::find_if(text.begin(), text.end(), is_digit) - text.begin());
    if (begin == text.size()) return std::nullopt;
    auto end = begin;
    bool point = false;
    while (end < text.size() && (is_digit(text[end]) || (text[end] == '.' && !point))) point |= text[end++] == '.';
    if (text[end - 1] == '.') --end;
    if (begin > 0 && (text[begin - 1] == '-' || text[begin - 1] == '+')) --begin;
    if (end - begin > longest_value) return std::nullopt;
    return std::string(text.substr(begin, end - begin));
}

}  // namespace

std::string_view name(AlarmRefusal reason) {
    return reason == AlarmRefusal::unknown_line ? "unknown-line" : "line-without-value";
}

tl::expected<LineSaid, AlarmRefusal> decode_alarm_line(std::string_view line, const AlarmWords& words) {
    const auto alarm = begin_of(line, words.alarm);
    const auto clear = begin_of(line, words.clear);
    const auto reading = begin_of(line, words.reading);
    const auto ignored = begin_of(line, words.ignored);
    const auto longest = std::max({alarm.size(), clear.size(), reading.size(), ignored.size()});
    if (longest == 0) return tl::unexpected(AlarmRefusal::unknown_line);
    if (alarm.size() == longest) return AlarmSaid{true};
    if (clear.size() == longest) return AlarmSaid{false};
    if (reading.size() < longest) return LifeSaid{};
    auto value = first_number(line.substr(reading.size()));
    if (!value) return tl::unexpected(AlarmRefusal::no_value);
    return ValueSaid{std::string(reading), *std::move(value)};
}

}  // namespace hefang::codec
