#include "customs/kept_name.hpp"

namespace hefang::customs {

Result<std::string> kept_name(const std::string& wanted, const std::string& sha256,
                              const std::function<bool(const std::string&)>& fits) {
    if (fits(wanted)) return wanted;
    constexpr int most = 9;
    const auto dot = wanted.rfind('.');
    const auto stem = wanted.substr(0, dot);
    const auto extension = dot == std::string::npos ? "" : wanted.substr(dot);
    for (int i = 1; i <= most; ++i) {
        const auto name = stem + "." + sha256.substr(0, 12) + (i == 1 ? "" : "-" + std::to_string(i)) + extension;
        if (fits(name)) return name;
    }
    return fail(Errc::full, "no free name to keep " + wanted);
}

std::string reason_name(const std::string& name) { return name + ".reason.txt"; }

}  // namespace hefang::customs
