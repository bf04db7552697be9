#include "driver/settings.hpp"
#include "scale/scale.hpp"

#include <algorithm>

namespace hefang::driver {
namespace {

codec::Checksum checksum_of(const std::string& word) {
    if (word == "log_only") return codec::Checksum::log_only;
    return word == "absent" ? codec::Checksum::absent : codec::Checksum::required;
}

codec::MassUnit unit_of(const std::string& word) {
    if (word == "g") return codec::MassUnit::gram;
    return word == "t" ? codec::MassUnit::tonne : codec::MassUnit::kilogram;
}

std::optional<Grams> grams(const DeviceConfig& config, std::string_view name) {
    const auto count = whole(config, name, 0);
    return count > 0 ? std::optional(Grams{count}) : std::nullopt;
}

constexpr std::int64_t patient_answer_ms = 5000;  // of a question that is answered when the load has settled

}  // namespace

ScaleSettings scale_settings(const DeviceConfig& config) {
    ScaleSettings s;
    s.id = config.id;
    s.protocol = scale_protocol(config.protocol);
    s.checksum = checksum_of(text(config, "checksum", "required"));
    s.unit = unit_of(text(config, "unit", "kg"));
    const auto address = text(config, "address", "");
    if (!address.empty() && address.front() >= 'A') s.letter = address.front();
    if (const auto number = whole(config, "address", -1); number >= 0) s.address = static_cast<int>(number);
    s.command = text(config, "command", "SI");
    s.shows_net = text(config, "shows", "gross") == "net";
    s.ask.period_ms = whole(config, "poll_ms", s.ask.period_ms);
    s.ask.answer_ms = whole(config, "answer_ms", s.command == "S" ? patient_answer_ms : s.ask.answer_ms);
    s.interval = grams(config, "interval_g");
    s.empty_below = grams(config, "empty_below_g");
    s.rule.window_ms = whole(config, "window_ms", s.protocol->says_rest ? 400 : 1000);
    s.rule.samples = static_cast<std::size_t>(whole(config, "samples", 5));
    s.rule.rearm_ms = whole(config, "rearm_ms", 100);
    const auto least_silence = s.protocol->ask != nullptr ? 2 * s.ask.answer_ms + 1000 : 0;
    s.silence = std::chrono::milliseconds(std::max(whole(config, "silence_ms", 2000), least_silence));
    return s;
}

}  // namespace hefang::driver
