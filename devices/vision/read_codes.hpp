#pragma once
#include "sight/sight.hpp"
#include "vision/grey.hpp"

#include <functional>
#include <vector>

namespace hefang::vision {

/// The codes of one picture, by the rules of Agreement. Regions of it are looked at one after the other, the likeliest
/// first, until `over` says that the time for this picture is used up; what was read by then is told. A single step
/// between two questions takes some ten milliseconds at most. Pictures narrower or lower than least_side hold nothing.
[[nodiscard]] std::vector<codec::SeenCode> read_codes(const GreyView& picture, const codec::SightOptions& options,
                                                      const std::function<bool()>& over);

constexpr int least_side = 16;

}  // namespace hefang::vision
