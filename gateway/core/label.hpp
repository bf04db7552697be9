#pragma once
#include "core/register.hpp"
#include "reading/reading.hpp"

#include <string>
#include <vector>

namespace hefang::core {

/// What the codes of one label say: which is the waybill, and what is known of it.
struct Label {
    std::string waybill;
    std::vector<std::string> others;  ///< in order of reading
    Clearance clearance;
    bool two_known = false;
};

/// The waybill is the code that the register knows; where it knows several the first, and two_known. Shape decides
/// nothing there. Where it knows none, so that the parcel is held whatever stands for it, the waybill is the code that
/// is most likely a parcel's number, the first read among equals.
[[nodiscard]] Label read_label(const std::vector<reading::Code>& codes, const Register& known);

}  // namespace hefang::core
