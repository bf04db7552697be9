#include "gate/line_device.hpp"

#include "base/text.hpp"
#include "driver/settings.hpp"
#include "gatewire/container_sides.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace hefang::driver {
namespace {

constexpr std::chrono::milliseconds patience{15'000};  // longer than any back-off: a listening device waits for nothing
constexpr std::chrono::milliseconds idle{60'000};
constexpr std::size_t longest_said = 100;  // printable() may add a sign behind it
const Error stop_requested{Errc::closed, "stop requested"};

}  // namespace

LineDriver::LineDriver(std::unique_ptr<link::Endpoint> endpoint, std::chrono::milliseconds silence)
    : endpoint_(std::move(endpoint)), silence_(silence) {}

Error LineDriver::live(Context& context) {
    auto link = endpoint_->open(patience, context.stop);
    if (!link) return link.error();
    begin(context);
    codec::ScanFraming framing;
    framing.longest = longest_line;
    codec::ScanFramer framer(framing);
    bool first = true;
    auto heard = context.clock.now().boot;
    std::array<char, 4'096> buffer{};
    for (;;) {
        const auto left = heard + silence_.count() - context.clock.now().boot;
        const auto limit = silence_.count() > 0 ? std::chrono::milliseconds(std::max<std::int64_t>(0, left)) : idle;
        const auto n = (*link)->read_some(buffer, limit, context.stop);
        const auto at = context.clock.now().boot;
        if (n) {
            context.counters.add("bytes", *n);
            context.alive(Sign::link);
            for (const auto& line : framer.feed({buffer.data(), *n})) {
                if (!line) {
                    context.counters.add("refused-" + std::string(codec::name(line.error())));
                    continue;
                }
                context.counters.add("lines");
                const auto took = take({*line, at, std::exchange(first, false)}, context);
                if (took == Took::stopped) return stop_requested;
                if (took == Took::something) heard = at;
            }
        } else if (n.error().code != Errc::timeout) {
            return n.error();
        }
        if (silence_.count() > 0 && at - heard >= silence_.count())
            return {Errc::timeout, "no line for " + std::to_string(silence_.count()) + " ms"};
    }
}

AlarmLineSettings alarm_line_settings(const DeviceConfig& config) {
    AlarmLineSettings s;
    s.id = config.id;
    s.words = {list(config, "alarm", {}), list(config, "clear", {}), list(config, "reading", {}),
               list(config, "ignore", {})};
    s.silence = std::chrono::milliseconds(whole(config, "silence_ms", 10'000));
    s.clear_after = std::chrono::milliseconds(whole(config, "clear_after_ms", 3'000));
    s.values = admission_settings(config, 60'000);
    return s;
}

AlarmLineDriver::AlarmLineDriver(AlarmLineSettings settings, std::unique_ptr<link::Endpoint> endpoint)
    : LineDriver(std::move(endpoint), settings.silence), settings_(std::move(settings)), values_(settings_.values) {}

void AlarmLineDriver::begin(Context& context) {
    told_.reset();
    context.condition("alarm state not known yet");
}

LineDriver::Took AlarmLineDriver::take(const Line& line, Context& context) {
    const auto said = codec::decode_alarm_line(line.text, settings_.words);
    if (!said) {
        context.counters.add("refused-" + std::string(codec::name(said.error())));
        return Took::nothing;
    }
    const auto* state = std::get_if<codec::AlarmSaid>(&*said);
    if (line.first && (state == nullptr || !state->alarm)) {
        context.counters.add("refused-joined-midway");
        return Took::nothing;
    }
    context.alive(Sign::data);
    if (state != nullptr) {
        context.counters.add(state->alarm ? "alarm-lines" : "clear-lines");
        return take_state(state->alarm, line, context) ? Took::something : Took::stopped;
    }
    const auto* value = std::get_if<codec::ValueSaid>(&*said);
    context.counters.add(value != nullptr ? "value-lines" : "life-lines");
    if (value == nullptr || !values_.admits(value->channel, line.at, context.counters)) return Took::something;
    reading::ValueRead read{settings_.id, line.at, printable(value->channel, 32), value->value};
    return context.sink.post(std::move(read), context.stop) ? Took::something : Took::stopped;
}

/// False when stop was requested before there was room for the reading.
bool AlarmLineDriver::take_state(bool alarm, const Line& line, Context& context) {
    if (alarm) last_alarm_ = line.at;
    if (!alarm && last_alarm_ && line.at - *last_alarm_ < settings_.clear_after.count()) return true;
    if (told_ == alarm) return true;
    reading::AlarmState state{settings_.id, line.at, alarm, printable(line.text, longest_said)};
    if (!context.sink.post(std::move(state), context.stop)) return false;
    told_ = alarm;
    context.condition(alarm ? "alarm" : "");
    return true;
}

ContainerReaderSettings container_reader_settings(const DeviceConfig& config) {
    ContainerReaderSettings s;
    s.id = config.id;
    s.silence = std::chrono::seconds(whole(config, "silence_s", 0));
    s.admission = admission_settings(config, 5'000);
    return s;
}

ContainerReaderDriver::ContainerReaderDriver(ContainerReaderSettings settings, std::unique_ptr<link::Endpoint> endpoint)
    : LineDriver(std::move(endpoint), settings.silence),
      settings_(std::move(settings)),
      admission_(settings_.admission) {}

LineDriver::Took ContainerReaderDriver::take(const Line& line, Context& context) {
    if (line.first) {  // a part of a passage would be another one
        context.counters.add("refused-joined-midway");
        return Took::nothing;
    }
    const auto sides = codec::decode_sides(line.text);
    if (!sides) {
        context.counters.add("refused-" + std::string(codec::name(sides.error())));
        return Took::nothing;
    }
    context.alive(Sign::data);
    context.counters.add("passages");
    const auto found = codec::agree(*sides);
    context.counters.add(codec::name(found.agreement));
    if (!admission_.admits(codec::encode_sides(*sides), line.at, context.counters)) return Took::something;
    context.counters.add("numbers", found.numbers.size());
    reading::ContainerRead read{settings_.id, line.at, found.numbers, std::string(codec::name(found.agreement)), {}};
    for (const auto& side : *sides) read.sides.push_back(side.side + "=" + side.text);
    return context.sink.post(std::move(read), context.stop) ? Took::something : Took::stopped;
}

}  // namespace hefang::driver
