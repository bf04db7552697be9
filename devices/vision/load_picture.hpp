#pragma once
#include "sight/sight.hpp"
#include "vision/grey.hpp"

#include <string_view>

#include <tl/expected.hpp>

namespace hefang::vision {

/// The picture of a whole file, in grey of 8 bits. Only formats that codec::read_picture() knows reach a decoder, and
/// only files that are whole: JPEG's takes a cut one without an error.
[[nodiscard]] tl::expected<GreyImage, codec::SightRefusal> load_picture(std::string_view file);

}  // namespace hefang::vision
