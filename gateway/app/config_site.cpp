#include "app/config_parts.hpp"
#include "base/text.hpp"

#include <cmath>
#include <limits>
#include <utility>

namespace hefang::app {
namespace {

constexpr double gib = 1024.0 * 1024.0 * 1024.0;
constexpr double most_gib = 1024.0 * 1024.0;  // a pebibyte

std::int64_t bytes_of(double gibibytes) { return static_cast<std::int64_t>(std::llround(gibibytes * gib)); }

/// A code of customs: `length` characters of 0–9 (and A–Z where allowed).
std::string code(Section& section, std::string_view key, std::size_t least, std::size_t most, bool letters) {
    const auto word = section.text(key);
    if (!word) return {};
    bool good = word->text.size() >= least && word->text.size() <= most;
    for (const char c : word->text) good = good && ((c >= '0' && c <= '9') || (letters && c >= 'A' && c <= 'Z'));
    if (good) return word->text;
    const auto length = least == most ? std::to_string(least) : std::to_string(least) + " to " + std::to_string(most);
    section.wrong(word->place, key, "'" + printable(word->text) + "'",
                  length + (letters ? " digits or capital letters" : " digits"));
    return {};
}

std::array<double, 4> free_steps(Section& section) {
    const std::array<double, 4> defaults{8, 4, 2, 1};
    const auto* member = section.find("free_gib");
    if (member == nullptr) return defaults;
    const std::string should = "four falling numbers above 0, such as [8, 4, 2, 1]";
    const auto* items = std::get_if<Items>(&member->value.is);
    if (items == nullptr || items->size() != defaults.size()) {
        const auto is = items == nullptr ? shown(member->value) : "a list of " + std::to_string(items->size());
        section.wrong(member->value.place, "free_gib", is, should);
        return defaults;
    }
    std::array<double, 4> steps{};
    double above = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < steps.size(); ++i) {
        const auto& item = (*items)[i];
        if (const auto* whole = std::get_if<std::int64_t>(&item.is)) steps[i] = static_cast<double>(*whole);
        if (const auto* real = std::get_if<double>(&item.is)) steps[i] = *real;
        if (!(steps[i] > 0 && steps[i] < above && steps[i] <= most_gib)) {
            section.wrong(item.place, "step " + std::to_string(i + 1) + " of free_gib", shown(item), should);
            return defaults;
        }
        above = steps[i];
    }
    return steps;
}

void refuse_key(Section& section, std::string_view key, std::string_view why) {
    if (const auto* member = section.find(key)) {
        section.problems().add(member->place,
                               section.name() + ": " + std::string(key) + " is not supported by this version",
                               std::string(why));
    }
}

std::int32_t permille(Section& section, std::int32_t standard) {
    const auto percent = section.number("weight_tolerance_percent", 50, true);
    if (!percent) return standard;
    const double tenths = *percent * 10;
    if (std::abs(tenths - std::round(tenths)) > 1e-9) {
        section.wrong(section.find("weight_tolerance_percent")->value.place, "weight_tolerance_percent",
                      shown(section.find("weight_tolerance_percent")->value), "a number from 0 to 50 in steps of 0.1");
        return standard;
    }
    return static_cast<std::int32_t>(std::lround(tenths));
}

}  // namespace

Site read_site(Section section) {
    Site site;
    (void)section.need("gateway", "gateway = \"ncbz-bw03-g07\"");
    (void)section.need("kind", "kind = \"bonded-warehouse\"");
    if (const auto word = section.id("gateway")) site.gateway = word->text;
    if (const auto word = section.one_of("kind", {"bonded-warehouse", "airport-port", "rail-port", "river-port",
                                                  "mail-exchange", "express-centre"})) {
        site.kind = word->text;
    }
    const auto name = section.text("name");
    site.name = name ? name->text : site.gateway;
    const auto location = section.id("location");
    site.location = location ? location->text : site.gateway;
    site.customs_code = code(section, "customs_code", 4, 4, false);
    site.operator_code = code(section, "operator_code", 1, 18, true);  // C..18 in the messages of the transfer
    section.end();
    return site;
}

