#include "vision/profile.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace hefang::vision {
namespace {

float at(const Profile& p, std::ptrdiff_t i) {
    return p[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(i, 0, static_cast<std::ptrdiff_t>(p.size()) - 1))];
}

/// Mean over `length` samples, centred.
Profile mean(const Profile& p, int length) {
    Profile out(p.size());
    const int before = (length - 1) / 2, after = length - 1 - before;
    float sum = 0;
    for (int k = -before; k <= after; ++k) sum += at(p, k);
    for (std::ptrdiff_t i = 0; i < static_cast<std::ptrdiff_t>(p.size()); ++i) {
        out[static_cast<std::size_t>(i)] = sum / static_cast<float>(length);
        sum += at(p, i + after + 1) - at(p, i - before);
    }
    return out;
}

struct Turn {
    std::size_t at;
    float value;
};

/// Highest and lowest points in turn, each at least `step` from the next.
std::vector<Turn> turns(const Profile& p, float step) {
    std::vector<Turn> out;
    Turn high{0, p[0]}, low{0, p[0]};
    int going = 0;
    for (std::size_t i = 1; i < p.size(); ++i) {
        if (p[i] > high.value) high = {i, p[i]};
        if (p[i] < low.value) low = {i, p[i]};
        if (going >= 0 && p[i] < high.value - step) {
            out.push_back(high);
            low = {i, p[i]};
            going = -1;
        } else if (going <= 0 && p[i] > low.value + step) {
            out.push_back(low);
            high = {i, p[i]};
            going = 1;
        }
    }
    out.push_back(going >= 0 ? high : low);
    return out;
}

struct Run {
    bool white;
    std::size_t from, to;
    [[nodiscard]] std::size_t length() const { return to - from; }
};

std::vector<Run> runs_of(const Profile& black_and_white) {
    std::vector<Run> out;
    for (std::size_t i = 0; i < black_and_white.size(); ++i) {
        const bool white = black_and_white[i] > 127;
        if (out.empty() || out.back().white != white) out.push_back({white, i, i});
        out.back().to = i + 1;
    }
    return out;
}

constexpr std::size_t least_runs = 12;  // no code has fewer

}  // namespace

Profile framed(const Profile& p) {
    const auto runs = runs_of(halved(p, 0.12F));
    if (runs.size() < least_runs) return p;
    const std::size_t first = runs.front().white ? 0 : 1, last = runs.size() - (runs.back().white ? 1 : 2);
    std::size_t longest = 0;
    for (std::size_t i = first + 2; i < last; i += 2) longest = std::max(longest, runs[i].length());
    const auto quiet = [&](const Run& run) { return 5 * run.length() >= 6 * longest; };
    const bool left = quiet(runs[first]), right = quiet(runs[last]);
    const std::size_t from = left ? runs[first].from : 0, to = right ? runs[last].to : p.size();
    const float black = *std::min_element(p.begin(), p.end());
    Profile out;
    if (!left) out.assign(4, black);
    out.insert(out.end(), p.begin() + static_cast<std::ptrdiff_t>(from), p.begin() + static_cast<std::ptrdiff_t>(to));
    if (!right) out.insert(out.end(), 4, black);
    return out;
}

Profile finer(const Profile& p, int factor) {
    if (factor <= 1 || p.empty()) return p;
    Profile out(p.size() * static_cast<std::size_t>(factor));
    for (std::size_t i = 0; i < out.size(); ++i) {
        const float x = (static_cast<float>(i) + 0.5F) / static_cast<float>(factor) - 0.5F;
        const auto k = static_cast<std::ptrdiff_t>(std::floor(x));
        const float t = x - static_cast<float>(k);
        const float a = at(p, k - 1), b = at(p, k), c = at(p, k + 1), d = at(p, k + 2);
        out[i] = b + 0.5F * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));  // Catmull-Rom
    }
    return out;
}

Profile sharpened(const Profile& p, int radius, float gain) {
    auto out = mean(p, 2 * radius + 1);
    for (std::size_t i = 0; i < p.size(); ++i) out[i] = p[i] + gain * (p[i] - out[i]);
    return out;
}

Profile unmoved(const Profile& p, int length, int steps) {
    // Van Cittert with a clamp: what is found, moved again, must give what was seen; paper is never whiter than white.
    const auto [low, high] = std::minmax_element(p.begin(), p.end());
    const float least = *low - 0.3F * (*high - *low), most = *high + 0.3F * (*high - *low);
    Profile found = p;
    for (int step = 0; step < steps; ++step) {
        const auto moved = mean(found, length);
        for (std::size_t i = 0; i < p.size(); ++i) found[i] = std::clamp(found[i] + p[i] - moved[i], least, most);
    }
    return found;
}

Profile halved(const Profile& p, float least) {
    if (p.empty()) return p;
    const auto [low, high] = std::minmax_element(p.begin(), p.end());
    const auto points = turns(p, std::max(1.0F, least * (*high - *low)));
    Profile out(p.size());
    std::size_t next = 0;
    for (std::size_t i = 0; i < p.size(); ++i) {
        while (next < points.size() && points[next].at < i) ++next;
        // Before the first turn and after the last the limit is the one beside it.
        const auto k = std::clamp<std::size_t>(next, 1, std::max<std::size_t>(1, points.size() - 1));
        const float limit = points.size() < 2 ? (*low + *high) / 2 : (points[k - 1].value + points[k].value) / 2;
        out[i] = p[i] > limit ? 255.0F : 0.0F;
    }
    return out;
}

Profile inverted(const Profile& p) {
    Profile out(p.size());
    std::transform(p.begin(), p.end(), out.begin(), [](float v) { return 255.0F - v; });
    return out;
}

Profile spread(const Profile& p) {
    if (p.empty()) return p;
    const auto [low, high] = std::minmax_element(p.begin(), p.end());
    const float base = *low, range = std::max(1.0F, *high - *low);
    Profile out(p.size());
    for (std::size_t i = 0; i < p.size(); ++i) out[i] = (p[i] - base) / range * 255.0F;
    return out;
}

}  // namespace hefang::vision
