#include "core/clearance.hpp"

#include <algorithm>
#include <chrono>
#include <string_view>
#include <utility>

namespace hefang::core {
namespace {

constexpr std::chrono::hours china_time{8};  // Asia/Shanghai has had no daylight saving since 1991

/// The value of `count` digits at `from`; the text is known to hold digits only.
int number(std::string_view digits, std::size_t from, std::size_t count) {
    int value = 0;
    for (const char c : digits.substr(from, count)) value = value * 10 + (c - '0');
    return value;
}

std::optional<std::int64_t> second_of(std::string_view text) {
    if (text.size() != 14 && text.size() != 17) return std::nullopt;
    if (!std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; })) return std::nullopt;
    const std::chrono::year_month_day day{std::chrono::year{number(text, 0, 4)},
                                          std::chrono::month{static_cast<unsigned>(number(text, 4, 2))},
                                          std::chrono::day{static_cast<unsigned>(number(text, 6, 2))}};
    const int hour = number(text, 8, 2);
    const int minute = number(text, 10, 2);
    const int second = number(text, 12, 2);
    if (!day.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
    const auto local = std::chrono::sys_days{day} + std::chrono::hours{hour} + std::chrono::minutes{minute} +
                       std::chrono::seconds{second};
    return (local - china_time).time_since_epoch().count();
}

enum class Match { not_carried, agrees, differs };

Match match(std::string_view a, std::string_view b) {
    if (a.empty() || b.empty()) return Match::not_carried;
    return a == b ? Match::agrees : Match::differs;
}

Match match_stream(const StreamKeys& a, const StreamKeys& b) {
    const auto carried = [](const StreamKeys& k) { return !k.agent_code.empty() && !k.cop_no.empty(); };
    if (!carried(a) || !carried(b)) return Match::not_carried;
    return a.agent_code == b.agent_code && a.cop_no == b.cop_no ? Match::agrees : Match::differs;
}

}  // namespace

CustomsTime customs_time(std::string raw) {
    const auto second = second_of(raw);
    return {second, std::move(raw)};
}

bool belongs(const StreamKeys& receipt, const StreamKeys& declaration) {
    const std::array matches{match_stream(receipt, declaration), match(receipt.pre_no, declaration.pre_no),
                             match(receipt.invt_no, declaration.invt_no)};
    const auto any = [&](Match wanted) { return std::find(matches.begin(), matches.end(), wanted) != matches.end(); };
    return any(Match::agrees) && !any(Match::differs);
}

}  // namespace hefang::core
