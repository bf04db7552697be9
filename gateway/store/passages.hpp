#pragma once
#include "core/fact.hpp"
#include "core/register.hpp"
#include "store/sqlite.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace hefang::store {

/// What one fact adds to the history of a waybill.
struct PassageMark {
    std::string waybill;
    bool attempt = false;       ///< a first decision
    bool left = false;          ///< ended at the release chute, or decided release where no sorter is
    bool reweighed = false;     ///< sent to be weighed again
    core::PassageId passage{};  ///< that left; empty for the others
    friend bool operator==(const PassageMark&, const PassageMark&) = default;
};

/// None for facts that are no part of a passage, and for passages without a number.
[[nodiscard]] std::optional<PassageMark> mark_of(const core::Fact& fact);
/// The same from the fact's bytes, without a full parse.
[[nodiscard]] std::optional<PassageMark> mark_of(std::string_view event);

/// Every number by which a person may look for a fact: the texts of data.what, the passage, the name of the subject.
[[nodiscard]] std::vector<std::string> numbers_of(std::string_view event);

/// Passages by waybill, as a projection of the journal that may lag: an index on waybills costs more than all else of a
/// commit, so the table is filled when the gateway is idle, and what it lacks is kept in memory.
class Passages {
  public:
    [[nodiscard]] static Result<Passages> open(Database& db);

    void add(std::uint64_t sequence, const std::optional<PassageMark>& mark);
    /// Forgets the newest facts down to and without `through`: their turn was rolled back.
    void take_back(std::uint64_t through);

    [[nodiscard]] Result<core::History> history(const std::string& waybill);

    /// Facts that are not in the table yet.
    [[nodiscard]] std::size_t lag() const noexcept { return tail_.size(); }

    /// Writes at most `max` facts into the tables and moves the cursor 'passages', inside the transaction that is open;
    /// returns the new cursor. indexed() must be called once that is committed.
    [[nodiscard]] Result<std::uint64_t> index(std::size_t max);
    void indexed(std::uint64_t through);

  private:
    struct Counts {
        std::int64_t attempts = 0, left = 0, reweighed = 0;
        std::string released;  // of the newest that left; for the table only: a sum that is taken from cannot know it
        void add(const PassageMark& mark, std::int64_t sign);
        [[nodiscard]] bool none() const { return attempts == 0 && left == 0 && reweighed == 0; }
    };
    struct Entry {
        std::uint64_t sequence;
        std::optional<PassageMark> mark;
    };
    void forget(const Entry& entry);
    [[nodiscard]] core::PassageId newest_left(const std::string& waybill) const;

    Statement read_, look_up_, upsert_, insert_number_, cursor_, move_;
    std::deque<Entry> tail_;                              ///< one a fact behind the cursor, oldest first
    std::unordered_map<std::string, Counts> by_waybill_;  ///< sums over tail_
};

}  // namespace hefang::store
