#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

namespace hefang::web {

/// The newest passages of each lane, folded from committed facts, in what a staff screen needs and no more: no customs
/// status, no goods. A later revision of a passage replaces the earlier one and counts as newest. One thread.
class Passages {
  public:
    static constexpr std::size_t per_lane = 200;
    static constexpr std::size_t lane_limit = 64;                  ///< facts of further lanes are counted, not kept
    static constexpr std::size_t verdict_limit = lane_limit * 64;  ///< further kinds of verdict are not counted
    static constexpr std::size_t limit_default = 20;

    struct Row {
        std::uint64_t sequence = 0;  ///< of the newest decision
        std::string passage;
        std::string json;      ///< members of the row, without braces and without "actuated"
        std::string actuated;  ///< JSON object; empty when nothing came yet
    };
    /// lane, verdict, class → decisions since the start of the process; a revision counts again.
    using Verdicts = std::map<std::tuple<std::string, std::string, std::string>, std::uint64_t>;

    /// Takes one fact; others than passage.decided and passage.actuated change nothing. Facts not newer than one taken
    /// before are ignored, so that history and live facts may overlap. `live`: counts as a verdict of this process.
    void take(std::uint64_t sequence, std::string_view bytes, bool live);

    /// {"passages":[…]}, newest first: at most `limit` of each lane, so that a busy lane hides no quiet one; of every
    /// lane when `lane` is empty.
    [[nodiscard]] std::string to_json(std::string_view lane, std::size_t limit) const;

    [[nodiscard]] const Verdicts& verdicts() const { return verdicts_; }
    [[nodiscard]] std::uint64_t unreadable() const { return unreadable_; }
    [[nodiscard]] std::uint64_t last() const { return last_; }

  private:
    void count(const Verdicts::key_type& key);

    std::map<std::string, std::deque<Row>, std::less<>> lanes_;  // each oldest first
    Verdicts verdicts_;
    std::uint64_t unreadable_ = 0;
    std::uint64_t last_ = 0;
};

}  // namespace hefang::web
