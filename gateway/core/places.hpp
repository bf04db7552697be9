#pragma once
#include "core/step.hpp"

#include <string>
#include <vector>

/// Where a telegram may belong: the places of a sorter lane's live session.
namespace hefang::core {

struct Places {
    std::vector<Slot*> undecided;  ///< by opening
    std::vector<Passed*> decided;  ///< by opening; each with its passage still open
    [[nodiscard]] std::size_t count() const { return undecided.size() + decided.size(); }
};

/// Every place whose read window holds a reading at `at`. Pointers live until the lane's places change.
[[nodiscard]] Places places_at(State& state, std::size_t index, const LaneModel& model, BootTime at);

[[nodiscard]] bool has_code(const Slot& slot, const std::string& text);
/// Codes of the telegram that the place does not have yet.
[[nodiscard]] std::vector<std::string> new_codes(const Slot& slot, const reading::CodesRead& read);
[[nodiscard]] std::vector<std::string> new_codes(const OpenPassage& open, const reading::CodesRead& read);

}  // namespace hefang::core
