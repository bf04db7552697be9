#pragma once
#include "picture/picture.hpp"

namespace hefang::codec {

/// The part of read_picture() for a file that begins as a TIFF. Its size is not yet judged.
[[nodiscard]] tl::expected<Picture, PictureRefusal> read_tiff(std::string_view file);

}  // namespace hefang::codec
