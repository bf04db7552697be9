#pragma once
#include "core/clearance.hpp"
#include "store/stream.hpp"

#include <compare>
#include <cstdint>
#include <set>
#include <string>
#include <vector>

namespace hefang::store {

/// A key by which a stream is known, as in the table.
struct Alias {
    enum class Kind : std::int64_t { pre_no = 1, invt_no = 2, pair = 3 };
    Kind kind;
    std::string value;
    friend auto operator<=>(const Alias&, const Alias&) = default;
};

/// Declarations, and receipts that wait for one, that a key may bring. A key of more was filled in by a template: it
/// tells nothing apart, costs a look-up each in every message that carries it, and counts as not carried.
constexpr std::int64_t shared_limit = 64;

/// (agentCode, copNo) as one text; empty when not both are carried.
[[nodiscard]] std::string pair_of(const std::string& agent, const std::string& cop);

/// The keys that are carried.
[[nodiscard]] std::vector<Alias> aliases_of(const core::StreamKeys& keys);

/// What the stream is known by beside its own pair.
[[nodiscard]] std::set<Alias> aliases_of(const Stream& stream);

}  // namespace hefang::store
