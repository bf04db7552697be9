#include "app/commands.hpp"
#include "app/load_or_tell.hpp"

#include <cstdio>

#include <nlohmann/json.hpp>

namespace hefang::app {

std::optional<Config> load_or_tell(const std::string& path) {
    auto loaded = load(path);
    if (loaded) return std::move(*loaded);
    for (const auto& problem : loaded.error()) std::fprintf(stderr, "%s\n", to_text(problem).c_str());
    return std::nullopt;
}

int check_command(const std::string& config, bool json) {
    const auto loaded = load(config);
    if (json) {
        auto problems = nlohmann::json::array();
        if (!loaded) {
            for (const auto& p : loaded.error())
                problems.push_back(
                    {{"file", p.file}, {"line", p.line}, {"column", p.column}, {"what", p.what}, {"should", p.should}});
        }
        std::printf("%s\n", nlohmann::json{{"ok", loaded.has_value()}, {"problems", problems}}.dump().c_str());
        return loaded ? exit_ok : exit_usage;
    }
    if (!loaded) {
        for (const auto& problem : loaded.error()) std::fprintf(stderr, "%s\n", to_text(problem).c_str());
        std::fprintf(stderr, "%zu problem(s); nothing was started\n", loaded.error().size());
        return exit_usage;
    }
    std::printf("%s: right. Gateway %s, %zu lane(s), %zu device(s), %s.\n", config.c_str(),
                loaded->site.gateway.c_str(), loaded->lanes.size(), loaded->devices.size(),
                loaded->platform ? loaded->platform->uri().c_str() : "no platform: works alone");
    return exit_ok;
}

}  // namespace hefang::app
