#pragma once
#include "digest/sha256.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::evidence {

enum class Fault : std::uint8_t {
    changed,     ///< the bytes do not hash to what was stored beside them, or to what the next fact names
    missing,     ///< rows are not there
    reordered,   ///< the bytes say another number than their row: they stood in another place
    unreadable,  ///< the bytes are no fact
    foreign,     ///< a fact of another epoch
};

struct ChainFault {
    Fault fault;
    std::uint64_t sequence = 0;  ///< the row that is wrong; of missing ones the first
    std::string detail;          ///< in words
};

[[nodiscard]] std::string_view name_of(Fault fault);

/// Checks the facts of one journal, in ascending order of their rows, against their own hash chain. Constant memory.
class ChainChecker {
  public:
    /// Begins behind the row `through`, whose hash is `head`: 0 and zeros for a whole journal.
    explicit ChainChecker(std::string epoch, std::uint64_t through = 0, const Digest& head = {});

    /// `stored` is the 32 bytes of the hash column. Faults found are appended to `faults`.
    void feed(std::uint64_t row, std::string_view stored, std::string_view bytes, std::vector<ChainFault>& faults);

    [[nodiscard]] std::uint64_t last() const noexcept { return last_; }  ///< newest row fed
    [[nodiscard]] const Digest& head() const noexcept { return head_; }  ///< the hash of its bytes
    [[nodiscard]] std::uint64_t rows() const noexcept { return rows_; }

  private:
    std::string epoch_;
    std::uint64_t last_;
    std::uint64_t rows_ = 0;
    Digest head_;        ///< computed from the bytes
    std::string named_;  ///< what the next fact must name: the stored hash of the row before, hex
};

}  // namespace hefang::evidence
