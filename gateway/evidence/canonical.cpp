#include "evidence/canonical.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <array>

namespace hefang::evidence {
namespace {

constexpr std::int64_t day_ms = 86'400'000;
constexpr std::int64_t first_ms = -62'135'596'800'000;  // 0001-01-01T00:00:00.000Z
constexpr std::int64_t last_ms = 253'402'300'799'999;   // 9999-12-31T23:59:59.999Z

/// Needs no escape and no check: printable ASCII without '"' and '\'.
constexpr std::array<bool, 256> plain = [] {
    std::array<bool, 256> table{};
    for (std::size_t c = 0x20; c < 0x7F; ++c) table[c] = c != '"' && c != '\\';
    return table;
}();

struct Date {
    std::int64_t year;
    std::int64_t month, day;
};

/// Days since 1970-01-01 to a date of the proleptic Gregorian calendar, and back (Howard Hinnant, "chrono-compatible
/// low-level date algorithms").
Date date_of(std::int64_t days) {
    days += 719'468;
    const std::int64_t era = (days >= 0 ? days : days - 146'096) / 146'097;
    const std::int64_t doe = days - era * 146'097;
    const std::int64_t yoe = (doe - doe / 1460 + doe / 36'524 - doe / 146'096) / 365;
    const std::int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const std::int64_t mp = (5 * doy + 2) / 153;
    const std::int64_t month = mp < 10 ? mp + 3 : mp - 9;
    return {yoe + era * 400 + (month <= 2 ? 1 : 0), month, doy - (153 * mp + 2) / 5 + 1};
}

std::int64_t days_of(Date d) {
    const std::int64_t y = d.year - (d.month <= 2 ? 1 : 0);
    const std::int64_t era = (y >= 0 ? y : y - 399) / 400;
    const std::int64_t yoe = y - era * 400;
    const std::int64_t doy = (153 * (d.month > 2 ? d.month - 3 : d.month + 9) + 2) / 5 + d.day - 1;
    return era * 146'097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719'468;
}

void digits(char* at, std::int64_t value, int count) {
    for (int i = count - 1; i >= 0; --i, value /= 10) at[i] = static_cast<char>('0' + value % 10);
}

std::optional<std::int64_t> number(std::string_view text, std::size_t at, std::size_t count) {
    std::int64_t value = 0;
    for (std::size_t i = at; i < at + count; ++i) {
        if (text[i] < '0' || text[i] > '9') return std::nullopt;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

}  // namespace

void append_text(std::string& out, std::string_view value, std::size_t max) {
    const bool simple =
        std::all_of(value.begin(), value.end(), [](char c) { return plain[static_cast<std::uint8_t>(c)]; });
    if (simple) {
        out += value.substr(0, max);
        return;
    }
    const std::string cleaned = is_clean_utf8(value) ? std::string() : printable(value, 4 * value.size());
    for (const char c : utf8_prefix(cleaned.empty() ? value : cleaned, max)) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
}

void append_time(std::string& out, WallTime value) {
    const std::int64_t ms = std::clamp(value.ms, first_ms, last_ms);
    const std::int64_t days = (ms >= 0 ? ms : ms - (day_ms - 1)) / day_ms;
    const std::int64_t rest = ms - days * day_ms;
    const Date date = date_of(days);
    char text[] = "0000-00-00T00:00:00.000Z";
    digits(text, date.year, 4), digits(text + 5, date.month, 2), digits(text + 8, date.day, 2);
    digits(text + 11, rest / 3'600'000, 2), digits(text + 14, rest / 60'000 % 60, 2);
    digits(text + 17, rest / 1000 % 60, 2), digits(text + 20, rest % 1000, 3);
    out.append(text, 24);
}

std::optional<WallTime> parse_time(std::string_view text) {
    constexpr std::string_view shape = "0000-00-00T00:00:00.000Z";
    if (text.size() != shape.size()) return std::nullopt;
    for (std::size_t i = 0; i < shape.size(); ++i)
        if (shape[i] != '0' && text[i] != shape[i]) return std::nullopt;
    const auto year = number(text, 0, 4), month = number(text, 5, 2), day = number(text, 8, 2);
    const auto hour = number(text, 11, 2), minute = number(text, 14, 2), second = number(text, 17, 2);
    const auto milli = number(text, 20, 3);
    if (!year || !month || !day || !hour || !minute || !second || !milli) return std::nullopt;
    if (*year < 1 || *month < 1 || *month > 12 || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
    const std::int64_t days = days_of({*year, *month, *day});
    const Date back = date_of(days);
    if (back.month != *month || back.day != *day) return std::nullopt;  // no such day
    return WallTime{days * day_ms + *hour * 3'600'000 + *minute * 60'000 + *second * 1000 + *milli};
}

void CanonicalWriter::integer(std::string_view name, std::int64_t value) {
    key(name);
    char text[24];
    const auto end = std::to_chars(text, text + sizeof text, std::clamp(value, -integer_limit, integer_limit)).ptr;
    out_.append(text, static_cast<std::size_t>(end - text));
}

void CanonicalWriter::counter(std::string_view name, std::uint64_t value) {
    key(name);
    char text[24];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    out_ += '"', out_.append(text, static_cast<std::size_t>(end - text)), out_ += '"';
}

void CanonicalWriter::time(std::string_view name, WallTime value) {
    key(name);
    out_ += '"', append_time(out_, value), out_ += '"';
}

void CanonicalWriter::joined(std::string_view name, std::string_view left, std::string_view right, std::size_t max) {
    key(name);
    out_ += '"', append_text(out_, left, max), append_text(out_, right, max), out_ += '"';
}

void CanonicalWriter::string(std::string_view value, std::size_t max) {
    out_ += '"', append_text(out_, value, max), out_ += '"';
}

}  // namespace hefang::evidence
