#pragma once
#include "base/result.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace hefang::hil {

struct SeenDecision {
    std::uint64_t fact = 0;
    std::string passage, lane, waybill, verdict, parcel_class, recorded;
    std::vector<std::string> reasons;
    std::int64_t revision = 0, chute = 0, slot = 0, attempt = 0;  ///< slot: the PLC's sequence; 0: none
    std::optional<std::int64_t> grams;
};

struct SeenActuation {
    std::uint64_t fact = 0;
    std::string passage, lane, waybill, result;
    std::int64_t revision = 0, commanded = 0;
    std::optional<std::int64_t> actual;
};

/// The journal as GET /api/v1/facts shows it, read in order from the first fact on and kept in memory.
class JournalView {
  public:
    /// Takes what is new; the number of new facts. Fails when the gateway does not answer, or when what it answers is
    /// not the continuation of what was read before.
    [[nodiscard]] Result<std::size_t> look(std::uint16_t port);

    [[nodiscard]] std::uint64_t last() const { return next_ - 1; }
    [[nodiscard]] const std::vector<SeenDecision>& decisions() const { return decisions_; }
    [[nodiscard]] const std::vector<SeenActuation>& actuations() const { return actuations_; }
    [[nodiscard]] const std::map<std::string, std::size_t>& types() const { return types_; }
    [[nodiscard]] const std::string& epoch() const { return epoch_; }
    /// The inbox files whose taking is on record.
    [[nodiscard]] bool took_file(const std::string& name) const { return files_.contains(name); }

    /// All revisions decided for the item `slot` of `lane`, in order of the journal.
    [[nodiscard]] std::vector<const SeenDecision*> of_slot(const std::string& lane, std::int64_t slot) const;
    [[nodiscard]] const SeenActuation* end_of(const std::string& passage) const;

  private:
    std::uint64_t next_ = 1;
    std::string epoch_;
    std::vector<SeenDecision> decisions_;
    std::vector<SeenActuation> actuations_;
    std::map<std::string, std::size_t> types_;
    std::map<std::string, std::size_t> files_;
    std::map<std::pair<std::string, std::int64_t>, std::vector<std::size_t>> by_slot_;
    std::map<std::string, std::size_t> ends_;
};

}  // namespace hefang::hil
