#include "driver/catalog.hpp"

#include "base/text.hpp"
#include "driver/scale.hpp"
#include "driver/scanner.hpp"
#include "driver/settings.hpp"
#include "driver/sorter.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

namespace hefang::driver {
namespace {

constexpr std::array scanner_keys{
    Setting{.name = "suffix",
            .form = Form::word,
            .words = "crlf cr lf etx tab stx-etx",
            .meaning = "what ends a telegram; crlf: CR, LF or both; stx-etx: telegrams stand between the two"},
    Setting{.name = "prefix", .form = Form::text, .most = 16, .meaning = "bytes before each telegram"},
    Setting{.name = "aim", .form = Form::word, .words = "true false", .meaning = "codes begin with an AIM identifier"},
    Setting{.name = "separator", .form = Form::text, .most = 8, .meaning = "between the codes of one telegram"},
    Setting{.name = "sequence",
            .form = Form::text,
            .most = 8,
            .meaning = "between the parcel's induction number and the codes; none: no number is sent"},
    Setting{.name = "no_read", .form = Form::list, .most = 64, .meaning = "texts that stand for: could not read"},
    Setting{
        .name = "ignore", .form = Form::list, .most = 64, .meaning = "telegrams that say nothing, e.g. a heartbeat"},
    Setting{.name = "gap_ms",
            .form = Form::whole,
            .least = 10,
            .most = 10'000,
            .meaning = "silence within a telegram after which it is a no-read"},
    Setting{.name = "silence_s",
            .form = Form::whole,
            .least = 0,
            .most = 86'400,
            .meaning = "nothing for so long: the reader counts as lost; 0: never"},
};

constexpr Setting interval{
    .name = "interval_g", .form = Form::whole, .least = 1, .most = 1'000'000, .meaning = "the scale interval"};
constexpr Setting empty_below{.name = "empty_below_g",
                              .form = Form::whole,
                              .least = 1,
                              .most = 10'000'000,
                              .meaning = "less is an empty scale; default 10 intervals"};
constexpr Setting window{.name = "window_ms",
                         .form = Form::whole,
                         .least = 100,
                         .most = 10'000,
                         .meaning = "how long the display must stand still"};
constexpr Setting samples{
    .name = "samples", .form = Form::whole, .least = 2, .most = 100, .meaning = "in how many samples at least"};
constexpr Setting rearm{.name = "rearm_ms",
                        .form = Form::whole,
                        .least = 0,
                        .most = 10'000,
                        .meaning = "how long the scale must be empty before the next parcel"};
constexpr Setting silence{.name = "silence_ms",
                          .form = Form::whole,
                          .least = 500,
                          .most = 60'000,
                          .meaning = "no valid frame for so long: the scale counts as lost"};
constexpr Setting displayed_unit{
    .name = "unit", .form = Form::word, .words = "kg g t", .meaning = "what the indicator displays"};

constexpr std::array toledo_keys{
    interval,
    empty_below,
    window,
    samples,
    rearm,
    silence,
    Setting{.name = "checksum",
            .form = Form::word,
            .words = "required log_only absent",
            .meaning = "log_only: a wrong one is counted and used; absent: frames of 17 bytes"},
};
constexpr std::array xk3190_keys{
    interval,
    empty_below,
    window,
    samples,
    rearm,
    silence,
    Setting{.name = "checksum",
            .form = Form::word,
            .words = "required log_only",
            .meaning = "log_only: a wrong one is counted and used"},
    displayed_unit,
};
constexpr std::array xk3190_eq_keys{interval, empty_below, window, samples, rearm, silence, displayed_unit};
constexpr std::array line_keys{interval, empty_below, window, samples, rearm, silence};
constexpr std::array dini_keys{
    interval,
    empty_below,
    window,
    samples,
    rearm,
    silence,
    Setting{.name = "address",
            .form = Form::whole,
            .least = 0,
            .most = 99,
            .meaning = "the indicator's own, which it then sends first; none: it sends none"},
};

// By docs/sorter-map.md the PLC drops the session when our heartbeat stands still for 1 s, and its own heartbeat goes
// on at least every 0.4 s. So a heartbeat and one slow answer stay below the first, and a silence is longer than the
// second with a poll; it may not be much longer, or commands would go on to a PLC whose program stands.
constexpr std::array sorter_keys{
    Setting{.name = "poll_ms", .form = Form::whole, .least = 5, .most = 200, .meaning = "period of reading the PLC"},
    Setting{
        .name = "heartbeat_ms", .form = Form::whole, .least = 50, .most = 300, .meaning = "period of our heartbeat"},
    Setting{.name = "answer_ms", .form = Form::whole, .least = 50, .most = 600, .meaning = "limit of each answer"},
    Setting{.name = "silence_ms",
            .form = Form::whole,
            .least = 800,
            .most = 2'000,
            .meaning = "a heartbeat unchanged for so long: the PLC counts as lost"},
};

template <class DriverOf, auto settings_of>
Result<Made> over_stream(const DeviceConfig& config, const Surroundings&) {
    auto endpoint = link::make_endpoint(config.link);
    if (!endpoint) return tl::unexpected(endpoint.error());
    return Made{std::make_unique<DriverOf>(settings_of(config), std::move(*endpoint)), nullptr};
}

Result<Made> sorter(const DeviceConfig& config, const Surroundings& around) {
    const auto* at = std::get_if<link::ModbusTcpAddress>(&config.link);
    if (at == nullptr) return fail(Errc::refused, "a sorter needs a modbus-tcp link");
    SorterSettings s;
    s.id = config.id;
    s.host = at->host;
    s.port = at->port;
    s.unit = at->unit;
    s.poll_ms = whole(config, "poll_ms", s.poll_ms);
    s.heartbeat_ms = whole(config, "heartbeat_ms", s.heartbeat_ms);
    s.answer_ms = whole(config, "answer_ms", s.answer_ms);
    s.silence_ms = whole(config, "silence_ms", s.silence_ms);
    auto driver = make_sorter(std::move(s), around.core_alive);
    SorterOutput* output = driver.get();
    return Made{std::move(driver), output};
}

constexpr std::string_view streams = "serial tcp tcp-listen";
constexpr std::array table{
    Kind{"scanner", "", streams, scanner_keys, over_stream<ScannerDriver, scanner_settings>},
    Kind{"scale", "toledo-continuous", streams, toledo_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"scale", "xk3190", streams, xk3190_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"scale", "xk3190-eq-reversed", streams, xk3190_eq_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"scale", "xk3190-eq-forward", streams, xk3190_eq_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"scale", "and-indicator", streams, line_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"scale", "and-balance", streams, line_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"scale", "cas-continuous", streams, line_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"scale", "dini-continuous", streams, dini_keys, over_stream<ScaleDriver, scale_settings>},
    Kind{"sorter", "", "modbus-tcp", sorter_keys, sorter},
};

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
                if (!entry.empty() && entry.size() <= static_cast<std::size_t>(setting.most)) continue;
                return "entry " + quoted(entry) + " has not 1 to " + std::to_string(setting.most) + " bytes";
            }
            return std::nullopt;
    }
    return std::nullopt;
}

/// The row for the device, or what is wrong with its kind or protocol.
const Kind* row_of(const DeviceConfig& config, std::vector<Problem>& problems) {
    std::string kinds;
    std::string protocols;
    for (const auto& row : table) {
        if (row.kind == config.kind && row.protocol == config.protocol) return &row;
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

std::span<const Kind> catalog() { return table; }

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
    return problems;
}

Result<Made> make(const DeviceConfig& config, const Surroundings& around) {
    std::vector<Problem> problems = check(config);
    if (!problems.empty()) return fail(Errc::refused, problems.front().setting + ": " + problems.front().what);
    return row_of(config, problems)->make(config, around);
}

}  // namespace hefang::driver
