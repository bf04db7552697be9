#pragma once
#include "reading/reading.hpp"

#include <string>

namespace hefang::probe {

/// A reading in one line for a person: "weight 1235 g, stable".
[[nodiscard]] std::string text_of(const reading::Reading& reading);

}  // namespace hefang::probe
