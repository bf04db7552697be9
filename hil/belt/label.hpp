#pragma once
#include "base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::hil {

/// A bar code as black (1) and white modules, with its quiet zone; `row_height` modules are one row high.
struct Label {
    std::string format;  ///< "Code128", "EAN-13", … as `hefang decode` calls it
    std::string text;
    int columns = 0, rows = 0;
    int row_height = 1;
    std::vector<std::uint8_t> modules;
    [[nodiscard]] bool black(int column, int row) const {
        return modules[static_cast<std::size_t>(row * columns + column)] != 0;
    }
};

/// The formats that there are labels for.
[[nodiscard]] const std::vector<std::string>& label_formats();

/// A label written by the program zint, which must be installed. `text` without check digit where the format has one.
[[nodiscard]] Result<Label> make_label(std::string_view format, const std::string& text);

/// A text that fits the format, made of `random` bits.
[[nodiscard]] std::string label_text(std::string_view format, std::uint64_t random);

}  // namespace hefang::hil
