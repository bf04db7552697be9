#include "hil/scale_sim.hpp"

#include "weight/toledo.hpp"
#include "weight/weight_line.hpp"
#include "weight/yaohua.hpp"
#include "weight/yaohua_eq.hpp"

#include <array>
#include <condition_variable>
#include <stdexcept>
#include <utility>

namespace hefang::hil {
namespace {

/// What the display shows.
struct Shown {
    Grams grams;
    bool motion = false;
    bool over = false;
};

/// Indicators without a word for it stand at their end.
Grams at_most(const Shown& shown, const ScaleSimSettings& s) { return shown.over ? s.capacity : shown.grams; }

std::string toledo(const Shown& shown, const ScaleSimSettings& s) {
    codec::ToledoWeight weight;
    weight.grams = shown.over ? Grams{0} : shown.grams;
    weight.step = s.step;
    weight.motion = shown.motion;
    weight.out_of_range = shown.over;
    return codec::encode_toledo(weight, s.decimals, s.checksum);
}

std::string yaohua(const Shown& shown, const ScaleSimSettings& s) {
    return codec::encode_yaohua(at_most(shown, s), s.decimals);
}

template <codec::EqOrder order>
std::string yaohua_eq(const Shown& shown, const ScaleSimSettings& s) {
    return codec::encode_eq(at_most(shown, s), s.decimals, order);
}

std::string line(const Shown& shown, const ScaleSimSettings& s) {
    const auto rest = shown.over ? codec::Rest::over : shown.motion ? codec::Rest::motion : codec::Rest::stable;
    return codec::encode_line({shown.grams, s.step, rest}, *codec::line_layout(s.protocol), s.decimals);
}

}  // namespace

/// How a frame of the protocol looks, and which byte from its end is broken when its checksum shall be wrong: the
/// checksum, the sign or the last of the unit.
struct ScaleDialect {
    std::string_view protocol;
    std::string (*frame)(const Shown& shown, const ScaleSimSettings& settings);
    std::size_t broken;
};

namespace {

constexpr std::array table{
    ScaleDialect{"toledo-continuous", toledo, 1},
    ScaleDialect{"xk3190", yaohua, 2},
    ScaleDialect{"xk3190-eq-reversed", yaohua_eq<codec::EqOrder::reversed>, 1},
    ScaleDialect{"xk3190-eq-forward", yaohua_eq<codec::EqOrder::forward>, 8},
    ScaleDialect{"and-indicator", line, 3},
    ScaleDialect{"and-balance", line, 3},
    ScaleDialect{"cas-continuous", line, 3},
    ScaleDialect{"dini-continuous", line, 3},
};

const ScaleDialect& dialect_of(const std::string& protocol) {
    for (const auto& row : table)
        if (row.protocol == protocol) return row;
    throw std::invalid_argument("no scale speaks '" + protocol + "'");
}

Grams rounded(Grams grams, Grams step) {
    const auto half = grams.count < 0 ? -(step.count / 2) : step.count / 2;
    return Grams{(grams.count + half) / step.count * step.count};
}

}  // namespace

std::vector<std::string> scale_protocols() {
    std::vector<std::string> names;
    for (const auto& row : table) names.emplace_back(row.protocol);
    return names;
}

ScaleSim::ScaleSim(std::unique_ptr<Wire> wire, const ScaleSimSettings& settings)
    : wire_(std::move(wire)), settings_(settings), dialect_(dialect_of(settings.protocol)), random_(settings.seed) {}

void ScaleSim::put(Grams load) {
    const std::lock_guard lock(mutex_);
    from_ = load_;
    load_ = load;
    ramp_left_ = settings_.ramp_frames;
}

/// The display now; steps the ramp.
std::string ScaleSim::next_frame() {
    Grams shown = load_;
    const bool motion = ramp_left_ > 0;
    if (motion) {
        const auto total = static_cast<std::int64_t>(settings_.ramp_frames);
        const auto done = total - static_cast<std::int64_t>(ramp_left_);
        --ramp_left_;
        shown = from_ + Grams{(load_ - from_).count * done / total};
        const auto wobble = static_cast<std::int64_t>(random_() % 7) - 3;
        if (load_.count != 0) shown = shown + Grams{wobble * settings_.step.count};
    }
    shown = rounded(shown, settings_.step);
    return dialect_.frame({shown, motion, shown > settings_.capacity}, settings_);
}

Result<void> ScaleSim::tick() {
    const std::lock_guard lock(mutex_);
    auto frame = next_frame();
    if (silent_) return {};
    if (wrong_ > 0) {
        --wrong_;
        auto& broken = frame[frame.size() - dialect_.broken];
        broken = static_cast<char>(broken ^ 1);
    }
    return wire_->send(frame);
}

void ScaleSim::run() {
    if (thread_.joinable()) return;
    thread_ = std::jthread([this](const std::stop_token& stop) {
        std::mutex mutex;
        std::condition_variable_any rest;
        std::unique_lock lock(mutex);
        auto next = std::chrono::steady_clock::now();
        while (!stop.stop_requested()) {
            (void)tick();  // nobody connected: a real indicator does not mind either
            next += settings_.period;
            rest.wait_until(lock, stop, next, [] { return false; });
        }
    });
}

void ScaleSim::stop() {
    if (!thread_.joinable()) return;
    thread_.request_stop();
    thread_.join();
}

void ScaleSim::wrong_checksum(unsigned frames) {
    const std::lock_guard lock(mutex_);
    wrong_ = frames;
}

void ScaleSim::silence(bool on) {
    const std::lock_guard lock(mutex_);
    silent_ = on;
}

Result<void> ScaleSim::noise(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    std::string junk;
    while (junk.size() < bytes) junk += static_cast<char>(random_());
    return wire_->send(junk);
}

void ScaleSim::unplug() {
    const std::lock_guard lock(mutex_);
    wire_->unplug();
}

Result<void> ScaleSim::plug() {
    const std::lock_guard lock(mutex_);
    return wire_->plug();
}

}  // namespace hefang::hil
