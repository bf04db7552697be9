#pragma once
#include "weight/indication.hpp"
#include "weight/line.hpp"

#include <string>
#include <string_view>

namespace hefang::codec {

/// One answer of MT-SICS to S, SI or SIR, without its CR LF (reference manual MT-SICS of Mettler Toledo, with printed
/// lines): "S S" stable or "S D" not, then value and unit; "S +" over, "S -" under, "S I" cannot now; ES, ET, EL: not
/// understood. Any number of blanks; a missing unit counts as `unit`. Gross or net is not said.
[[nodiscard]] LineRead read_mt_sics(std::string_view line, MassUnit unit);

/// The answer of `weight` in kilograms with `decimals`, CR LF included. not_zeroed: "S I".
[[nodiscard]] std::string encode_mt_sics(const Indication& weight, int decimals);

}  // namespace hefang::codec
