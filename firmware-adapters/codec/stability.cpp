#include "codec/stability.hpp"

#include <algorithm>
#include <vector>

namespace hefang::codec {
namespace {

// Bounds the window of a device that floods; the fastest indicators send 100 to 200 a second.
constexpr std::size_t most_held = 4096;

Grams median(const std::deque<WeightSample>& window) {
    std::vector<Grams> grams;
    for (const auto& s : window) grams.push_back(s.grams);
    const auto middle = grams.begin() + static_cast<std::ptrdiff_t>((grams.size() - 1) / 2);
    std::nth_element(grams.begin(), middle, grams.end());
    return *middle;
}

}  // namespace

std::optional<Weighing> Stability::feed(const WeightSample& sample) {
    const auto longest_gap = std::max<std::int64_t>(rule_.window_ms / 2, 300);
    if (last_ && (sample.at - *last_ > longest_gap || sample.at < *last_)) {
        window_.clear();
        light_since_.reset();
    }
    last_ = sample.at;

    if (!sample.overload && sample.grams < rule_.empty_below) {
        window_.clear();
        if (!light_since_) light_since_ = sample.at;
        return state_ != State::empty && sample.at - *light_since_ >= rule_.rearm_ms ? left(*light_since_)
                                                                                     : std::nullopt;
    }
    light_since_.reset();
    if (state_ == State::said) return std::nullopt;
    state_ = State::settling;
    overload_ = sample.overload;
    if (sample.overload) {
        window_.clear();
        return std::nullopt;
    }
    last_grams_ = sample.grams;
    return settled(sample);
}

/// The load is gone since `at`: what was never said is said now.
std::optional<Weighing> Stability::left(BootTime at) {
    const bool silent = state_ == State::settling;
    state_ = State::empty;
    if (!silent) return std::nullopt;
    if (overload_) return Weighing{at, Grams{0}, Settled::overload};
    return Weighing{at, last_grams_, Settled::unstable};
}

std::optional<Weighing> Stability::settled(const WeightSample& sample) {
    if (sample.motion) {
        window_.clear();
        return std::nullopt;
    }
    window_.push_back(sample);
    if (window_.size() > most_held) window_.pop_front();
    // One sample at or before the window's begin stays: only then does the window cover its whole time.
    while (window_.size() > 1 && sample.at - window_[1].at >= rule_.window_ms) window_.pop_front();
    if (window_.size() < rule_.samples || sample.at - window_.front().at < rule_.window_ms) return std::nullopt;
    const auto by_grams = [](const WeightSample& a, const WeightSample& b) { return a.grams < b.grams; };
    const auto [least, most] = std::minmax_element(window_.begin(), window_.end(), by_grams);
    if (most->grams - least->grams > rule_.interval) return std::nullopt;
    const Weighing said{sample.at, median(window_), Settled::stable};
    state_ = State::said;
    window_.clear();
    return said;
}

}  // namespace hefang::codec
