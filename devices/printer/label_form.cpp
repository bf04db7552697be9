#include "printer/label_form.hpp"

#include "base/text.hpp"
#include "driver/fill.hpp"

#include <algorithm>
#include <optional>
#include <string_view>

namespace hefang::driver {
namespace {

using codec::print::Code128;
using codec::print::Element;
using codec::print::Qr;
using codec::print::Text;

std::string_view take_word(std::string_view& line) {
    const auto word = line.substr(0, line.find(' '));
    line.remove_prefix(std::min(line.size(), word.size() + 1));
    return word;
}

/// "12" or "12.5" millimetres, in tenths.
std::optional<int> tenths(std::string_view word) {
    const auto point = word.find('.');
    const auto whole = word.substr(0, point);
    const auto rest = point == std::string_view::npos ? std::string_view("0") : word.substr(point + 1);
    if (whole.empty() || whole.size() > 3 || rest.size() != 1) return std::nullopt;
    int out = 0;
    for (const char c : std::string(whole) + std::string(rest)) {
        if (c < '0' || c > '9') return std::nullopt;
        out = out * 10 + (c - '0');
    }
    return out;
}

std::optional<Element> element_of(std::string_view line) {
    const auto kind = take_word(line);
    const auto x = tenths(take_word(line));
    const auto y = tenths(take_word(line));
    const auto size = tenths(take_word(line));
    if (!x || !y || !size || line.empty()) return std::nullopt;
    if (kind == "text") return Text{*x, *y, *size, std::string(line)};
    if (kind == "code128") return Code128{*x, *y, *size, std::string(line)};
    if (kind == "qr") return Qr{*x, *y, *size, std::string(line)};
    return std::nullopt;
}

}  // namespace

Result<LabelForm> LabelForm::read(const std::vector<std::string>& lines, int width, int height) {
    LabelForm out;
    out.form_.width = width;
    out.form_.height = height;
    if (lines.empty() || lines.size() > codec::print::most_elements)
        return fail(Errc::refused, "a label has 1 to " + std::to_string(codec::print::most_elements) + " elements");
    for (const auto& line : lines) {
        auto element = element_of(line);
        if (!element)
            return fail(Errc::refused, "'" + printable(line, 60) +
                                           "': an element reads \"text|code128|qr X Y SIZE FORM\", lengths in mm");
        out.form_.elements.push_back(std::move(*element));
    }
    return out;
}

Result<codec::print::Label> LabelForm::with(const reading::Fields& fields) const {
    auto out = form_;
    for (auto& element : out.elements) {
        auto& text = std::visit([](auto& e) -> std::string& { return e.text; }, element);
        auto filled = fill(text, fields);
        if (!filled) return tl::unexpected(filled.error());
        text = std::move(*filled);
    }
    return out;
}

}  // namespace hefang::driver
