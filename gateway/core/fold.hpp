#pragma once
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "core/clearance.hpp"
#include "core/policy.hpp"

/// The status of one stream: its receipts folded in the order of customs' own times, whatever their order of arrival.
namespace hefang::core {

/// Letters of the transition table.
enum class DocState : std::uint8_t {
    none, declaring, fault, accepted, await_arrival, reviewed, manual, unknown, released, closed, refused, redeclared,
    suspended, inspect, detained, handed_over, smuggling, returned
};
constexpr std::size_t doc_state_count = 18;

/// "N" "D" "F" "A" "W" "V" "M" "U" "R" "C" "J" "J?" "S" "I" "T" "Q" "Y" "B".
[[nodiscard]] std::string_view letter_of(DocState state);

/// Kinds of receipt: the columns of the table, in the order in which they win within one second (later wins).
enum class ReceiptKind : std::uint8_t {
    step1, step2, step3, failed, negative, accepted, await_arrival, reviewed, released, closed, manual, unknown,
    refused, suspended, inspect, returned, detained, smuggling
};
[[nodiscard]] ReceiptKind kind_of(std::int32_t status);
/// 300, 100, 500–700 and unknown codes: without a usable time they hold until withdrawn.
[[nodiscard]] bool holds(ReceiptKind kind);
/// 800 and 899.
[[nodiscard]] bool releases(ReceiptKind kind);

struct FoldRules {
    std::int64_t inspect_min_s = 5;                  ///< a release frees an inspection only when later by this much
    std::optional<std::int64_t> releases_count_until; ///< second beyond which a release does not count yet
    std::optional<std::int64_t> life_from, life_to;  ///< of the declaration; a release outside is of another life
    std::optional<std::int64_t> newest_declaration;  ///< appTime of the newest counted version
};

struct Folded {
    DocState state = DocState::none;
    const Receipt* in_force = nullptr;     ///< that brought the state; points into the vector folded
    bool timeless_release = false;         ///< an 800 or 899 without usable time was left out
    bool alarm = false;
    std::vector<const Receipt*> used;      ///< what was folded, oldest first, repeats gone
};

[[nodiscard]] Folded fold(const std::vector<Receipt>& receipts, const FoldRules& rules);

}  // namespace hefang::core
