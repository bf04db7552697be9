#include "driver/settings.hpp"

#include <charconv>

namespace hefang::driver {
namespace {

const std::string* said(const DeviceConfig& config, std::string_view name) {
    const auto at = config.settings.find(std::string(name));
    return at == config.settings.end() ? nullptr : &at->second;
}

}  // namespace

std::int64_t whole(const DeviceConfig& config, std::string_view name, std::int64_t otherwise) {
    if (const auto* value = said(config, name)) {
        std::from_chars(value->data(), value->data() + value->size(), otherwise);
    }
    return otherwise;
}

std::string text(const DeviceConfig& config, std::string_view name, std::string_view otherwise) {
    const auto* value = said(config, name);
    return value != nullptr ? *value : std::string(otherwise);
}

std::vector<std::string> list(const DeviceConfig& config, std::string_view name, std::vector<std::string> otherwise) {
    const auto* value = said(config, name);
    return value != nullptr ? entries(*value) : otherwise;
}

std::vector<std::string> entries(std::string_view lines) {
    std::vector<std::string> out;
    while (!lines.empty()) {
        const auto line = lines.substr(0, lines.find('\n'));
        lines.remove_prefix(std::min(lines.size(), line.size() + 1));
        out.emplace_back(line);
    }
    return out;
}

}  // namespace hefang::driver
