#include "store/sqlite.hpp"

#include <sqlite3.h>

namespace hefang::store {
namespace {

Errc code_of(int rc) {
    switch (rc & 0xFF) {
        case SQLITE_FULL: return Errc::full;
        case SQLITE_BUSY:
        case SQLITE_LOCKED: return Errc::busy;
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return Errc::corrupt;
        case SQLITE_CONSTRAINT:
        case SQLITE_MISMATCH:
        case SQLITE_TOOBIG: return Errc::refused;
        default: return Errc::unreachable;
    }
}

}  // namespace

void Database::Close::operator()(sqlite3* connection) const { sqlite3_close_v2(connection); }
void Statement::Finalize::operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }

Result<Database> Database::open(const std::string& file, Access access, const std::string& vfs) {
    Database db;
    sqlite3* connection = nullptr;
    // NOMUTEX: a connection belongs to one thread at a time.
    const int flags = (access == Access::write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY) |
                      SQLITE_OPEN_NOMUTEX;
    const int rc = sqlite3_open_v2(file.c_str(), &connection, flags, vfs.empty() ? nullptr : vfs.c_str());
    db.connection_.reset(connection);
    db.file_ = file;
    if (rc != SQLITE_OK)
        return fail(code_of(rc),
                    "cannot open " + file + ": " + (connection ? sqlite3_errmsg(connection) : "no memory"));
    sqlite3_extended_result_codes(connection, 1);
    if (access == Access::read) sqlite3_db_config(connection, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    return db;
}

Error Database::error(std::string_view doing) const {
    const int rc = sqlite3_extended_errcode(raw());
    return {code_of(rc), std::string(doing) + ": " + sqlite3_errmsg(raw()) + " (" + std::to_string(rc) + ")"};
}

Result<void> Database::run(const char* sql) {
    if (sqlite3_exec(raw(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) return tl::unexpected(error(file_));
    return {};
}

Result<Statement> Database::prepare(std::string_view sql) {
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v3(raw(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &statement,
                           nullptr) != SQLITE_OK)
        return tl::unexpected(error(file_));
    return Statement(statement);
}

Result<std::int64_t> Database::number(std::string_view sql) {
    auto statement = prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    const auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    return *row ? statement->integer(0) : 0;
}

Result<std::string> Database::text(std::string_view sql) {
    auto statement = prepare(sql);
    if (!statement) return tl::unexpected(statement.error());
    const auto row = statement->step();
    if (!row) return tl::unexpected(row.error());
    return *row ? std::string(statement->text(0)) : std::string();
}

bool Database::in_transaction() const { return sqlite3_get_autocommit(raw()) == 0; }

Statement& Statement::bind(int at, std::int64_t value) {
    sqlite3_bind_int64(statement_.get(), at, value);
    return *this;
}
Statement& Statement::bind(int at, std::string_view text) {
    sqlite3_bind_text(statement_.get(), at, text.data() == nullptr ? "" : text.data(), static_cast<int>(text.size()),
                      SQLITE_STATIC);
    return *this;
}
Statement& Statement::bind_blob(int at, std::string_view bytes) {
    sqlite3_bind_blob(statement_.get(), at, bytes.data() == nullptr ? "" : bytes.data(), static_cast<int>(bytes.size()),
                      SQLITE_STATIC);
    return *this;
}

Result<bool> Statement::step() {
    const int rc = sqlite3_step(statement_.get());
    if (rc == SQLITE_ROW) return true;
    sqlite3* db = sqlite3_db_handle(statement_.get());
    if (rc == SQLITE_DONE) {
        sqlite3_reset(statement_.get());
        return false;
    }
    const char* file = sqlite3_db_filename(db, nullptr);
    Error error{code_of(rc), std::string(file != nullptr ? file : "") + ": " + sqlite3_errmsg(db) + " (" +
                                 std::to_string(sqlite3_extended_errcode(db)) + ") in " +
                                 sqlite3_sql(statement_.get())};
    sqlite3_reset(statement_.get());
    return tl::unexpected(std::move(error));
}

Result<void> Statement::run() {
    const auto row = step();
    if (!row) return tl::unexpected(row.error());
    reset();
    return {};
}

void Statement::reset() {
    if (statement_) sqlite3_reset(statement_.get());
}

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }
std::string_view Statement::text(int column) const {
    const auto* text = sqlite3_column_text(statement_.get(), column);
    return text == nullptr ? std::string_view()
                           : std::string_view(reinterpret_cast<const char*>(text),
                                              static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}
std::string_view Statement::blob(int column) const {
    const auto* bytes = sqlite3_column_blob(statement_.get(), column);
    return bytes == nullptr
               ? std::string_view()
               : std::string_view(static_cast<const char*>(bytes),
                                  static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column)));
}
bool Statement::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

}  // namespace hefang::store
