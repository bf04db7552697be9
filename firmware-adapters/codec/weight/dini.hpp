#pragma once
#include "weight/indication.hpp"
#include "weight/line.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace hefang::codec {

/// Dini Argeo's lines with fields of their own widths between commas, without their CR LF. `address` (0…99) stands
/// before the line where it is configured.
///
/// Extended (the answer to REXT, or sent by itself; manuals of the DGT, 3590 and DFW): number of the scale and word of
/// rest, weight, tare with PT before a keyed one, pieces, unit, date and time. The weight is what is shown: net as soon
/// as there is a tare (to be confirmed on the device).
[[nodiscard]] LineRead read_dini_extended(std::string_view line, std::optional<int> address = {});

/// The answer to PID, the order to keep the weighing in the alibi memory (manuals of the 3590 and DFW, with printed
/// lines): "PID", word of rest, scale, gross with unit, tare with unit, number of the record or NO. The weight is
/// gross, and the indication's `alibi` is set.
[[nodiscard]] LineRead read_dini_record(std::string_view line, std::optional<int> address = {});

/// Both in kilograms with `decimals`, CR LF included; the record's number is `weight.alibi`.
[[nodiscard]] std::string encode_dini_extended(const Indication& weight, int decimals);
[[nodiscard]] std::string encode_dini_record(const Indication& weight, int decimals);

}  // namespace hefang::codec
