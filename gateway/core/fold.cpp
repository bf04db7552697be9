#include "core/fold.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <tuple>

namespace hefang::core {
namespace {

constexpr std::array<std::string_view, doc_state_count> letters{"N", "D", "F", "A",  "W", "V", "M", "U", "R",
                                                                "C", "J", "J?", "S", "I", "T", "Q", "Y", "B"};

// Columns: what the next receipt is. Rows: the state so far. A letter: the state then; '.': the state stays.
// 'j' stands for J?. Codes of CEB622: 1–4, 100, 120, 300, 399, 500–503, 599, 600, 700, 800, 899.
//                                      123  4<0 120 400 399 300 unk 800 899 100 600 500 50x 502 700
constexpr std::size_t column_count = 15;
struct Row {
    DocState from;
    std::string_view to;
};
constexpr std::array<Row, doc_state_count> table{{
    {DocState::none,          "DFAWVMURCJSITYB"},
    {DocState::declaring,     "DFAWVMURCJSITYB"},
    {DocState::fault,         "DFAWVMURCJSITYB"},
    {DocState::accepted,      "D.AWVMURCJSITYB"},
    {DocState::await_arrival, "D.AWVMURCJSITYB"},
    {DocState::reviewed,      "D.AWVMURCJSITYB"},
    {DocState::manual,        "D.AWVMURCJSITYB"},
    {DocState::unknown,       "..AWVMURCJSITYB"},
    {DocState::released,      ".....MURCJSITYB"},
    {DocState::closed,        ".....MU.CJSITYB"},
    {DocState::refused,       "D.AWVM.RCJSITYB"},
    {DocState::redeclared,    "D.AWVMURCJSITYB"},
    {DocState::suspended,     ".....M.RCJSITYB"},
    {DocState::inspect,       ".......RCJ.ITYB"},
    {DocState::detained,      ".......QQ...TYB"},
    {DocState::handed_over,   ".......QQ...TYB"},
    {DocState::smuggling,     ".............Y."},
    {DocState::returned,      "............TYB"},
}};

constexpr bool table_is_whole() {
    for (std::size_t i = 0; i < table.size(); ++i)
        if (table[i].to.size() != column_count || static_cast<std::size_t>(table[i].from) != i) return false;
    return true;
}
static_assert(table_is_whole());

// ReceiptKind → column.
constexpr std::array<std::size_t, 18> columns{0, 0, 0, 1, 1, 2, 3, 4, 7, 8, 5, 6, 9, 10, 11, 14, 12, 13};

DocState state_of(char letter, DocState stay) {
    constexpr std::string_view row = "NDFAWVMURCJjSITQYB";
    return letter == '.' ? stay : static_cast<DocState>(row.find(letter));
}

constexpr std::int64_t never = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t for_ever = std::numeric_limits<std::int64_t>::max();

struct Entry {
    std::int64_t second;
    ReceiptKind kind;
    const Receipt* receipt;
    [[nodiscard]] auto key() const { return std::tie(second, kind, receipt->status, receipt->time.raw, receipt->info_digest); }
};

bool is_release_state(DocState state) { return state == DocState::released || state == DocState::closed; }

bool outside_life(std::int64_t second, const FoldRules& rules) {
    return (rules.life_from && second < *rules.life_from) || (rules.life_to && second > *rules.life_to);
}

/// The receipts that count, each at its place in time; repeats gone.
std::vector<Entry> in_order(const std::vector<Receipt>& receipts, const FoldRules& rules, Folded& out) {
    std::vector<Entry> entries;
    entries.reserve(receipts.size());
    for (const auto& receipt : receipts) {
        const auto kind = kind_of(receipt.status);
        if (!receipt.time.second) {
            if (releases(kind)) {
                out.timeless_release = true;
                continue;
            }
            out.alarm = out.alarm || holds(kind);
            entries.push_back({holds(kind) ? for_ever : never, kind, &receipt});
            continue;
        }
        const auto second = *receipt.time.second;
        if (releases(kind) && rules.releases_count_until && second > *rules.releases_count_until) continue;
        if (outside_life(second, rules)) {
            if (releases(kind)) continue;
            out.alarm = out.alarm || holds(kind);
        }
        entries.push_back({second, kind, &receipt});
    }
    std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) { return a.key() < b.key(); });
    entries.erase(std::unique(entries.begin(), entries.end(),
                              [](const Entry& a, const Entry& b) { return a.receipt->same_as(*b.receipt); }),
                  entries.end());
    return entries;
}

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

Folded fold(const std::vector<Receipt>& receipts, const FoldRules& rules) {
    Folded out;
    std::int64_t since = never;
    std::optional<std::int64_t> refused_at;
    for (const auto& entry : in_order(receipts, rules, out)) {
        out.used.push_back(entry.receipt);
        const auto row = static_cast<std::size_t>(out.state);
        auto next = state_of(table[row].to[columns[static_cast<std::size_t>(entry.kind)]], out.state);
        if (entry.kind == ReceiptKind::refused) refused_at = entry.second;
        if (is_release_state(next)) {
            // Two engines that race are no inspection: a 500 is lifted only by a release that is later by some seconds.
            if (out.state == DocState::inspect && entry.second < since + rules.inspect_min_s) next = out.state;
            // After a refusal the declaration that was refused is released by nothing.
            const bool newer = rules.newest_declaration && refused_at && *rules.newest_declaration > *refused_at;
            if (is_release_state(next) && refused_at && !newer) next = DocState::redeclared;
        }
        if (releases(entry.kind) && (out.state == DocState::smuggling || out.state == DocState::returned)) out.alarm = true;
        if (entry.kind == ReceiptKind::unknown) out.alarm = true;
        if (next != out.state || entry.kind == ReceiptKind::inspect) {
            since = entry.second;
            out.in_force = entry.receipt;
        }
        out.state = next;
    }
    return out;
}

}  // namespace hefang::core
