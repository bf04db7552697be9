#include "xray/scan_names.hpp"

#include <algorithm>
#include <array>

namespace hefang::driver {
namespace {

struct Extension {
    std::string_view text;
    DropKind kind;
};
constexpr std::array extensions{
    Extension{"jpg", DropKind::picture}, Extension{"jpeg", DropKind::picture}, Extension{"png", DropKind::picture},
    Extension{"bmp", DropKind::picture}, Extension{"tif", DropKind::picture},  Extension{"tiff", DropKind::picture},
    Extension{"xml", DropKind::xml},     Extension{"json", DropKind::json},
};

DropKind kind_of(std::string_view extension) {
    std::string lower(extension);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    for (const auto& row : extensions)
        if (row.text == lower) return row.kind;
    return DropKind::other;
}

}  // namespace

DropName read_drop_name(std::string_view name, std::uint8_t views, std::string_view separator) {
    DropName out;
    const auto dot = name.rfind('.');
    if (dot == std::string_view::npos || dot == 0) return out;
    out.kind = kind_of(name.substr(dot + 1));
    auto stem = name.substr(0, dot);
    if (views == 1) {
        out.view = std::uint8_t{1};
    } else {
        const auto cut = stem.rfind(separator);
        const auto digit = cut == std::string_view::npos ? std::string_view() : stem.substr(cut + separator.size());
        if (cut > 0 && digit.size() == 1 && digit[0] >= '1' && digit[0] <= '0' + views) {
            out.view = static_cast<std::uint8_t>(digit[0] - '0');
            stem = stem.substr(0, cut);
        }
    }
    out.scan = stem;
    return out;
}

std::string ScanNames::name_of(const std::string& file_scan, const std::optional<std::string>& id) {
    if (!id) return file_scan;
    if (const auto known = by_id_.find(*id); known != by_id_.end()) return known->second.first;
    if (by_id_.size() == most) {
        by_id_.erase(by_age_.begin()->second);
        by_age_.erase(by_age_.begin());
    }
    by_id_.emplace(*id, std::pair(file_scan, ++learned_));
    by_age_.emplace(learned_, *id);
    return file_scan;
}

}  // namespace hefang::driver
