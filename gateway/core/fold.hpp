#pragma once
#include "core/clearance.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

/// The status of one stream: its receipts folded in the order of customs' own times, whatever their order of arrival.
namespace hefang::core {

/// Rows of the transition table.
enum class DocState : std::uint8_t {
    none,
    declaring,
    fault,
    accepted,
    await_arrival,
    reviewed,
    manual,
    unknown,
    released,
    closed,
    refused,
    redeclared,  ///< released, but our declaration data are the refused ones
    suspended,
    inspect,
    detained,
    handed_over,  ///< released on paper after detention
    smuggling,
    returned
};
constexpr std::size_t doc_state_count = 18;

/// "N" "D" "F" "A" "W" "V" "M" "U" "R" "C" "J" "J?" "S" "I" "T" "Q" "Y" "B".
[[nodiscard]] std::string_view letter_of(DocState state);

/// Kinds of receipt, in the order in which they win within one second (later wins).
enum class ReceiptKind : std::uint8_t {
    step1,
    step2,
    step3,
    failed,
    negative,
    accepted,
    await_arrival,
    reviewed,
    released,
    closed,
    manual,
    unknown,
    refused,
    suspended,
    inspect,
    returned,
    detained,
    smuggling
};
constexpr std::size_t receipt_kind_count = 18;

[[nodiscard]] ReceiptKind kind_of(std::int32_t status);
/// 300, 100, 500–700 and unknown codes: without a usable time they hold until they are withdrawn.
[[nodiscard]] bool holds(ReceiptKind kind);
/// 800 and 899.
[[nodiscard]] bool releases(ReceiptKind kind);

/// One row of the transition table: the state after a receipt of `kind`, before the two rules about releases.
[[nodiscard]] DocState next_state(DocState from, ReceiptKind kind);
/// A release that comes although customs ended the way of this parcel (detention by the anti-smuggling office, return).
[[nodiscard]] bool contradicts(DocState from, ReceiptKind kind);

constexpr std::int64_t day_s = 86'400;
constexpr std::int64_t life_s = 183 * day_s;  ///< six months, for which a waybill number is unique

/// What a fold must know beside the receipts. All times are seconds since 1970 UTC.
struct FoldRules {
    std::int64_t inspect_min_s = 5;  ///< a release frees an inspection only when later by at least this
    /// The last second at which a release may be dated; a later one does not count yet.
    std::int64_t releases_until = std::numeric_limits<std::int64_t>::max();
    /// At this second the declarant declared the parcel anew, after a removal or under a number that was another
    /// parcel's: a release that is older, or of the same second, answers what was declared before.
    std::optional<std::int64_t> releases_after;
    /// appTimes of the counted versions of this life. A receipt more than a day before and more than life_s after every
    /// one of them is of another life. Must stay valid during the call.
    std::span<const std::int64_t> declared_at;
    /// appTime of the version in force: a release after a refusal needs a version later than that refusal.
    std::optional<std::int64_t> in_force_since;
};

struct Folded {
    DocState state = DocState::none;
    const Receipt* in_force = nullptr;  ///< that brought or renewed the state; points into the receipts folded
    bool release_set_aside =
        false;  ///< an 800 or 899 did not count: no usable time, too far ahead, too old, or another life
    bool timeless_hold = false;            ///< a hold without usable time stands behind all other receipts
    std::vector<std::string_view> alarms;  ///< someone must look, each word once: see docs/journal.md
    std::vector<const Receipt*> known;     ///< every distinct receipt, oldest first, also those that did not count
};

/// Pure: the same set gives the same result, whatever its order and repetitions. `receipts` must outlive the result.
[[nodiscard]] Folded fold(std::span<const Receipt> receipts, const FoldRules& rules);

}  // namespace hefang::core
