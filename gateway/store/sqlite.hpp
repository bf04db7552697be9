#pragma once
#include "base/result.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

/// The few words of SQLite that this room speaks, as Results that carry what SQLite said.
namespace hefang::store {

class Statement;

enum class Access { write, read };

/// One connection. Not thread-safe: one thread at a time. Statements must not outlive it.
class Database {
  public:
    /// `vfs` empty: the default one. Readers never checkpoint. Settings are the caller's (schema.hpp).
    [[nodiscard]] static Result<Database> open(const std::string& file, Access access, const std::string& vfs);

    [[nodiscard]] Result<void> run(const char* sql);
    [[nodiscard]] Result<Statement> prepare(std::string_view sql);
    [[nodiscard]] Result<std::int64_t> number(std::string_view sql);  ///< first column of the first row
    [[nodiscard]] Result<std::string> text(std::string_view sql);     ///< likewise
    [[nodiscard]] bool in_transaction() const;
    /// The failing half of a Result: what SQLite said of its last call; `doing` says of what or which file.
    [[nodiscard]] Error error(std::string_view doing) const;
    [[nodiscard]] sqlite3* raw() const { return connection_.get(); }

  private:
    struct Close {
        void operator()(sqlite3* connection) const;
    };
    std::unique_ptr<sqlite3, Close> connection_;
    std::string file_;
};

/// A prepared statement, used again and again. Values bound are copied only where said.
class Statement {
  public:
    Statement() = default;

    /// Binds from 1 on. Texts and blobs are not copied: they must live until reset().
    Statement& bind(int at, std::int64_t value);
    Statement& bind(int at, std::string_view text);
    Statement& bind_blob(int at, std::string_view bytes);

    /// True: a row is there. False: done. After false or an error the statement is reset by itself.
    [[nodiscard]] Result<bool> step();
    /// For statements without rows.
    [[nodiscard]] Result<void> run();
    /// Ends the reading: without it a reader would pin the WAL.
    void reset();

    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string_view text(int column) const;  ///< valid until the next step() or reset()
    [[nodiscard]] std::string_view blob(int column) const;  ///< valid until the next step() or reset()
    [[nodiscard]] bool is_null(int column) const;

  private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    explicit Statement(sqlite3_stmt* statement) : statement_(statement) {}
    std::unique_ptr<sqlite3_stmt, Finalize> statement_;
};

/// Resets a statement when the scope ends, whatever way it ends.
class Reading {
  public:
    explicit Reading(Statement& statement) : statement_(statement) {}
    ~Reading() { statement_.reset(); }
    Reading(const Reading&) = delete;
    Reading& operator=(const Reading&) = delete;

  private:
    Statement& statement_;
};

}  // namespace hefang::store
