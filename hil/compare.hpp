#pragma once
#include "hil/play.hpp"

#include <string>
#include <vector>

namespace hefang::hil {

/// Every difference between what is true (the simulators and the story) and what the journal and the PLC's log say.
[[nodiscard]] std::vector<std::string> compare_parcels(const std::vector<Passed>& passed, const Stand& stand);

/// Syncs, ends the gateway, and compares `hefang verify` with the receiver's database: count, order, head of the
/// chain, alarms. The journal must have been looked at to its end.
[[nodiscard]] std::vector<std::string> compare_platform(Stand& stand);

/// Files of the gateway and the receiver in which a buyer's data stand.
[[nodiscard]] std::vector<std::string> files_with_buyers(const Stand& stand);

}  // namespace hefang::hil
