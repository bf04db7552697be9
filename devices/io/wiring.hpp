#pragma once
#include "board/board_map.hpp"
#include "io/contact_set.hpp"
#include "io/io.hpp"

#include <string>
#include <vector>

namespace hefang::driver {

/// Reads what hangs on the channels of a module, one a line. `what` of a refusal names the line and what would be
/// right. Inputs: "CHANNEL NAME no|nc"; outputs: "CHANNEL NAME", with "stays" behind it where the board has no flashes.
[[nodiscard]] Result<std::vector<InputWire>> input_wires(const std::vector<std::string>& lines,
                                                         const codec::board::Map& map);
[[nodiscard]] Result<std::vector<OutputWire>> output_wires(const std::vector<std::string>& lines,
                                                           const codec::board::Map& map);

}  // namespace hefang::driver
