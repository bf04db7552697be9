#include "app/config_section.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

namespace hefang::app {
namespace {

/// Insertions, deletions and substitutions between two words (Levenshtein).
std::size_t slips(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = std::exchange(row[0], i);
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t swap = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
            diagonal = std::exchange(row[j], std::min({row[j] + 1, row[j - 1] + 1, swap}));
        }
    }
    return row.back();
}

std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const auto& word : words) out += (out.empty() ? "" : ", ") + word;
    return out;
}

std::string plain(double number) {
    return number == std::floor(number) ? std::to_string(static_cast<std::int64_t>(number)) : std::to_string(number);
}

}  // namespace

void Problems::add(Place place, std::string what, std::string should) {
    found_.push_back({file_, place.line, place.column, std::move(what), std::move(should)});
}

void Problems::add(const std::vector<Problem>& of_another_file) {
    for (const auto& problem : of_another_file) {
        if (std::find(found_.begin(), found_.end(), problem) == found_.end()) found_.push_back(problem);
    }
}

std::vector<Problem> Problems::sorted() const {
    auto out = found_;
    const auto own_end = std::stable_partition(out.begin(), out.end(), [&](const auto& p) { return p.file == file_; });
    std::stable_sort(out.begin(), own_end, [](const Problem& a, const Problem& b) {
        return std::tie(a.line, a.column) < std::tie(b.line, b.column);
    });
    return out;
}

std::optional<std::string> nearest(std::string_view word, const std::vector<std::string>& allowed) {
    if (allowed.empty() || word.size() > 64) return std::nullopt;
    const auto best = std::min_element(allowed.begin(), allowed.end(),
                                       [&](const auto& a, const auto& b) { return slips(word, a) < slips(word, b); });
    // A third of the letters wrong is another word, not a slip.
    if (slips(word, *best) > std::max<std::size_t>(1, best->size() / 3)) return std::nullopt;
    return *best;
}

bool is_id(std::string_view text) {
    const auto alnum = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    };
    const auto allowed = [&](char c) { return alnum(c) || c == '-' || c == '_' || c == '.'; };
    return !text.empty() && text.size() <= 64 && alnum(text.front()) && std::all_of(text.begin(), text.end(), allowed);
}

const Member* Section::find(std::string_view key) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) known_.emplace_back(key);
    const auto at = std::find_if(members_.begin(), members_.end(), [&](const Member& m) { return m.name == key; });
    return at == members_.end() ? nullptr : &*at;
}

const Member* Section::need(std::string_view key, std::string_view example) {
    const auto* member = find(key);
    if (member == nullptr) {
        problems_.add(place_, name_ + " has no " + std::string(key), "write " + std::string(example));
    }
    return member;
}

void Section::wrong(Place place, std::string_view key, std::string_view is, std::string should) {
    problems_.add(place, name_ + ": " + std::string(key) + " is " + std::string(is), std::move(should));
}

std::optional<Word> Section::text(std::string_view key, std::size_t most) {
    const auto* member = find(key);
    if (member == nullptr) return std::nullopt;
    const auto* text = std::get_if<std::string>(&member->value.is);
    if (text == nullptr || text->empty() || text->size() > most || !is_clean_utf8(*text)) {
        wrong(member->value.place, key, shown(member->value),
              "a text in quotes, 1 to " + std::to_string(most) + " bytes, without control characters");
        return std::nullopt;
    }
    return Word{*text, member->value.place};
}

std::optional<Word> Section::id(std::string_view key) {
    auto word = text(key);
    if (word && !is_id(word->text)) {
        wrong(word->place, key, "'" + printable(word->text) + "'",
              "1 to 64 letters, digits, '-', '_' or '.', beginning with a letter or digit");
        return std::nullopt;
    }
    return word;
}

std::optional<Word> Section::one_of(std::string_view key, const std::vector<std::string>& allowed) {
    auto word = text(key);
    if (!word || std::find(allowed.begin(), allowed.end(), word->text) != allowed.end()) return word;
    const auto near = nearest(word->text, allowed);
    wrong(word->place, key, "'" + printable(word->text) + "'",
          near ? "did you mean '" + *near + "'?" : "one of " + joined(allowed));
    return std::nullopt;
}

std::optional<std::int64_t> Section::whole(std::string_view key, std::int64_t least, std::int64_t most) {
    const auto* member = find(key);
    if (member == nullptr) return std::nullopt;
    const auto* number = std::get_if<std::int64_t>(&member->value.is);
    if (number == nullptr || *number < least || *number > most) {
        wrong(member->value.place, key, shown(member->value),
              "a whole number from " + std::to_string(least) + " to " + std::to_string(most));
        return std::nullopt;
    }
    return *number;
}

std::optional<double> Section::number(std::string_view key, double most, bool zero) {
    const auto* member = find(key);
    if (member == nullptr) return std::nullopt;
    std::optional<double> number;
    if (const auto* whole = std::get_if<std::int64_t>(&member->value.is)) number = static_cast<double>(*whole);
    if (const auto* real = std::get_if<double>(&member->value.is)) number = *real;
    const bool fits = number && std::isfinite(*number) && *number <= most && (zero ? *number >= 0 : *number > 0);
    if (fits) return number;
    wrong(member->value.place, key, shown(member->value),
          std::string("a number ") + (zero ? "from 0" : "above 0") + " to " + plain(most));
    return std::nullopt;
}

std::vector<Word> Section::words(std::string_view key) {
    const auto* member = find(key);
    if (member == nullptr) return {};
    std::vector<Word> out;
    const auto take = [&](const Value& value) {
        if (const auto* text = std::get_if<std::string>(&value.is)) return out.push_back({*text, value.place});
        wrong(value.place, key, shown(value), "a text in quotes, or a list of them");
    };
    if (const auto* items = std::get_if<Items>(&member->value.is)) {
        for (const auto& item : *items) take(item);
    } else {
        take(member->value);
    }
    return out;
}

void Section::end() {
    for (const auto& member : members_) {
        if (std::find(known_.begin(), known_.end(), member.name) != known_.end()) continue;
        const auto near = nearest(member.name, known_);
        problems_.add(member.place, name_ + " has the unknown key '" + printable(member.name) + "'",
                      near ? "did you mean " + *near + "?" : "known: " + joined(known_));
    }
}

}  // namespace hefang::app
