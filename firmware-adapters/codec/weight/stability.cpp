#include "weight/stability.hpp"

#include <algorithm>
#include <vector>

namespace hefang::codec {
namespace {

Grams median(const std::deque<WeightSample>& window) {
    std::vector<Grams> grams;
    for (const auto& s : window) grams.push_back(s.grams);
    const auto middle = grams.begin() + static_cast<std::ptrdiff_t>((grams.size() - 1) / 2);
    std::nth_element(grams.begin(), middle, grams.end());
    return *middle;
}

}  // namespace

std::optional<Weighing> Stability::feed(const WeightSample& sample) {
    const auto longest_gap = std::max(rule_.window_ms / 2, least_gap_ms);
    if (last_ && (sample.at - *last_ > longest_gap || sample.at < *last_)) silence_passed();
    last_ = sample.at;

    if (!sample.overload && sample.grams < rule_.empty_below) {
        window_.clear();
        if (!light_since_) light_since_ = sample.at;
        return state_ != State::empty && sample.at - *light_since_ >= rule_.rearm_ms ? left(*light_since_)
                                                                                     : std::nullopt;
    }
    light_since_.reset();
    if (state_ == State::said) return std::nullopt;
    if (state_ == State::empty) state_ = State::settling;
    overload_ = sample.overload;
    if (sample.overload) {
        window_.clear();
        return std::nullopt;
    }
    last_grams_ = sample.grams;
    return settled(sample);
}

/// Nothing is known of the time that passed: what had not settled is forgotten, what was said may be another load now.
void Stability::silence_passed() {
    window_.clear();
    light_since_.reset();
    if (state_ == State::settling) state_ = State::empty;
    if (state_ == State::said) state_ = State::in_doubt;
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
    // One sample at or before the window's begin stays: only then does the window cover its whole time. Of a device
    // that sends less than `samples` in a window, as many stay: they cover more than the window, which is the stricter
    // test.
    while (window_.size() > std::max<std::size_t>(rule_.samples, 1) && sample.at - window_[1].at >= rule_.window_ms) {
        window_.pop_front();
    }
    if (window_.size() < rule_.samples || sample.at - window_.front().at < rule_.window_ms) return std::nullopt;
    const auto by_grams = [](const WeightSample& a, const WeightSample& b) { return a.grams < b.grams; };
    const auto [least, most] = std::minmax_element(window_.begin(), window_.end(), by_grams);
    if (most->grams - least->grams > rule_.interval) return std::nullopt;
    const Weighing rest{sample.at, median(window_), Settled::stable};
    const bool same = state_ == State::in_doubt && abs(rest.grams - said_grams_) <= rule_.interval;
    state_ = State::said;
    window_.clear();
    if (same) return std::nullopt;
    said_grams_ = rest.grams;
    return rest;
}

}  // namespace hefang::codec
