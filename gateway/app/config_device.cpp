#include "app/config_parts.hpp"
#include "base/text.hpp"
#include "catalog/catalog.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace hefang::app {
namespace {

// Kinds that the design knows and the catalogue may not hold yet.
constexpr std::array later_kinds{"xray",  "camera",           "weighbridge", "barrier",
                                 "light", "plate-reader",     "gate-reader", "gate-controller",
                                 "rfid",  "radiation-portal", "display"};
constexpr std::array later_links{"hid", "video", "rtsp", "folder", "http-listen"};

std::vector<std::string> words_of(const std::set<std::string>& words) { return {words.begin(), words.end()}; }

/// The kind, when the catalogue has it; what is wrong with it is reported.
std::string kind_of(Section& section) {
    std::set<std::string> kinds;
    for (const auto& row : driver::catalog()) kinds.emplace(row.kind);
    const auto* member = section.need("kind", "kind = \"" + (kinds.empty() ? "scanner" : *kinds.begin()) + "\"");
    if (member == nullptr) return {};
    const auto* text = std::get_if<std::string>(&member->value.is);
    const bool later = text != nullptr && !kinds.contains(*text) &&
                       std::find(later_kinds.begin(), later_kinds.end(), *text) != later_kinds.end();
    if (later) {
        section.wrong(member->value.place, "kind", "'" + *text + "', which is not supported by this version",
                      "leave the device out, or use another kind");
        return {};
    }
    const auto word = section.one_of("kind", words_of(kinds));
    return word ? word->text : std::string{};
}

/// The catalogue's row for kind and protocol; what is wrong with the protocol is reported.
const driver::Kind* row_of(Section& section, const std::string& kind, std::string& protocol) {
    if (kind.empty()) {
        (void)section.find("protocol");
        return nullptr;
    }
    std::set<std::string> protocols;
    for (const auto& row : driver::catalog()) {
        if (row.kind == kind && !row.protocol.empty()) protocols.emplace(row.protocol);
    }
    if (!protocols.empty()) {
        const auto* member = section.need("protocol", "protocol = \"" + *protocols.begin() + "\"");
        const auto word = member == nullptr ? std::nullopt : section.one_of("protocol", words_of(protocols));
        if (!word) return nullptr;
        protocol = word->text;
    }
    const auto rows = driver::catalog();
    const auto at = std::find_if(rows.begin(), rows.end(),
                                 [&](const auto& row) { return row.kind == kind && row.protocol == protocol; });
    return at == rows.end() ? nullptr : &*at;
}

std::optional<link::LinkAddress> link_of(Section& section) {
    (void)section.need("link", "link = \"serial:///dev/ttyS0?baud=9600\"");
    const auto word = section.text("link", 1024);
    if (!word) return std::nullopt;
    const auto scheme = word->text.substr(0, word->text.find("://"));
    auto address = link::parse_link(word->text);
    if (address) return *std::move(address);
    if (std::find(later_links.begin(), later_links.end(), scheme) != later_links.end()) {
        section.wrong(word->place, "link", "'" + printable(word->text) + "', which is not supported by this version",
                      "serial://, tcp://, tcp-listen://, modbus-tcp:// or modbus-rtu://");
    } else {
        section.problems().add(word->place, section.name() + ": " + address.error().detail, "");
    }
    return std::nullopt;
}

struct ToSetting {
    std::optional<std::string> operator()(std::int64_t v) const { return std::to_string(v); }
    std::optional<std::string> operator()(bool v) const { return v ? "true" : "false"; }
    std::optional<std::string> operator()(const std::string& v) const { return v; }
    std::optional<std::string> operator()(const Items& items) const {
        std::string out;
        for (std::size_t i = 0; i < items.size(); ++i) {
            const auto* text = std::get_if<std::string>(&items[i].is);
            const auto* whole = std::get_if<std::int64_t>(&items[i].is);
            if (whole == nullptr && (text == nullptr || text->find('\n') != std::string::npos)) return std::nullopt;
            out += (i == 0 ? "" : "\n") + (text != nullptr ? *text : std::to_string(*whole));
        }
        return out;
    }
    std::optional<std::string> operator()(double) const { return std::nullopt; }
    std::optional<std::string> operator()(const Members&) const { return std::nullopt; }
    std::optional<std::string> operator()(const OtherType&) const { return std::nullopt; }
};

/// The keys that the catalogue's row knows, in their text form.
void read_settings(Section& section, const driver::Kind& row, driver::DeviceConfig& config) {
    for (const auto& setting : row.settings) {
        const auto* member = section.find(setting.name);
        if (member == nullptr) continue;
        if (auto text = std::visit(ToSetting{}, member->value.is)) {
            config.settings.emplace(setting.name, *std::move(text));
        } else {
            section.wrong(member->value.place, setting.name, shown(member->value), std::string(setting.meaning));
        }
    }
}

/// What the catalogue has to say, each at the key that it names; id and an unreadable link are reported already.
void ask_catalogue(Section& section, const driver::DeviceConfig& config, bool has_link) {
    for (const auto& problem : driver::check(config)) {
        if (problem.setting == "id" || (problem.setting == "link" && !has_link)) continue;
        const auto* member = section.find(problem.setting);
        const auto place = member == nullptr ? section.place() : member->value.place;
        section.problems().add(place, section.name() + ": " + problem.setting + ": " + problem.what, "");
    }
}

/// The serial line that a link uses, if it uses one.
const link::SerialAddress* line_of(const link::LinkAddress& address) {
    if (const auto* rtu = std::get_if<link::ModbusRtuAddress>(&address)) return &rtu->line;
    return std::get_if<link::SerialAddress>(&address);
}

struct Conflict {
    std::string what;  ///< "has the link of device 'scale-1'"
    std::string should;
};

/// Why a device with `link` cannot be there beside `other`.
std::optional<Conflict> conflict(const link::LinkAddress& link, const driver::DeviceConfig& other) {
    const auto named = "device '" + other.id.text() + "'";
    const auto* line = line_of(link);
    const auto* other_line = line_of(other.link);
    if (line == nullptr || other_line == nullptr) {
        if (link::to_text(link) != link::to_text(other.link)) return std::nullopt;
        return Conflict{"has the link of " + named, "a port of its own: two devices cannot share one"};
    }
    if (line->path.empty() || line->path != other_line->path) return std::nullopt;
    const auto* rtu = std::get_if<link::ModbusRtuAddress>(&link);
    const auto* other_rtu = std::get_if<link::ModbusRtuAddress>(&other.link);
    if (rtu == nullptr || other_rtu == nullptr)
        return Conflict{"has the link of " + named, "a port of its own: two devices cannot share one"};
    if (*line != *other_line)
        return Conflict{"is on the line of " + named + " with other settings",
                        "the same baud, bits, parity and stop for every unit of a line"};
    if (rtu->unit != other_rtu->unit) return std::nullopt;
    return Conflict{"is on the line of " + named + " with the same unit", "a unit number of its own"};
}

}  // namespace

