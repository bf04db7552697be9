#include "app/config.hpp"

#include "app/config_parts.hpp"
#include "base/text.hpp"
#include "digest/sha256.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <exception>
#include <fstream>
#include <iterator>
#include <system_error>
#include <utility>

namespace hefang::app {
namespace {

constexpr std::size_t most_bytes = 1024 * 1024;
constexpr std::size_t most_tables = 256;  // devices, lanes
const Members nothing;

/// One plain table of the root. A missing one is read as empty, so that its mandatory keys are asked for.
Section table(Section& root, std::string_view key, Problems& problems) {
    const auto name = "[" + std::string(key) + "]";
    const auto* member = root.find(key);
    if (member == nullptr) return {name, nothing, root.place(), problems};
    if (const auto* members = std::get_if<Members>(&member->value.is)) return {name, *members, member->place, problems};
    problems.add(member->value.place, std::string(key) + " is " + shown(member->value), "a table: " + name);
    return {name, nothing, member->place, problems};
}

/// "device 'scale-1'", or "device 2" when it has no usable id.
std::string name_of(std::string_view key, std::size_t index, const Members& members) {
    for (const auto& member : members) {
        const auto* id = std::get_if<std::string>(&member.value.is);
        if (member.name == "id" && id != nullptr && is_id(*id)) return std::string(key) + " '" + *id + "'";
    }
    return std::string(key) + " " + std::to_string(index + 1);
}

/// Every [[key]] table of the root, in order of the file.
std::vector<Section> tables(Section& root, std::string_view key, Problems& problems) {
    const auto* member = root.find(key);
    if (member == nullptr) return {};
    const std::string should = "tables: [[" + std::string(key) + "]]";
    const auto* items = std::get_if<Items>(&member->value.is);
    if (items == nullptr || items->size() > most_tables) {
        problems.add(member->value.place,
                     std::string(key) + " is " + (items == nullptr ? shown(member->value) : "too long a list"),
                     "at most " + std::to_string(most_tables) + " " + should);
        return {};
    }
    std::vector<Section> out;
    for (const auto& item : *items) {
        if (const auto* members = std::get_if<Members>(&item.is)) {
            out.emplace_back(name_of(key, out.size(), *members), *members, item.place, problems);
        } else {
            problems.add(item.place, std::string(key) + " holds " + shown(item), should);
        }
    }
    return out;
}

void compare_lanes(const std::vector<core::LaneModel>& lanes, const std::vector<Section>& sections,
                   Problems& problems) {
    for (std::size_t i = 0; i < lanes.size(); ++i) {
        const auto same = [&](const core::LaneModel& l) { return !l.id.empty() && l.id == lanes[i].id; };
        const auto end = lanes.begin() + static_cast<std::ptrdiff_t>(i);
        if (const auto first = std::find_if(lanes.begin(), end, same); first != end) {
            const auto line = sections[static_cast<std::size_t>(first - lanes.begin())].place().line;
            problems.add(sections[i].place(),
                         sections[i].name() + " stands in line " + std::to_string(line) + " already", "another id");
        }
    }
}

/// Devices first: lanes name them.
void read_site_parts(Section& root, Config& config, Problems& problems) {
    std::vector<DeviceEntry> devices;
    for (auto& section : tables(root, "device", problems)) devices.push_back(read_device(section));
    compare_devices(devices, problems);
    const auto lanes = tables(root, "lane", problems);
    for (const auto& section : lanes) config.lanes.push_back(read_lane(section, devices));
    compare_lanes(config.lanes, lanes, problems);
    const bool lanes_are_right = problems.none();  // else a lane may well mean the device that seems unused
    for (auto& device : devices) {
        if (device.used_by.empty() && !device.alone && lanes_are_right) {
            problems.add(device.place, "device '" + device.config.id.text() + "' is in no lane",
                         "name it in a [[lane]], or leave it out: what it reads would go nowhere");
        }
        config.devices.push_back(std::move(device.config));
    }
}

Loaded judge(std::string_view text, const std::filesystem::path& file) {
    Problems problems(file.string());
    if (text.size() > most_bytes) {
        problems.add({}, "the file has " + std::to_string(text.size()) + " bytes", "at most 1 MiB");
        return tl::unexpected(problems.sorted());
    }
    const auto tree = read_tree(text);
    if (!tree) {
        problems.add(tree.error().place, "not TOML: " + tree.error().what, "");
        return tl::unexpected(problems.sorted());
    }
    Section root("the file", std::get<Members>(tree->is), {1, 1}, problems);
    Config config;
    config.site = read_site(table(root, "site", problems));
    config.store = read_store(table(root, "store", problems), std::filesystem::absolute(file).parent_path());
    if (root.find("platform") != nullptr) config.platform = read_platform(table(root, "platform", problems));
    config.web = read_web(table(root, "web", problems));
    config.policy = read_policy(table(root, "policy", problems));
    if (config.policy.version.empty()) {
        config.policy.version = "sha256:" + hex(sha256(canonical(config.policy))).substr(0, 16);
    }
    read_site_parts(root, config, problems);
    root.end();
    if (!problems.none()) return tl::unexpected(problems.sorted());
    return config;
}

Loaded unreadable(const std::filesystem::path& file, std::string what) {
    return tl::unexpected(std::vector<Problem>{{file.string(), 0, 0, std::move(what), "a readable TOML file"}});
}

}  // namespace

std::string to_text(const Problem& problem) {
    auto out = problem.file;
    if (problem.line > 0) out += ":" + std::to_string(problem.line) + ":" + std::to_string(problem.column);
    out += ": " + problem.what;
    if (!problem.should.empty()) out += "; " + problem.should;
    return out;
}

std::string Platform::uri() const {
    const bool six = host.find(':') != std::string::npos;
    return "mqtt://" + (six ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

Loaded parse(std::string_view text, const std::filesystem::path& file) {
    try {
        return judge(text, file);
    } catch (const std::exception& error) {
        return unreadable(file, printable(error.what()));
    }
}

Loaded load(const std::filesystem::path& file) {
    try {
        if (std::filesystem::is_directory(file)) return unreadable(file, "is a folder");
        std::ifstream in(file, std::ios::binary);
        if (!in) return unreadable(file, std::string("cannot be opened: ") + std::strerror(errno));
        std::string text(most_bytes + 1, '\0');
        in.read(text.data(), static_cast<std::streamsize>(text.size()));
        if (in.bad()) return unreadable(file, std::string("cannot be read: ") + std::strerror(errno));
        text.resize(static_cast<std::size_t>(in.gcount()));
        return judge(text, file);
    } catch (const std::exception& error) {
        return unreadable(file, printable(error.what()));
    }
}

core::SiteModel site_model(const Config& config) { return {config.lanes, config.policy}; }

std::string canonical(const core::Policy& policy) {
    const auto number = [](std::int64_t v) { return std::to_string(v); };
    return "{\"degradedReleaseForMin\":" + number(policy.degraded_release_for_min) +
           ",\"futureLimitS\":" + number(policy.future_limit_s) +
           ",\"inboxQuietForMin\":" + number(policy.inbox_quiet_for_min) +
           ",\"inspectMinS\":" + number(policy.inspect_min_s) +
           ",\"statusFreshForMin\":" + number(policy.status_fresh_for_min) +
           ",\"weightToleranceGrams\":" + number(policy.weight_tolerance.count) +
           ",\"weightTolerancePermille\":" + number(policy.weight_tolerance_permille) + "}";
}

}  // namespace hefang::app
