#pragma once
#include "sight/sight.hpp"
#include "vision/grey.hpp"

#include <optional>

namespace hefang::vision {

/// What to look for in a piece of a picture.
enum class Kinds {
    bars,    ///< linear codes, their bars upright or nearly so
    matrix,  ///< QR, Data Matrix, PDF417
    all
};
/// How black is told from white.
enum class Contrast {
    local,  ///< by the surroundings: light that changes over the picture
    row,    ///< by each row as a whole
    given   ///< the picture is black and white already, the limit 127
};

/// At most one code of the picture. The call that finds several at once ends the process on some pictures (two equal
/// linear codes, a linear code in a picture scaled down by the library), so it is not used; nor are formats that are
/// not in codec::Symbology, which end it too or see codes where none are.
[[nodiscard]] std::optional<codec::SeenCode> read_one(const GreyView& picture, Kinds kinds, Contrast contrast,
                                                      bool upc_e);

}  // namespace hefang::vision
