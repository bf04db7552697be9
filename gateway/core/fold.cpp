#include "core/fold.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>

namespace hefang::core {
namespace {

using S = DocState;

constexpr std::array<std::string_view, doc_state_count> letters{"N", "D", "F",  "A", "W", "V", "M", "U", "R",
                                                                "C", "J", "J?", "S", "I", "T", "Q", "Y", "B"};

// The transition table. Rows: the state so far; columns: what the next receipt is; cells: the letter of the state then,
// '-' the state stays, '!' it stays and someone must look. Codes: CEB622 of the cross-border specification of 2022
// (1–4, 100, 120, 300, 399, 500–503, 599, 700, 800, 899; negative for format faults); 400 and 600 as seen in
// declaration systems. Which code undoes which is field knowledge, on the side of holding: a later decision of customs
// replaces an earlier one, a late step (2, 120, 399) and a negative code never revoke a release, and detention ends on
// paper only.
constexpr std::size_t column_count = 15;
struct Row {
    DocState from;
    std::string_view cells;
};
// clang-format off
constexpr std::array<Row, doc_state_count> table{{
    //                   123 4,<0 120 400 399 300  ?  800 899 100 600 500 50x 502 700
    {S::none,          " D   F   A   W   V   M   U   R   C   J   S   I   T   Y   B "},
    {S::declaring,     " D   F   A   W   V   M   U   R   C   J   S   I   T   Y   B "},
    {S::fault,         " D   F   A   W   V   M   U   R   C   J   S   I   T   Y   B "},
    {S::accepted,      " D   -   A   W   V   M   U   R   C   J   S   I   T   Y   B "},
    {S::await_arrival, " D   -   A   W   V   M   U   R   C   J   S   I   T   Y   B "},
    {S::reviewed,      " D   -   A   W   V   M   U   R   C   J   S   I   T   Y   B "},
    {S::manual,        " D   -   A   W   V   M   U   R   C   J   S   I   T   Y   B "},
    {S::unknown,       " -   -   A   W   V   M   U   R   C   J   S   I   T   Y   B "},
    {S::released,      " -   -   -   -   -   M   U   R   C   J   S   I   T   Y   B "},
    {S::closed,        " -   -   -   -   -   M   U   C   C   J   S   I   T   Y   B "},
    {S::refused,       " D   -   A   W   V   M   J   R   C   J   S   I   T   Y   B "},
    {S::redeclared,    " D   -   A   W   V   M   U   R   C   J   S   I   T   Y   B "},
    {S::suspended,     " -   -   -   -   -   M   S   R   C   J   S   I   T   Y   B "},
    {S::inspect,       " -   -   -   -   -   -   -   R   C   J   -   I   T   Y   B "},
    {S::detained,      " -   -   -   -   -   -   -   Q   Q   -   -   -   T   Y   B "},
    {S::handed_over,   " -   -   -   -   -   -   -   Q   Q   -   -   -   T   Y   B "},
    {S::smuggling,     " -   -   -   -   -   -   -   !   !   -   -   -   -   Y   - "},
    {S::returned,      " -   -   -   -   -   -   -   !   !   -   -   -   T   Y   B "},
}};
// clang-format on

// ReceiptKind → column.
constexpr std::array<std::size_t, receipt_kind_count> columns{0, 0, 0, 1, 1,  2,  3,  4,  7,
                                                              8, 5, 6, 9, 10, 11, 14, 12, 13};

constexpr char cell(DocState from, std::size_t column) {
    return table[static_cast<std::size_t>(from)].cells[1 + 4 * column];
}

constexpr bool table_is_whole() {
    for (std::size_t i = 0; i < table.size(); ++i) {
        if (static_cast<std::size_t>(table[i].from) != i || table[i].cells.size() != 4 * column_count - 1) return false;
        for (std::size_t c = 0; c < column_count; ++c) {
            const char to = cell(table[i].from, c);
            const bool known =
                std::any_of(letters.begin(), letters.end(), [&](auto l) { return l.size() == 1 && l[0] == to; });
            if (!known && to != '-' && to != '!') return false;
        }
    }
    return true;
}
static_assert(table_is_whole());

constexpr DocState state_of(char letter) {
    std::size_t i = 0;
    while (letters[i].size() != 1 || letters[i][0] != letter) ++i;
    return static_cast<DocState>(i);
}

// Every cell as a state, '-' and '!' resolved: one look-up a receipt.
constexpr auto transitions = [] {
    std::array<std::array<DocState, receipt_kind_count>, doc_state_count> out{};
    for (std::size_t s = 0; s < doc_state_count; ++s) {
        for (std::size_t k = 0; k < receipt_kind_count; ++k) {
            const char to = cell(static_cast<DocState>(s), columns[k]);
            out[s][k] = to == '-' || to == '!' ? static_cast<DocState>(s) : state_of(to);
        }
    }
    return out;
}();

constexpr std::int64_t before_all = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t after_all = std::numeric_limits<std::int64_t>::max();

/// A receipt at its place in time.
struct Placed {
    std::int64_t second;
    ReceiptKind kind;
    bool counts;
    const Receipt* receipt;
};

/// Total over everything a receipt holds, so that the place of arrival decides nothing. Texts are compared on ties
/// only.
bool goes_before(const Placed& a, const Placed& b) {
    if (a.second != b.second) return a.second < b.second;
    if (a.kind != b.kind) return a.kind < b.kind;
    const auto rest = [](const Receipt& r) {
        return std::tie(r.status, r.time.raw, r.info_digest, r.invt_no, r.pre_no, r.taken_ms);
    };
    return rest(*a.receipt) < rest(*b.receipt);
}

bool of_another_life(std::int64_t second, std::span<const std::int64_t> declared_at) {
    return std::none_of(declared_at.begin(), declared_at.end(),
                        [&](std::int64_t at) { return second >= at - day_s && second <= at + life_s; });
}

void raise(Folded& out, bool when, std::string_view word) {
    if (when && std::find(out.alarms.begin(), out.alarms.end(), word) == out.alarms.end()) out.alarms.push_back(word);
}

Placed place(const Receipt& receipt, const FoldRules& rules, Folded& out) {
    const auto kind = kind_of(receipt.status);
    Placed placed{holds(kind) ? after_all : before_all, kind, true, &receipt};
    if (!receipt.time.second) {
        out.timeless_hold |= holds(kind);
        raise(out, holds(kind), "hold-without-time");
        placed.counts = !releases(kind);
    } else {
        placed.second = *receipt.time.second;
        const bool other_life = of_another_life(placed.second, rules.declared_at);
        if (other_life) placed.counts = holds(kind);
        raise(out, other_life && holds(kind), "hold-of-other-life");
        const bool too_old = rules.releases_after && placed.second <= *rules.releases_after;
        if (releases(kind) && (too_old || placed.second > rules.releases_until)) placed.counts = false;
    }
    out.release_set_aside |= releases(kind) && !placed.counts;
    return placed;
}

std::vector<Placed> in_order(std::span<const Receipt> receipts, const FoldRules& rules, Folded& out) {
    std::vector<Placed> placed;
    placed.reserve(receipts.size());
    for (const auto& receipt : receipts) placed.push_back(place(receipt, rules, out));
    std::sort(placed.begin(), placed.end(), goes_before);
    const auto repeats = [](const Placed& a, const Placed& b) { return a.receipt->same_as(*b.receipt); };
    placed.erase(std::unique(placed.begin(), placed.end(), repeats), placed.end());
    return placed;
}

/// Walks from state to state; the two rules that need times are here, all else is the table.
class Walk {
  public:
    explicit Walk(const FoldRules& rules) : rules_(rules) {}

