#pragma once
#include "base/result.hpp"
#include "core/clearance.hpp"
#include "store/sqlite.hpp"
#include "store/stream.hpp"

#include <string>

namespace hefang::store {

/// Streams by waybill for any connection: reads the rows that `by_waybill` yields (id, home, agent, cop, only, waybill,
/// body), following pointers home with `by_id` (the same columns). More than shared_limit of them are a gap: a number
/// in so many declarations was filled in by a template, and nobody waits for all of them to be read.
[[nodiscard]] Result<core::Clearance> read_clearance(Statement& by_waybill, Statement& by_id,
                                                     const std::string& waybill);
constexpr const char* sql_by_waybill =
    "SELECT id, home, agent, cop, only, waybill, body FROM inventory WHERE waybill = ? LIMIT ?";
constexpr const char* sql_by_id = "SELECT id, home, agent, cop, only, waybill, body FROM inventory WHERE id = ?";

/// The stream of a row with these columns; Errc::corrupt when it is damaged.
[[nodiscard]] Result<Stream> stream_of(const Statement& row);

}  // namespace hefang::store
