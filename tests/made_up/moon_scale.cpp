#include "made_up/moon_scale.hpp"

#include "driver/settings.hpp"

#include <array>
#include <utility>

namespace hefang::driver {
namespace {

constexpr std::chrono::milliseconds patience{15'000};  // longer than any back-off

constexpr std::array moon_keys{
    Setting{.name = "interval_g", .form = Form::whole, .least = 1, .most = 1'000, .meaning = "the scale interval"},
    Setting{.name = "silence_ms",
            .form = Form::whole,
            .least = 500,
            .most = 60'000,
            .meaning = "no valid frame for so long: the scale counts as lost"},
};

constexpr std::array table{
    Kind{"scale", "moon", stream_links, moon_keys, over_stream<MoonDriver, moon_settings>},
};

reading::WeightQuality quality_of(codec::Settled settled) {
    if (settled == codec::Settled::stable) return reading::WeightQuality::stable;
    const bool over = settled == codec::Settled::overload;
    return over ? reading::WeightQuality::overload : reading::WeightQuality::unstable;
}

}  // namespace

std::span<const Kind> moon_rows() { return table; }

MoonSettings moon_settings(const DeviceConfig& config) {
    MoonSettings s;
    s.id = config.id;
    s.rule.window_ms = 400;  // the indicator's own word of rest has a say as well
    s.rule.interval = Grams{whole(config, "interval_g", 1)};
    s.rule.empty_below = Grams{s.rule.interval.count * 10};
    s.silence = std::chrono::milliseconds(whole(config, "silence_ms", 2000));
    return s;
}

MoonDriver::MoonDriver(MoonSettings settings, std::unique_ptr<link::Endpoint> endpoint)
    : settings_(std::move(settings)), endpoint_(std::move(endpoint)), stability_(settings_.rule) {}

Error MoonDriver::live(Context& context) {
    auto link = endpoint_->open(patience, context.stop);
    if (!link) return link.error();
    parser_.drop();
    std::array<char, 1024> buffer{};
    valid_ = context.clock.now().boot;
    for (;;) {
        const std::chrono::milliseconds left(settings_.silence.count() - (context.clock.now().boot - valid_));
        if (left.count() <= 0) return {Errc::timeout, "no valid frame: is it switched on? check baud and parity"};
        const auto n = (*link)->read_some(buffer, left, context.stop);
        if (!n && n.error().code != Errc::timeout) return n.error();
        if (n && !took({buffer.data(), *n}, context.clock.now().boot, context)) return {Errc::closed, "stop requested"};
    }
}

bool MoonDriver::took(std::string_view bytes, BootTime at, Context& context) {
    context.counters.add("bytes", bytes.size());
    const auto out = parser_.feed(bytes);
    for (const auto reason : out.refused) context.counters.add("refused-" + std::string(codec::name(reason)));
    for (const auto& weight : out.weights) {
        valid_ = at;
        context.counters.add("frames");
        context.alive(Sign::data);  // before what it says is posted
        const auto said = stability_.feed({at, weight.grams, weight.motion, weight.overload});
        if (!said) continue;
        reading::WeightRead read{settings_.id, said->at, said->grams, quality_of(said->settled)};
        if (!context.sink.post(std::move(read), context.stop)) return false;
    }
    return true;
}

}  // namespace hefang::driver
