#pragma once
#include "core/clearance.hpp"
#include "core/fact.hpp"

#include <cstdint>
#include <string>

namespace hefang::core {

/// What earlier passages left of one waybill.
struct History {
    std::int32_t attempts = 0;
    bool left_by_release = false;  ///< ended at the release chute, or was decided release on a lane without sorter
    bool reweighed = false;        ///< an earlier attempt was sent to be weighed again
    PassageId released;            ///< the newest one that left by release; empty when that was before ids were kept
    friend bool operator==(const History&, const History&) = default;
};

/// What the core may ask while it decides: keyed look-ups that see everything taken so far, this turn included.
/// Implemented by gateway/store (SQLite) and by the tests (maps). Called on the core's thread only.
class Register {
  public:
    virtual ~Register() = default;
    [[nodiscard]] virtual Clearance clearance(const std::string& waybill) const = 0;
    [[nodiscard]] virtual History history(const std::string& waybill) const = 0;
};

}  // namespace hefang::core
