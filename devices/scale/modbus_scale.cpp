#include "scale/modbus_scale.hpp"

#include "driver/settings.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace hefang::driver {
namespace {

using Ms = std::chrono::milliseconds;

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

bool says_rest(const codec::RegisterMap& map) {
    return std::any_of(map.status.begin(), map.status.end(), [](const codec::StatusBit& bit) {
        return bit.says == codec::RegisterStatus::stable || bit.says == codec::RegisterStatus::motion;
    });
}

constexpr std::array keys{
    Setting{.name = "map",
            .form = Form::text,
            .required = true,
            .most = 200,
            .meaning = "name of a shipped register map, or the path of one that ends in .toml"},
    Setting{.name = "poll_ms", .form = Form::whole, .least = 10, .most = 300, .meaning = "from one look to the next"},
    Setting{
        .name = "answer_ms", .form = Form::whole, .least = 50, .most = 2'000, .meaning = "the limit of each answer"},
    Setting{.name = "silence_ms",
            .form = Form::whole,
            .least = 500,
            .most = 60'000,
            .meaning = "no valid value, or a heartbeat unchanged, for so long: the scale counts as lost"},
    Setting{.name = "interval_g", .form = Form::whole, .least = 1, .most = 1'000'000, .meaning = "the scale interval"},
    Setting{.name = "empty_below_g",
            .form = Form::whole,
            .least = 1,
            .most = 10'000'000,
            .meaning = "less is an empty scale; default 10 intervals"},
    Setting{.name = "window_ms",
            .form = Form::whole,
            .least = 100,
            .most = 10'000,
            .meaning = "how long the value must stand still"},
    Setting{.name = "samples", .form = Form::whole, .least = 2, .most = 100, .meaning = "in how many looks at least"},
    Setting{.name = "rearm_ms",
            .form = Form::whole,
            .least = 0,
            .most = 10'000,
            .meaning = "how long the scale must be empty before the next parcel"},
};

Result<Made> made(const DeviceConfig& config, const Surroundings& around) {
    if (config.registers == nullptr) return fail(Errc::refused, "map: the register map was not read");
    return Made{std::make_unique<ModbusScaleDriver>(modbus_scale_settings(config), around.lines), nullptr};
}

constexpr std::array table{Kind{"scale", "modbus", "modbus-tcp modbus-rtu", keys, made}};

}  // namespace

std::span<const Kind> modbus_scale_rows() { return table; }

ModbusScaleSettings modbus_scale_settings(const DeviceConfig& config) {
    ModbusScaleSettings s;
    s.id = config.id;
    s.link = config.link;
    s.map = config.registers;
    s.poll = Ms(whole(config, "poll_ms", s.poll.count()));
    s.answer = Ms(whole(config, "answer_ms", s.answer.count()));
    s.silence = Ms(whole(config, "silence_ms", s.silence.count()));
    s.interval = grams(config, "interval_g");
    s.empty_below = grams(config, "empty_below_g");
    s.rule.window_ms = whole(config, "window_ms", says_rest(*s.map) ? 400 : 1000);
    s.rule.samples = static_cast<std::size_t>(whole(config, "samples", 5));
    s.rule.rearm_ms = whole(config, "rearm_ms", 100);
    return s;
}

ModbusScaleDriver::ModbusScaleDriver(ModbusScaleSettings settings, std::shared_ptr<link::ModbusLines> lines)
    : settings_(std::move(settings)),
      lines_(std::move(lines)),
      registers_(codec::registers_of(*settings_.map)),
      inputs_(codec::inputs_of(*settings_.map)),
      stability_(settings_.rule) {}

Result<ModbusScaleDriver::Look> ModbusScaleDriver::look(link::Modbus& link) const {
    Look out;
    out.block.resize(static_cast<std::size_t>(registers_.count));
    out.inputs.resize(static_cast<std::size_t>(inputs_.count));
    auto before = out.inputs;
    if (!before.empty()) {
        if (const auto read = link.read_inputs(inputs_.first, before); !read) return tl::unexpected(read.error());
    }
    const auto read = settings_.map->function == 4 ? link.read_input_registers(registers_.first, out.block)
                                                   : link.read_registers(registers_.first, out.block);
    if (!read) return tl::unexpected(read.error());
    if (!before.empty()) {
        if (const auto after = link.read_inputs(inputs_.first, out.inputs); !after)
            return tl::unexpected(after.error());
    }
    out.straddled = before != out.inputs;
    return out;
}

std::optional<codec::RegisterWeight> ModbusScaleDriver::value_of(const Look& look, Counters& counters) {
    counters.add("looks");
    auto weight = codec::decode_registers(*settings_.map, look.block, look.inputs);
    if (!weight) {
        still_ = false;
        counters.add("refused-" + std::string(codec::name(weight.error())));
        return std::nullopt;
    }
    if (settings_.map->beat_at) {
        // The first look of a life only learns the beat: what stands still must not count as alive at each reconnect.
        const auto last = std::exchange(beat_, weight->beat);
        still_ = last == weight->beat;
        if (still_) counters.add("not-new");
        if (still_ || !last) return std::nullopt;
    }
    if (look.straddled) {
        counters.add("inputs-changed");
        weight->motion = true;
    }
    counters.add("values");
    if (weight->net) counters.add("net");
    return *weight;
}

Error ModbusScaleDriver::live(Context& context) {
    auto link = link::Modbus::open(settings_.link, *lines_, settings_.answer, context.stop);
    if (!link) return link.error();
    beat_.reset();
    still_ = false;
    auto valid = context.clock.now().boot;
    for (;;) {
        const auto begin = std::chrono::steady_clock::now();
        const auto seen = look(*link);
        if (!seen) return seen.error();
        const auto at = context.clock.now().boot;
        if (const auto weight = value_of(*seen, context.counters)) {
            valid = at;
            context.alive(Sign::data);
            if (!took(*weight, at, context)) return {Errc::closed, "stop requested"};
        } else if (at - valid >= settings_.silence.count()) {
            if (still_) context.counters.add("frozen");
            return {Errc::timeout, still_ ? "the registers stand still: the indicator no longer weighs"
                                          : "no valid value: check the map and the indicator"};
        }
        const auto next = begin + settings_.poll;
        const auto left = std::chrono::ceil<Ms>(next - std::chrono::steady_clock::now());
        if (context.stop.wait_for(std::max(left, Ms(0)))) return {Errc::closed, "stop requested"};
    }
}

/// False when stop was requested before there was room for the reading. Too far below zero is an empty scale.
bool ModbusScaleDriver::took(const codec::RegisterWeight& weight, BootTime at, Context& context) {
    const auto interval = settings_.interval.value_or(weight.step);
    stability_.interval(interval, settings_.empty_below.value_or(Grams{interval.count * 10}));
    const auto said = stability_.feed({at, weight.grams, weight.motion, weight.over});
    if (!said) return true;
    context.counters.add(counter_of(said->settled));
    return context.sink.post(reading::WeightRead{settings_.id, said->at, said->grams, quality_of(said->settled)},
                             context.stop);
}

}  // namespace hefang::driver