DeviceEntry read_device(Section section) {
    DeviceEntry entry;
    entry.place = section.place();
    (void)section.need("id", "id = \"reader-1\"");
    if (const auto id = section.id("id")) entry.config.id = DeviceId(id->text);
    entry.config.kind = kind_of(section);
    const auto* row = row_of(section, entry.config.kind, entry.config.protocol);
    const auto address = link_of(section);
    if (address) entry.config.link = *address;
    if (row == nullptr) return entry;  // without a row nobody knows the other keys
    entry.alone = row->alone;
    read_settings(section, *row, entry.config);
    if (entry.config.settings.contains("interval_g")) {
        const auto* grams = std::get_if<std::int64_t>(&section.find("interval_g")->value.is);
        if (grams != nullptr) entry.interval = Grams{*grams};
    }
    section.end();
    ask_catalogue(section, entry.config, address.has_value());
    return entry;
}

void compare_devices(const std::vector<DeviceEntry>& devices, Problems& problems) {
    for (auto later = devices.begin(); later != devices.end(); ++later) {
        const auto& id = later->config.id;
        const auto same_id = [&](const DeviceEntry& d) { return !id.empty() && d.config.id == id; };
        if (const auto first = std::find_if(devices.begin(), later, same_id); first != later) {
            problems.add(later->place,
                         "device '" + id.text() + "' stands in line " + std::to_string(first->place.line) + " already",
                         "another id");
        }
        for (auto first = devices.begin(); first != later; ++first) {
            const auto found = conflict(later->config.link, first->config);
            if (!found) continue;
            problems.add(later->place, "device '" + id.text() + "' " + found->what, found->should);
            break;
        }
    }
}

}  // namespace hefang::app
