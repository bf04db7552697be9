#include "catalog/catalog.hpp"

#include "base/text.hpp"
#include "display/display_rows.hpp"
#include "driver/settings.hpp"
#include "gate/gate_rows.hpp"
#include "io/io_rows.hpp"
#include "printer/printer_rows.hpp"
#include "scale/modbus_scale.hpp"
#include "scale/scale_rows.hpp"
#include "scanner/scanner_rows.hpp"
#include "sorter/sorter_rows.hpp"
#include "xray/xray_rows.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace hefang::driver {
namespace {

std::string quoted(std::string_view text) { return "'" + printable(text, 60) + "'"; }

bool among(std::string_view word, std::string_view words) {
    while (!words.empty()) {
        const auto one = words.substr(0, words.find(' '));
        if (one == word) return true;
        words.remove_prefix(std::min(words.size(), one.size() + 1));
    }
    return false;
}

/// What is wrong with `value`, or nothing.
std::optional<std::string> fault(const Setting& setting, const std::string& value) {
    switch (setting.form) {
        case Form::whole: {
            std::int64_t number = 0;
            const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
            const bool good = error == std::errc{} && end == value.data() + value.size();
            if (good && number >= setting.least && number <= setting.most) return std::nullopt;
            return quoted(value) + " is not a whole number from " + std::to_string(setting.least) + " to " +
                   std::to_string(setting.most);
        }
        case Form::word:
            if (!value.empty() && among(value, setting.words)) return std::nullopt;
            return quoted(value) + " is none of: " + std::string(setting.words);
        case Form::text:
            if (!value.empty() && value.size() <= static_cast<std::size_t>(setting.most)) return std::nullopt;
            return quoted(value) + " has not 1 to " + std::to_string(setting.most) + " bytes";
        case Form::list:
            for (const auto& entry : entries(value)) {
                if (!entry.empty() && !setting.words.empty() && !among(entry, setting.words))
                    return "entry " + quoted(entry) + " is none of: " + std::string(setting.words);
                if (!entry.empty() && entry.size() <= static_cast<std::size_t>(setting.most)) continue;
                return "entry " + quoted(entry) + " has not 1 to " + std::to_string(setting.most) + " bytes";
            }
            return std::nullopt;
    }
    return std::nullopt;
}

/// The row for the device, or what is wrong with its kind or protocol.
const Kind* row_of(const DeviceConfig& config, std::vector<Problem>& problems) {
    if (const auto* row = driver::row_of(config.kind, config.protocol)) return row;
    std::string kinds;
    std::string protocols;
    for (const auto& row : catalog()) {
        if (row.kind == config.kind && !row.protocol.empty()) protocols += " " + std::string(row.protocol);
        if (!among(row.kind, kinds)) kinds += (kinds.empty() ? "" : " ") + std::string(row.kind);
    }
    if (!among(config.kind, kinds)) {
        problems.push_back({"kind", quoted(config.kind) + " is none of: " + kinds});
    } else if (protocols.empty()) {
        problems.push_back({"protocol", "a " + config.kind + " has one protocol: leave this out"});
    } else {
        problems.push_back({"protocol", quoted(config.protocol) + " is none of:" + protocols});
    }
    return nullptr;
}

}  // namespace

std::span<const Kind> catalog() {
    static const auto table = [] {
        std::vector<Kind> rows;
        for (const auto room : {scanner_rows(), scale_rows(), modbus_scale_rows(), sorter_rows(), xray_rows(),
                                gate_rows(), io_rows(), printer_rows(), display_rows()})
            rows.insert(rows.end(), room.begin(), room.end());
        return rows;
    }();
    return table;
}

const Kind* row_of(std::string_view kind, std::string_view protocol) {
    for (const auto& row : catalog()) {
        if (row.kind == kind && (row.protocol == protocol || (protocol.empty() && row.standard))) return &row;
    }
    return nullptr;
}

bool serves(const Kind& row, std::string_view kind) { return among(kind, row.serves.empty() ? row.kind : row.serves); }

std::vector<Problem> check(const DeviceConfig& config) {
    std::vector<Problem> problems;
    if (config.id.empty()) problems.push_back({"id", "the device has no id"});
    const auto* row = row_of(config, problems);
    if (row == nullptr) return problems;
    if (!among(link::scheme(config.link), row->links)) {
        problems.push_back({"link", "a " + config.kind + " works over: " + std::string(row->links)});
    }
    for (const auto& setting : row->settings) {
        const auto at = config.settings.find(std::string(setting.name));
        if (at == config.settings.end()) {
            if (setting.required)
                problems.push_back({std::string(setting.name), "is missing: " + std::string(setting.meaning)});
        } else if (auto what = fault(setting, at->second)) {
            problems.push_back({std::string(setting.name), std::move(*what)});
        }
    }
    for (const auto& [name, value] : config.settings) {
        const auto known = [&name = name](const Setting& s) { return s.name == name; };
        if (std::none_of(row->settings.begin(), row->settings.end(), known)) {
            problems.push_back({name, "is no setting of a " + config.kind});
        }
    }
    if (row->also != nullptr && problems.empty()) {
        if (auto problem = row->also(config)) problems.push_back(*std::move(problem));
    }
    return problems;
}

Result<Made> make(const DeviceConfig& config, const Surroundings& around) {
    std::vector<Problem> problems = check(config);
    if (!problems.empty()) return fail(Errc::refused, problems.front().setting + ": " + problems.front().what);
    return row_of(config, problems)->make(config, around);
}

}  // namespace hefang::driver
