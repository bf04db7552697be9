#include "belt/scene.hpp"

#include <algorithm>
#include <cmath>

namespace hefang::hil {
namespace {

constexpr double pi = 3.14159265358979323846;
constexpr int finer = 3;  // samples of a pixel in each direction

/// One number after the other, the same on every machine (the distributions of the library differ between them).
class Dice {
  public:
    explicit Dice(std::uint64_t seed) : random_(seed) {}
    [[nodiscard]] double between(double low, double high) {
        return low + (high - low) * static_cast<double>(random_() >> 11U) * 0x1p-53;
    }
    [[nodiscard]] int whole(int low, int high) {
        return low + static_cast<int>(random_() % static_cast<std::uint64_t>(high - low + 1));
    }
    [[nodiscard]] bool chance(double share) { return between(0, 1) < share; }
    [[nodiscard]] std::uint64_t bits() { return random_(); }

  private:
    std::mt19937_64 random_;
};

using Plane = std::vector<float>;

/// Brightness of the label at (u, v) modules from its middle; −1 outside of its paper.
double brightness(const Placed& p, double u, double v) {
    const double half_width = p.label.columns / 2.0, half_height = p.label.rows * p.label.row_height / 2.0;
    const double shrink = 1 + p.tilt * u / half_width;  // one end farther away
    v /= shrink;
    u += p.wrinkle * std::sin(u * 0.09 + v * 0.05);
    const bool linear = p.label.rows == 1;
    const double paper = linear ? 4 : 0;  // above and below the bars
    if (std::fabs(u) >= half_width || std::fabs(v) >= half_height + paper) return -1;
    if (std::fabs(v) >= half_height) return p.white;
    const int column = static_cast<int>(u + half_width);
    const int row = static_cast<int>((v + half_height) / p.label.row_height);
    return p.label.black(std::min(column, p.label.columns - 1), std::min(row, p.label.rows - 1)) ? p.black : p.white;
}

void paste(Plane& plane, int width, int height, const Placed& p) {
    const double reach = std::hypot(p.label.columns, p.label.rows * p.label.row_height + 8) / 2 * p.module * 1.3;
    const double c = std::cos(p.angle) / p.module, s = std::sin(p.angle) / p.module;
    for (int y = std::max(0, static_cast<int>(p.y - reach)); y < std::min<double>(height, p.y + reach); ++y) {
        for (int x = std::max(0, static_cast<int>(p.x - reach)); x < std::min<double>(width, p.x + reach); ++x) {
            auto& pixel = plane[static_cast<std::size_t>(y * width + x)];
            double sum = 0;
            for (int k = 0; k < finer * finer; ++k) {
                const double dx = x + (k % finer + 0.5) / finer - p.x, dy = y + (k / finer + 0.5) / finer - p.y;
                const double seen = brightness(p, dx * c + dy * s, -dx * s + dy * c);
                sum += seen < 0 ? static_cast<double>(pixel) : seen;
            }
            pixel = static_cast<float>(sum / (finer * finer));
        }
    }
}

/// Lines of print: short strokes that no reader may take for a code.
void print_text(Plane& plane, int width, int height, Dice& dice) {
    for (int line = dice.whole(2, 6); line > 0; --line) {
        const int size = dice.whole(8, 18), ink = dice.whole(30, 90);
        int x = dice.whole(0, width * 3 / 4);
        const int y = dice.whole(0, height - 2 * size - 1), end = std::min(width - size, x + dice.whole(100, 400));
        for (; x < end; x += size * 2 / 3) {
            const auto shape = dice.bits();
            for (int k = 0; k < size; ++k)
                for (int part = 0; part < 4; ++part) {
                    if ((shape >> static_cast<unsigned>(part * 5) & 3U) == 0) continue;
                    const int px = x + (part < 2 ? part * size / 2 : k / 2),
                              py = y + (part < 2 ? k : part % 2 * size + k / 9);
                    for (int t = 0; t < 2; ++t)
                        plane[static_cast<std::size_t>(py * width + px + t)] = static_cast<float>(ink);
                }
        }
    }
}

Plane moved(const Plane& in, int width, int height, int length) {
    if (length < 2) return in;
    Plane out(in.size());
    for (int y = 0; y < height; ++y) {
        const float* row = &in[static_cast<std::size_t>(y * width)];
        const auto at = [&](int x) { return row[std::clamp(x, 0, width - 1)]; };
        float sum = 0;
        for (int k = 0; k < length; ++k) sum += at(k - length / 2);
        for (int x = 0; x < width; ++x) {
            out[static_cast<std::size_t>(y * width + x)] = sum / static_cast<float>(length);
            sum += at(x + length - length / 2) - at(x - length / 2);
        }
    }
    return out;
}

Plane turned_over(const Plane& in, int width, int height) {
    Plane out(in.size());
    for (int y = 0; y < height; ++y)
        for (int x = 0; x < width; ++x)
            out[static_cast<std::size_t>(x * height + y)] = in[static_cast<std::size_t>(y * width + x)];
    return out;
}

/// Soft focus: two means in a row in each direction come near to a bell curve.
Plane soft(Plane plane, int width, int height, double focus) {
    const int length = static_cast<int>(std::lround(focus * 2)) | 1;
    if (focus < 0.5) return plane;
    for (int direction = 0; direction < 2; ++direction) {
        plane = moved(moved(plane, width, height, length), width, height, length);
        plane = turned_over(plane, width, height);
        std::swap(width, height);
    }
    return plane;
}

Picture developed(const Plane& plane, int width, int height, const Conditions& conditions, Dice& dice) {
    const double gx = dice.between(0, width), gy = dice.between(0, height), reach = width * dice.between(0.1, 0.35);
    Picture out{width, height, std::vector<std::uint8_t>(plane.size())};
    for (int y = 0; y < height; ++y) {
        for (int x = 0; x < width; ++x) {
            const auto i = static_cast<std::size_t>(y * width + x);
            double v = static_cast<double>(plane[i]);
            if (conditions.glare > 0) {
                const double d = std::hypot(x - gx, y - gy) / reach;
                v += conditions.glare * 255 * std::exp(-d * d);
            }
            if (conditions.noise > 0) {
                // Four numbers of 16 bits in one: their sum is near enough to a bell curve.
                const auto r = dice.bits();
                const auto part = [&](unsigned shift) {
                    return static_cast<double>(r >> shift & 0xFFFFU) / 65536 - 0.5;
                };
                v += conditions.noise * std::sqrt(3.0) * (part(0) + part(16) + part(32) + part(48));
            }
            if (conditions.inverted) v = 255 - v;
            out.pixels[i] = static_cast<std::uint8_t>(std::clamp(v, 0.0, 255.0));
        }
    }
    return out;
}

/// Tries places until the label lies within the picture and beside the others.
bool put(Placed& p, int width, int height, const std::vector<Placed>& others, Dice& dice) {
    const auto reach = [](const Placed& q) {
        return std::hypot(q.label.columns, q.label.rows * q.label.row_height) / 2 * q.module + 6;
    };
    const double r = reach(p);
    if (2 * r >= std::min(width, height)) return false;
    for (int attempt = 0; attempt < 40; ++attempt) {
        p.x = dice.between(r, width - r);
        p.y = dice.between(r, height - r);
        const bool free = std::all_of(others.begin(), others.end(),
                                      [&](const Placed& o) { return std::hypot(o.x - p.x, o.y - p.y) > r + reach(o); });
        if (free) return true;
    }
    return false;
}

Result<Label> random_label(Dice& dice) {
    const auto& formats = label_formats();
    const auto& format = formats[static_cast<std::size_t>(dice.whole(0, static_cast<int>(formats.size()) - 1))];
    return make_label(format, label_text(format, dice.bits()));
}

}  // namespace

Picture draw(int width, int height, const std::vector<Placed>& labels, const Conditions& conditions, int ground,
             std::uint32_t seed) {
    Dice dice(seed);
    Plane plane(static_cast<std::size_t>(width) * static_cast<std::size_t>(height), static_cast<float>(ground));
    if (width > 500 && height > 200) print_text(plane, width, height, dice);
    for (const auto& p : labels) paste(plane, width, height, p);
    plane = moved(soft(std::move(plane), width, height, conditions.focus), width, height, conditions.blur);
    return developed(plane, width, height, conditions, dice);
}

Result<BeltFrame> belt_frame(std::uint32_t seed, std::uint32_t number) {
    Dice dice(std::uint64_t{seed} << 32U | number);
    const bool large = dice.chance(0.33);
    const int width = large ? 2448 : 1280, height = large ? 2048 : 800;
    BeltFrame out;
    for (int wanted = dice.whole(1, 3); wanted > 0; --wanted) {
        auto label = random_label(dice);
        if (!label) return tl::unexpected(label.error());
        Placed p{*std::move(label)};
        p.module = dice.between(1.8, 4.5);
        // Most labels lie along or across the belt, the others as they fell.
        p.angle = dice.chance(0.5) ? dice.whole(0, 3) * pi / 2 + dice.between(-0.12, 0.12) : dice.between(-pi, pi);
        p.tilt = dice.chance(0.4) ? dice.between(-0.2, 0.2) : 0;
        p.wrinkle = dice.chance(0.25) ? dice.between(0.2, 1.2) : 0;
        p.white = dice.whole(170, 240);
        p.black = dice.chance(0.25) ? p.white - dice.whole(30, 70) : dice.whole(15, 60);
        for (int fit = 0; fit < 3 && !put(p, width, height, out.labels, dice); ++fit) p.module *= 0.8;
        if (p.x > 0) out.labels.push_back(std::move(p));
    }
    out.conditions.blur = dice.chance(0.3) ? 0 : dice.whole(1, 12);
    out.conditions.focus = dice.chance(0.3) ? dice.between(0.5, 1.5) : 0;
    out.conditions.glare = dice.chance(0.25) ? dice.between(0.1, 0.5) : 0;
    out.conditions.noise = dice.between(0, 12);
    out.picture =
        draw(width, height, out.labels, out.conditions, dice.whole(60, 170), static_cast<std::uint32_t>(dice.bits()));
    return out;
}

Result<BeltFrame> clean_frame(std::uint32_t seed, std::uint32_t number) {
    Dice dice(~(std::uint64_t{seed} << 32U | number));
    auto label = random_label(dice);
    if (!label) return tl::unexpected(label.error());
    BeltFrame out;
    Placed p{*std::move(label)};
    p.module = dice.whole(1, 4);
    p.angle = dice.chance(0.4) ? 0 : dice.chance(0.5) ? dice.whole(0, 3) * pi / 2 : dice.between(-pi, pi);
    p.black = 0, p.white = 255;
    out.conditions.inverted = dice.chance(0.1);
    const double tall = p.label.rows * p.label.row_height, wide = p.label.columns;
    const double c = std::fabs(std::cos(p.angle)), s = std::fabs(std::sin(p.angle));
    const int width = static_cast<int>(std::lround((wide * c + tall * s) * p.module)) + 20;
    const int height = static_cast<int>(std::lround((wide * s + tall * c) * p.module)) + 20;
    p.x = width / 2.0, p.y = height / 2.0;
    if (p.angle == 0) {  // as a printer would draw it: each module on whole pixels
        p.x = std::floor(p.x - wide * p.module / 2) + wide * p.module / 2;
        p.y = std::floor(p.y - tall * p.module / 2) + tall * p.module / 2;
    }
    out.labels.push_back(p);
    out.picture = draw(width, height, out.labels, out.conditions, 255, static_cast<std::uint32_t>(dice.bits()));
    return out;
}

}  // namespace hefang::hil