    void take(const Placed& next, Folded& out) {
        const auto to = after(next, out.state);
        raise(out, contradicts(out.state, next.kind), "release-after-end");
        if (next.kind == ReceiptKind::refused) refused_at_ = next.second;
        const bool renews = to == out.state && to == next_state(DocState::none, next.kind);
        if (to != out.state || renews) out.in_force = next.receipt;
        if (to == DocState::inspect && next.kind == ReceiptKind::inspect) inspect_since_ = next.second;
        out.state = to;
    }

  private:
    [[nodiscard]] DocState after(const Placed& next, DocState from) const {
        const auto to = next_state(from, next.kind);
        if (!releases(next.kind) || (to != DocState::released && to != DocState::closed)) return to;
        // Two engines that race are no inspection: inside the window the hold stands until a later release.
        if (from == DocState::inspect && next.second - inspect_since_ < rules_.inspect_min_s) return from;
        // The declaration that was refused is released by nothing; only a version made after the refusal is.
        const bool redeclared = rules_.in_force_since && refused_at_ && *rules_.in_force_since > *refused_at_;
        return refused_at_ && !redeclared ? DocState::redeclared : to;
    }

    const FoldRules& rules_;
    std::int64_t inspect_since_ = before_all;
    std::optional<std::int64_t> refused_at_;
};

}  // namespace

std::string_view letter_of(DocState state) { return letters[static_cast<std::size_t>(state)]; }

ReceiptKind kind_of(std::int32_t status) {
    if (status < 0) return ReceiptKind::negative;
    if (status == 502) return ReceiptKind::smuggling;
    if (status >= 501 && status <= 599) return ReceiptKind::detained;
    switch (status) {
        case 1: return ReceiptKind::step1;
        case 2: return ReceiptKind::step2;
        case 3: return ReceiptKind::step3;
        case 4: return ReceiptKind::failed;
        case 100: return ReceiptKind::refused;
        case 120: return ReceiptKind::accepted;
        case 300: return ReceiptKind::manual;
        case 399: return ReceiptKind::reviewed;
        case 400: return ReceiptKind::await_arrival;
        case 500: return ReceiptKind::inspect;
        case 600: return ReceiptKind::suspended;
        case 700: return ReceiptKind::returned;
        case 800: return ReceiptKind::released;
        case 899: return ReceiptKind::closed;
        default: return ReceiptKind::unknown;
    }
}

bool holds(ReceiptKind kind) { return kind >= ReceiptKind::manual; }
bool releases(ReceiptKind kind) { return kind == ReceiptKind::released || kind == ReceiptKind::closed; }

DocState next_state(DocState from, ReceiptKind kind) {
    return transitions[static_cast<std::size_t>(from)][static_cast<std::size_t>(kind)];
}

bool contradicts(DocState from, ReceiptKind kind) { return cell(from, columns[static_cast<std::size_t>(kind)]) == '!'; }

Folded fold(std::span<const Receipt> receipts, const FoldRules& rules) {
    Folded out;
    const auto placed = in_order(receipts, rules, out);
    out.known.reserve(placed.size());
    Walk walk(rules);
    for (const auto& next : placed) {
        out.known.push_back(next.receipt);
        if (next.counts) walk.take(next, out);
    }
    raise(out, out.state == DocState::unknown, "unknown-status");
    std::sort(out.alarms.begin(), out.alarms.end());
    return out;
}

}  // namespace hefang::core
