#pragma once
#include <cstdint>
#include <deque>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hefang {

/// Named counters that only grow, e.g. one for each reason for which a codec refuses a frame. Thread-safe; a counter
/// lives as long as its set. Names are lower-case words with '-'; a set holds what one owner counts.
class Counters {
  public:
    struct Row {
        std::string name;
        std::uint64_t value;
    };

    void add(std::string_view name, std::uint64_t by = 1);
    [[nodiscard]] std::uint64_t value(std::string_view name) const;
    /// Every counter that was ever added to, in order of first use.
    [[nodiscard]] std::vector<Row> rows() const;

  private:
    struct Cell {
        std::string name;
        std::uint64_t value = 0;
    };
    mutable std::mutex mutex_;
    std::deque<Cell> cells_;
};

}  // namespace hefang
