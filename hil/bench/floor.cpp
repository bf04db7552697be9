#include "bench/floor.hpp"

#include "bench/table.hpp"

#include <SQLiteCpp/SQLiteCpp.h>

namespace hefang::bench {
namespace {

SQLite::Database open_floor(const std::string& file) {
    SQLite::Database db(file, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
    db.exec("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;");
    db.exec("CREATE TABLE IF NOT EXISTS floor(id INTEGER PRIMARY KEY, body BLOB) STRICT");
    return db;
}

}  // namespace

struct RawCommit::Database {
    SQLite::Database db;
    SQLite::Statement insert;
    std::string body;

    Database(const std::string& folder, std::size_t bytes)
        : db(open_floor(folder + "/floor.db")), insert(db, "INSERT INTO floor(body) VALUES(?)"), body(bytes, 'x') {
        insert.bindNoCopy(1, body.data(), static_cast<int>(body.size()));
    }
    void add() {
        insert.exec();
        insert.reset();
    }
};

RawCommit::RawCommit(const std::string& folder, std::size_t bytes) : database_(new Database(folder, bytes)) {}
RawCommit::~RawCommit() { delete database_; }

double RawCommit::once() {
    const auto from = Steady::now();
    database_->add();
    return seconds_since(from) * 1e6;
}

double raw_rows_per_second(const std::string& folder, std::size_t rows, std::size_t batch, std::size_t bytes) {
    auto db = open_floor(folder + "/floor-batch.db");
    SQLite::Statement insert(db, "INSERT INTO floor(body) VALUES(?)");
    const std::string body(bytes, 'x');
    insert.bindNoCopy(1, body.data(), static_cast<int>(body.size()));
    const auto from = Steady::now();
    for (std::size_t done = 0; done < rows;) {
        db.exec("BEGIN IMMEDIATE");
        for (std::size_t i = 0; i < batch && done < rows; ++i, ++done) {
            insert.exec();
            insert.reset();
        }
        db.exec("COMMIT");
    }
    return static_cast<double>(rows) / seconds_since(from);
}

}  // namespace hefang::bench
