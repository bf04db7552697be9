#include "hil/scale_sim.hpp"

#include "codec/toledo.hpp"
#include "codec/yaohua.hpp"

#include <condition_variable>
#include <utility>

namespace hefang::hil {
namespace {

Grams rounded(Grams grams, Grams step) {
    const auto half = grams.count < 0 ? -(step.count / 2) : step.count / 2;
    return Grams{(grams.count + half) / step.count * step.count};
}

}  // namespace

ScaleSim::ScaleSim(std::unique_ptr<Wire> wire, ScaleSimSettings settings)
    : wire_(std::move(wire)), settings_(settings), random_(settings.seed) {}

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
    const bool over = shown > settings_.capacity;
    if (settings_.protocol == ScaleSimSettings::Protocol::yaohua) {
        return codec::encode_yaohua(over ? settings_.capacity : shown, settings_.decimals);
    }
    codec::ToledoWeight weight;
    weight.grams = over ? Grams{0} : shown;
    weight.step = settings_.step;
    weight.motion = motion;
    weight.out_of_range = over;
    return codec::encode_toledo(weight, settings_.decimals, settings_.checksum);
}

Result<void> ScaleSim::tick() {
    const std::lock_guard lock(mutex_);
    auto frame = next_frame();
    if (silent_) return {};
    if (wrong_ > 0) {
        --wrong_;
        // Both formats: the last byte of the sum, which the ETX follows in the one.
        auto& sum = frame[frame.size() - (settings_.protocol == ScaleSimSettings::Protocol::yaohua ? 2 : 1)];
        sum = static_cast<char>(sum ^ 1);
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
