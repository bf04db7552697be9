#pragma once
#include "number/kind.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hefang::number {

enum class Check : std::uint8_t { none, right, wrong };

/// One thing that a text may be. `sure`: letters at their places, or the bar code's symbology, say so; else the kind is
/// one of several that so many digits may be, and only a right check digit speaks for it.
/// `number`: the number itself, a part of the text: without the GS1 identifier in front of it.
struct Identity {
    Kind kind;
    Check check = Check::none;
    bool sure = false;
    std::string_view number;
    friend bool operator==(const Identity&, const Identity&) = default;
};

/// All that `text` may be, the most likely first: what a wrong check digit speaks against comes last, but comes.
/// Empty: its shape says nothing, as that of most carriers' numbers. `aim`: the reader's identifier, empty when it
/// sends none: an EAN or UPC symbol holds a GTIN and nothing else, and most others hold none that stands alone.
[[nodiscard]] std::vector<Identity> identify(std::string_view text, std::string_view aim = {});

/// For a person, when `text` surely is of a kind whose check digit it does not have:
/// "it looks like a UPU S10 number, but its check digit is wrong". Empty otherwise.
[[nodiscard]] std::string doubt_of(std::string_view text);

}  // namespace hefang::number
