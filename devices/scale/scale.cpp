#include "scale/scale.hpp"

#include "driver/settings.hpp"

#include <array>
#include <stdexcept>
#include <string>
#include <utility>

namespace hefang::driver {
namespace {

constexpr std::chrono::milliseconds patience{15'000};  // longer than any back-off: a listening device waits for nothing

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

reading::WeightQuality quality_of(codec::Settled settled) {
    switch (settled) {
        case codec::Settled::stable: return reading::WeightQuality::stable;
        case codec::Settled::unstable: return reading::WeightQuality::unstable;
        case codec::Settled::overload: return reading::WeightQuality::overload;
    }
    return reading::WeightQuality::unstable;
}

std::string_view counter_of(codec::Settled settled) {
    switch (settled) {
        case codec::Settled::stable: return "stable";
        case codec::Settled::unstable: return "unstable";
        case codec::Settled::overload: return "overload";
    }
    return "unstable";
}

ScaleProtocol protocol_of(const std::string& name) {
    if (name == "xk3190") return ScaleProtocol::xk3190;
    if (name == "xk3190-eq-reversed") return ScaleProtocol::xk3190_eq_reversed;
    if (name == "xk3190-eq-forward") return ScaleProtocol::xk3190_eq_forward;
    return codec::line_layout(name) != nullptr ? ScaleProtocol::line : ScaleProtocol::toledo_continuous;
}

template <class Refusals>
void count(const Refusals& refused, Counters& counters) {
    for (const auto reason : refused) counters.add("refused-" + std::string(codec::name(reason)));
}

}  // namespace

ScaleSettings scale_settings(const DeviceConfig& config) {
    ScaleSettings s;
    s.id = config.id;
    s.protocol = protocol_of(config.protocol);
    s.layout = codec::line_layout(config.protocol);
    const bool says_rest = s.protocol == ScaleProtocol::toledo_continuous || s.protocol == ScaleProtocol::line;
    s.checksum = checksum_of(text(config, "checksum", "required"));
    s.unit = unit_of(text(config, "unit", "kg"));
    const auto address = static_cast<int>(whole(config, "address", -1));
    if (address >= 0) s.address = address;
    s.interval = grams(config, "interval_g");
    s.empty_below = grams(config, "empty_below_g");
    s.rule.window_ms = whole(config, "window_ms", says_rest ? 400 : 1000);
    s.rule.samples = static_cast<std::size_t>(whole(config, "samples", 5));
    s.rule.rearm_ms = whole(config, "rearm_ms", 100);
    s.silence = std::chrono::milliseconds(whole(config, "silence_ms", 2000));
    return s;
}

ScaleDriver::Parser ScaleDriver::parser_for(const ScaleSettings& settings) {
    switch (settings.protocol) {
        case ScaleProtocol::toledo_continuous: return codec::ToledoParser(settings.checksum);
        case ScaleProtocol::xk3190: return codec::YaohuaParser(settings.checksum, settings.unit);
        case ScaleProtocol::xk3190_eq_reversed: return codec::EqParser(codec::EqOrder::reversed, settings.unit);
        case ScaleProtocol::xk3190_eq_forward: return codec::EqParser(codec::EqOrder::forward, settings.unit);
        case ScaleProtocol::line: return codec::LineParser(*settings.layout, settings.address);
    }
    throw std::logic_error("no such scale protocol");
}

ScaleDriver::ScaleDriver(ScaleSettings settings, std::unique_ptr<link::Endpoint> endpoint)
    : settings_(std::move(settings)),
      endpoint_(std::move(endpoint)),
      parser_(parser_for(settings_)),
      stability_(settings_.rule) {}

Error ScaleDriver::live(Context& context) {
    auto link = endpoint_->open(patience, context.stop);
    if (!link) return link.error();
    std::visit([](auto& parser) { parser.drop(); }, parser_);
    std::array<char, 1024> buffer{};
    auto valid = context.clock.now().boot;
    bool heard = false;  // bytes came since the last valid frame
    for (;;) {
        const auto left = std::chrono::milliseconds(settings_.silence.count() - (context.clock.now().boot - valid));
        const auto n = (*link)->read_some(buffer, std::max(left, std::chrono::milliseconds(0)), context.stop);
        if (!n && n.error().code != Errc::timeout) return n.error();
        const auto at = context.clock.now().boot;
        if (n) {
            heard = true;
            context.counters.add("bytes", *n);
            for (const auto& frame : parse({buffer.data(), *n}, context.counters)) {
                valid = at;
                heard = false;
                context.alive(Sign::data);
                if (!took(frame, at, context)) return {Errc::closed, "stop requested"};
            }
        }
        if (at - valid >= settings_.silence.count()) {
            return {Errc::timeout, heard ? "no valid frame: check protocol, baud and parity" : "the scale is silent"};
        }
    }
}

// Too far below zero is an empty scale; over capacity is not.

ScaleDriver::Frame ScaleDriver::frame_of(const codec::ToledoWeight& w) {
    const bool over = w.out_of_range && !w.negative;
    return {w.out_of_range ? Grams{0} : w.grams, w.step, w.motion, over, !w.not_zeroed};
}

ScaleDriver::Frame ScaleDriver::frame_of(const codec::YaohuaWeight& w) { return {w.grams, w.digit}; }

ScaleDriver::Frame ScaleDriver::frame_of(const codec::EqWeight& w) { return {w.grams, w.digit}; }

ScaleDriver::Frame ScaleDriver::frame_of(const codec::LineWeight& w) {
    return {w.grams, w.digit, w.rest == codec::Rest::motion, w.rest == codec::Rest::over};
}

std::vector<ScaleDriver::Frame> ScaleDriver::parse(std::string_view bytes, Counters& counters) {
    std::vector<Frame> frames;
    const auto take = [&](auto& parser) {
        const auto out = parser.feed(bytes);
        count(out.refused, counters);
        for (const auto& weight : out.weights) frames.push_back(frame_of(weight));
    };
    std::visit(take, parser_);
    counters.add("frames", frames.size());
    return frames;
}

/// False when stop was requested before there was room for the reading.
bool ScaleDriver::took(const Frame& frame, BootTime at, Context& context) {
    if (!frame.usable) return context.counters.add("not-zeroed"), true;
    const auto interval = settings_.interval.value_or(frame.step);
    stability_.interval(interval, settings_.empty_below.value_or(Grams{interval.count * 10}));
    const auto said = stability_.feed({at, frame.grams, frame.motion, frame.overload});
    if (!said) return true;
    context.counters.add(counter_of(said->settled));
    return context.sink.post(reading::WeightRead{settings_.id, said->at, said->grams, quality_of(said->settled)},
                             context.stop);
}

}  // namespace hefang::driver
