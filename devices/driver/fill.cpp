#include "driver/fill.hpp"

#include "base/text.hpp"

namespace hefang::driver {

Result<std::string> fill(std::string_view form, const reading::Fields& fields) {
    std::string out;
    while (!form.empty()) {
        const auto brace = form.find('{');
        out += form.substr(0, brace);
        if (brace == std::string_view::npos) break;
        form.remove_prefix(brace + 1);
        if (form.starts_with('{')) {
            out += '{';
            form.remove_prefix(1);
            continue;
        }
        const auto end = form.find('}');
        if (end == std::string_view::npos) return fail(Errc::refused, "a brace does not close");
        const auto value = fields.find(std::string(form.substr(0, end)));
        if (value == fields.end())
            return fail(Errc::refused, "no value for {" + printable(form.substr(0, end), 40) + "}");
        out += value->second;
        form.remove_prefix(end + 1);
    }
    return out;
}

}  // namespace hefang::driver