Store read_store(Section section, const std::filesystem::path& base) {
    Store store;
    (void)section.need("path", "path = \"/var/lib/hefang\"");
    if (const auto word = section.text("path", 1024)) store.path = (base / word->text).lexically_normal();
    if (const auto limit = section.number("limit_gib", most_gib, false)) store.limit_bytes = bytes_of(*limit);
    const auto steps = free_steps(section);
    for (std::size_t i = 0; i < steps.size(); ++i) store.free_bytes[i] = bytes_of(steps[i]);
    section.end();
    return store;
}

Platform read_platform(Section section) {
    Platform platform;
    const std::string alone =
        "this version ships unsigned, to a broker on this machine only: broker = \"mqtt://127.0.0.1:1883\"";
    (void)section.need("broker", "broker = \"mqtt://127.0.0.1:1883\"");
    if (const auto word = section.text("broker")) {
        const std::string_view text = word->text;
        const auto scheme = text.substr(0, text.find("://"));
        const auto at = text.starts_with("mqtt://") ? endpoint(text.substr(7), std::uint16_t{1883}) : std::nullopt;
        const auto is = "'" + printable(text) + "'";
        if (scheme == "mqtts") {
            section.wrong(word->place, "broker", is + ", which is not supported by this version", alone);
        } else if (!at || at->port == 0) {
            section.wrong(word->place, "broker", is,
                          "mqtt://host:port with a host of this machine, such as mqtt://127.0.0.1:1883");
        } else if (at->host != "localhost" && !is_loopback(at->host)) {
            section.wrong(word->place, "broker", is + ", beyond this machine without encryption", alone);
        } else {
            platform = {at->host, at->port};
        }
    }
    for (const auto* key : {"keys", "ca", "certificate", "key"}) refuse_key(section, key, "leave it out: " + alone);
    section.end();
    return platform;
}

Web read_web(Section section) {
    Web web;
    if (const auto word = section.text("listen")) {
        auto at = endpoint(word->text, std::nullopt);
        if (at && at->host == "localhost") at->host = "127.0.0.1";
        if (!at || !is_loopback(at->host)) {
            section.wrong(word->place, "listen", "'" + printable(word->text) + "'",
                          "address:port on loopback, such as 127.0.0.1:8080: there are no accounts yet");
        } else {
            web = {at->host, at->port};
        }
    }
    section.end();
    return web;
}

core::Policy read_policy(Section section) {
    core::Policy policy;
    policy.weight_tolerance_permille = permille(section, policy.weight_tolerance_permille);
    constexpr std::int64_t year_min = 366 * 24 * 60;
    const auto whole = [&](std::string_view key, std::int64_t most, std::int64_t standard) {
        return section.whole(key, 0, most).value_or(standard);
    };
    policy.weight_tolerance = Grams{whole("weight_tolerance_g", 100'000, policy.weight_tolerance.count)};
    policy.status_fresh_for_min = whole("status_fresh_for_min", year_min, policy.status_fresh_for_min);
    policy.degraded_release_for_min = whole("degraded_release_for_min", year_min, policy.degraded_release_for_min);
    policy.inbox_quiet_for_min = whole("inbox_quiet_for_min", year_min, policy.inbox_quiet_for_min);
    policy.inspect_min_s = whole("inspect_min_s", 3600, policy.inspect_min_s);
    policy.future_limit_s = whole("future_limit_s", 86'400, policy.future_limit_s);
    if (const auto version = section.text("version", 64)) {
        policy.version = version->text;
        if (policy.version.starts_with("sha256:")) {
            section.wrong(version->place, "version", "'" + printable(policy.version) + "'",
                          "a name of your own; left out, it is computed from the figures");
        }
    }
    section.end();
    return policy;
}

}  // namespace hefang::app
