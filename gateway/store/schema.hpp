#pragma once
#include "base/result.hpp"
#include "store/sqlite.hpp"

namespace hefang::store {

constexpr int schema_version = 2;

/// Settings of the one connection that writes and checkpoints. No memory mapping: it counts as resident memory.
[[nodiscard]] Result<void> settle_writer(Database& db);
/// Settings of every other connection.
[[nodiscard]] Result<void> settle_reader(Database& db);

/// Brings the tables from whatever version they have to schema_version, one step a transaction. A newer schema is
/// refused and not touched.
[[nodiscard]] Result<void> migrate(Database& db);

/// Refuses a database that migrate() would have to change: readers never do.
[[nodiscard]] Result<void> expect_current(Database& db);

}  // namespace hefang::store
