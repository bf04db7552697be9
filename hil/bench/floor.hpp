#pragma once
#include <cstddef>
#include <string>

namespace hefang::bench {

/// Rows a second that SQLite alone commits (WAL, synchronous=FULL) in batches of `batch`, each row `bytes` long, in one
/// table of its own; checkpoints included.
[[nodiscard]] double raw_rows_per_second(const std::string& folder, std::size_t rows, std::size_t batch,
                                         std::size_t bytes);

/// One raw commit of one row of `bytes`; microseconds it took.
class RawCommit {
  public:
    RawCommit(const std::string& folder, std::size_t bytes);
    ~RawCommit();
    [[nodiscard]] double once();

  private:
    struct Database;
    Database* database_;
};

}  // namespace hefang::bench
