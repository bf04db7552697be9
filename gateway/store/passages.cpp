#include "store/passages.hpp"

#include "evidence/members.hpp"

#include <algorithm>
#include <limits>
#include <map>

namespace hefang::store {
namespace {

using evidence::member;

std::string text_at(std::string_view object, std::string_view name) {
    const auto value = member(object, name);
    if (!value) return {};
    return evidence::unquoted(*value).value_or(std::string());
}

}  // namespace

std::optional<PassageMark> mark_of(const core::Fact& fact) {
    const auto passage_if = [](bool left, const core::PassageId& passage) {
        return left ? passage : core::PassageId();
    };
    if (const auto* f = std::get_if<core::PassageDecided>(&fact); f != nullptr && !f->waybill.empty()) {
        const bool left = f->verdict == core::Verdict::release && f->chute == 0;
        return PassageMark{f->waybill, f->revision == 1, left, f->parcel_class == core::ParcelClass::reweigh,
                           passage_if(left, f->passage)};
    }
    if (const auto* f = std::get_if<core::PassageActuated>(&fact); f != nullptr && !f->waybill.empty())
        return PassageMark{f->waybill, false, f->left_by_release, false, passage_if(f->left_by_release, f->passage)};
    return std::nullopt;
}

std::optional<PassageMark> mark_of(std::string_view event) {
    const auto type = member(event, "type");
    if (!type) return std::nullopt;
    const bool decided = *type == "\"hefang.passage.decided.v1\"";
    if (!decided && *type != "\"hefang.passage.actuated.v1\"") return std::nullopt;
    const auto data = member(event, "data");
    const auto what = data ? member(*data, "what") : std::nullopt;
    if (!what) return std::nullopt;
    PassageMark mark{text_at(*what, "waybill")};
    if (mark.waybill.empty()) return std::nullopt;
    if (decided) {
        mark.attempt = member(*data, "revision") == "1";
        mark.left = member(*data, "verdict") == "\"release\"" && !member(*data, "chute");
        mark.reweighed = member(*data, "class") == "\"reweigh\"";
    } else {
        mark.left = member(*data, "leftByRelease") == "true";
    }
    if (mark.left) mark.passage = core::PassageId(text_at(*data, "passage"));
    return mark;
}

std::vector<std::string> numbers_of(std::string_view event) {
    std::vector<std::string> numbers;
    const auto add = [&](std::string text) {
        if (!text.empty() && std::find(numbers.begin(), numbers.end(), text) == numbers.end())
            numbers.push_back(std::move(text));
    };
    if (const auto data = member(event, "data")) {
        add(text_at(*data, "passage"));
        add(text_at(*data, "duplicateOf"));
        if (const auto what = member(*data, "what")) {
            evidence::Members members(*what);
            while (members.next())
                evidence::for_each_text(members.value(), [&](const std::string& text) { add(text); });
        }
    }
    const std::string subject = text_at(event, "subject");
    if (const auto slash = subject.find('/'); slash != std::string::npos) add(subject.substr(slash + 1));
    return numbers;
}

void Passages::Counts::add(const PassageMark& mark, std::int64_t sign) {
    attempts += mark.attempt ? sign : 0;
    left += mark.left ? sign : 0;
    reweighed += mark.reweighed ? sign : 0;
    if (mark.left) released = mark.passage.text();
}

Result<Passages> Passages::open(Database& db) {
    Passages passages;
    const std::initializer_list<std::pair<Statement*, const char*>> all = {
        {&passages.read_, "SELECT sequence, body FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?"},
        {&passages.look_up_, "SELECT attempts, left, reweighed, released FROM passage WHERE waybill = ?"},
        {&passages.upsert_,
         "INSERT INTO passage VALUES(?, ?, ?, ?, ?) ON CONFLICT(waybill) DO UPDATE SET"
         " attempts = attempts + excluded.attempts, left = left + excluded.left,"
         " reweighed = reweighed + excluded.reweighed,"
         " released = iif(excluded.left > 0, excluded.released, released)"},
        {&passages.insert_number_, "INSERT OR IGNORE INTO number VALUES(?, ?)"},
        {&passages.cursor_, "SELECT sequence FROM cursor WHERE name = 'passages'"},
        {&passages.move_, "UPDATE cursor SET sequence = ? WHERE name = 'passages'"},
    };
    for (const auto& [statement, sql] : all) {
        auto prepared = db.prepare(sql);
        if (!prepared) return tl::unexpected(prepared.error());
        *statement = std::move(*prepared);
    }
    auto row = passages.cursor_.step();
    if (!row) return tl::unexpected(row.error());
    const std::int64_t from = *row ? passages.cursor_.integer(0) : 0;
    passages.cursor_.reset();
    passages.read_.bind(1, from).bind(2, std::int64_t{-1});
    for (row = passages.read_.step(); row && *row; row = passages.read_.step())
        passages.add(static_cast<std::uint64_t>(passages.read_.integer(0)), mark_of(passages.read_.blob(1)));
    if (!row) return tl::unexpected(row.error());
    return passages;
}

void Passages::add(std::uint64_t sequence, const std::optional<PassageMark>& mark) {
    // A mark that adds nothing is not kept: sums of zero mean that no entry of the waybill is left.
    const bool counts = mark && (mark->attempt || mark->left || mark->reweighed);
    if (counts) by_waybill_[mark->waybill].add(*mark, 1);
    tail_.push_back({sequence, counts ? mark : std::nullopt});
}

void Passages::forget(const Entry& entry) {
    if (!entry.mark) return;
    const auto at = by_waybill_.find(entry.mark->waybill);
    at->second.add(*entry.mark, -1);
    if (at->second.none()) by_waybill_.erase(at);
}

void Passages::take_back(std::uint64_t through) {
    for (; !tail_.empty() && tail_.back().sequence > through; tail_.pop_back()) forget(tail_.back());
}

void Passages::indexed(std::uint64_t through) {
    for (; !tail_.empty() && tail_.front().sequence <= through; tail_.pop_front()) forget(tail_.front());
}

core::PassageId Passages::newest_left(const std::string& waybill) const {
    const auto at = std::find_if(tail_.rbegin(), tail_.rend(), [&](const Entry& entry) {
        return entry.mark && entry.mark->left && entry.mark->waybill == waybill;
    });
    return at == tail_.rend() ? core::PassageId() : at->mark->passage;
}

Result<core::History> Passages::history(const std::string& waybill) {
    Counts counts;
    if (const auto at = by_waybill_.find(waybill); at != by_waybill_.end()) counts = at->second;
    core::PassageId released = counts.left > 0 ? newest_left(waybill) : core::PassageId();
    const Reading end(look_up_);
    const auto row = look_up_.bind(1, waybill).step();
    if (!row) return tl::unexpected(row.error());
    if (*row) {
        counts.attempts += look_up_.integer(0);
        counts.left += look_up_.integer(1);
        counts.reweighed += look_up_.integer(2);
        if (released.empty()) released = core::PassageId(std::string(look_up_.text(3)));
    }
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    return core::History{static_cast<std::int32_t>(std::min(counts.attempts, most)), counts.left > 0,
                         counts.reweighed > 0, std::move(released)};
}

Result<std::uint64_t> Passages::index(std::size_t max) {
    if (tail_.empty()) return fail(Errc::not_found, "nothing to index");
    const std::uint64_t from = tail_.front().sequence - 1;
    std::uint64_t through = from;
    std::map<std::string, Counts> sums;  // sorted: neighbours share a page
    std::vector<std::pair<std::string, std::uint64_t>> numbers;
    {
        const Reading end(read_);
        read_.bind(1, static_cast<std::int64_t>(from)).bind(2, static_cast<std::int64_t>(max));
        for (auto entry = tail_.begin(); entry != tail_.end(); ++entry) {
            const auto row = read_.step();
            if (!row) return tl::unexpected(row.error());
            if (!*row) break;
            through = static_cast<std::uint64_t>(read_.integer(0));
            if (through != entry->sequence)
                return fail(Errc::corrupt, "fact " + std::to_string(entry->sequence) + " is not in the journal");
            if (entry->mark) sums[entry->mark->waybill].add(*entry->mark, 1);
            for (auto& number : numbers_of(read_.blob(1))) numbers.emplace_back(std::move(number), through);
        }
    }
    for (const auto& [waybill, counts] : sums) {
        upsert_.bind(1, waybill)
            .bind(2, counts.attempts)
            .bind(3, counts.left)
            .bind(4, counts.reweighed)
            .bind(5, counts.released);
        if (auto done = upsert_.run(); !done) return tl::unexpected(done.error());
    }
    std::sort(numbers.begin(), numbers.end());
    for (const auto& [number, sequence] : numbers) {
        insert_number_.bind(1, number).bind(2, static_cast<std::int64_t>(sequence));
        if (auto done = insert_number_.run(); !done) return tl::unexpected(done.error());
    }
    if (auto done = move_.bind(1, static_cast<std::int64_t>(through)).run(); !done) return tl::unexpected(done.error());
    return through;
}

}  // namespace hefang::store
