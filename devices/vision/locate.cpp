#include "vision/locate.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>

#include <opencv2/imgproc.hpp>

namespace hefang::vision {
namespace {

/// The structure tensor of a square of the picture: how strongly brightness changes, and whether in one direction.
struct Tensor {
    float xx = 0, yy = 0, xy = 0;
    Tensor& operator+=(const Tensor& o) {
        xx += o.xx, yy += o.yy, xy += o.xy;
        return *this;
    }
    [[nodiscard]] float energy() const { return xx + yy; }
    [[nodiscard]] float parallel() const { return energy() <= 0 ? 0 : std::hypot(xx - yy, 2 * xy) / energy(); }
    [[nodiscard]] float angle() const { return std::atan2(2 * xy, xx - yy) / 2; }
};

struct Field {
    int columns = 0, rows = 0;
    std::vector<Tensor> cells;
    [[nodiscard]] const Tensor& at(int c, int r) const { return cells[static_cast<std::size_t>(r * columns + c)]; }
};

constexpr float least_energy = 60;      // grey levels², of a pixel: below it is paper and noise
constexpr float above_median = 2.5F;    // times the picture's own middle: noise, a structured belt
constexpr float least_parallel = 0.5F;  // of bars; text has 0.2 to 0.4, noise 0.1
constexpr float most_turn = 0.35F;      // radians between a cell and its region: about 20°

/// Gradients by central differences, summed over squares of `cell` pixels.
Field tensors(const cv::Mat& grey, int cell) {
    Field field{grey.cols / cell, grey.rows / cell, {}};
    field.cells.resize(static_cast<std::size_t>(field.columns * field.rows));
    for (int y = 1; y < std::min(grey.rows - 1, field.rows * cell); ++y) {
        const auto *above = grey.ptr<std::uint8_t>(y - 1), *here = grey.ptr<std::uint8_t>(y),
                   *below = grey.ptr<std::uint8_t>(y + 1);
        Tensor* row = &field.cells[static_cast<std::size_t>(y / cell * field.columns)];
        for (int c = 0; c < field.columns; ++c) {
            int xx = 0, yy = 0, xy = 0;
            for (int x = std::max(1, c * cell), end = std::min(grey.cols - 1, (c + 1) * cell); x < end; ++x) {
                const int dx = here[x + 1] - here[x - 1], dy = below[x] - above[x];
                xx += dx * dx;
                yy += dy * dy;
                xy += dx * dy;
            }
            row[c] += {static_cast<float>(xx), static_cast<float>(yy), static_cast<float>(xy)};
        }
    }
    const auto area = static_cast<float>(cell * cell);
    for (auto& t : field.cells) t = {t.xx / area, t.yy / area, t.xy / area};
    return field;
}

/// Each cell with its eight neighbours: a wide bar or a gap of the quiet kind has no gradient of its own.
Field smoothed(const Field& field) {
    Field out{field.columns, field.rows, std::vector<Tensor>(field.cells.size())};
    for (int r = 0; r < field.rows; ++r) {
        for (int c = 0; c < field.columns; ++c) {
            Tensor sum;
            float n = 0;
            for (int y = std::max(0, r - 1); y <= std::min(field.rows - 1, r + 1); ++y)
                for (int x = std::max(0, c - 1); x <= std::min(field.columns - 1, c + 1); ++x) {
                    sum += field.at(x, y);
                    n += 1;
                }
            out.cells[static_cast<std::size_t>(r * field.columns + c)] = {sum.xx / n, sum.yy / n, sum.xy / n};
        }
    }
    return out;
}

float median_energy(const Field& field) {
    if (field.cells.empty()) return 0;
    std::vector<float> all;
    all.reserve(field.cells.size());
    for (const auto& t : field.cells) all.push_back(t.energy());
    const auto middle = all.begin() + static_cast<std::ptrdiff_t>(all.size() / 2);
    std::nth_element(all.begin(), middle, all.end());
    return *middle;
}

/// The turned rectangle around `cells`, whose sum is `sum`.
Region around(const std::vector<std::pair<int, int>>& cells, const Tensor& sum, int cell) {
    Region out;
    out.angle = sum.angle();
    out.parallel = sum.parallel();
    const float c = std::cos(out.angle), s = std::sin(out.angle);
    float u0 = 1e9F, u1 = -1e9F, v0 = 1e9F, v1 = -1e9F;
    for (const auto& [x, y] : cells) {
        const float px = (static_cast<float>(x) + 0.5F) * static_cast<float>(cell);
        const float py = (static_cast<float>(y) + 0.5F) * static_cast<float>(cell);
        const float u = px * c + py * s, v = -px * s + py * c;
        u0 = std::min(u0, u), u1 = std::max(u1, u), v0 = std::min(v0, v), v1 = std::max(v1, v);
    }
    const float u = (u0 + u1) / 2, v = (v0 + v1) / 2;
    out.centre = {u * c - v * s, u * s + v * c};
    out.across = u1 - u0 + static_cast<float>(cell);
    out.along = v1 - v0 + static_cast<float>(cell);
    out.strength = std::sqrt(sum.energy() * static_cast<float>(cells.size()));
    return out;
}

float turn_between(float a, float b) {
    const float d = std::fabs(a - b);
    return std::min(d, static_cast<float>(CV_PI) - d);
}

/// Grows regions of cells that `fits(cell, sum so far)`.
template <class Fits>
std::vector<Region> grow(const Field& field, int cell, std::size_t least_cells, const Fits& fits) {
    std::vector<bool> taken(field.cells.size());
    std::vector<Region> out;
    std::vector<std::pair<int, int>> cells;
    for (int r = 0; r < field.rows; ++r) {
        for (int c = 0; c < field.columns; ++c) {
            const auto index = [&](int x, int y) { return static_cast<std::size_t>(y * field.columns + x); };
            if (taken[index(c, r)] || !fits(field.at(c, r), field.at(c, r))) continue;
            cells.assign(1, {c, r});
            taken[index(c, r)] = true;
            Tensor sum = field.at(c, r);
            for (std::size_t i = 0; i < cells.size(); ++i) {
                const auto [x, y] = cells[i];
                for (int ny = std::max(0, y - 1); ny <= std::min(field.rows - 1, y + 1); ++ny)
                    for (int nx = std::max(0, x - 1); nx <= std::min(field.columns - 1, x + 1); ++nx) {
                        if (taken[index(nx, ny)] || !fits(field.at(nx, ny), sum)) continue;
                        taken[index(nx, ny)] = true;
                        cells.push_back({nx, ny});
                        sum += field.at(nx, ny);
                    }
            }
            if (cells.size() >= least_cells) out.push_back(around(cells, sum, cell));
        }
    }
    std::sort(out.begin(), out.end(), [](const Region& a, const Region& b) { return a.strength > b.strength; });
    if (out.size() > most_regions) out.resize(most_regions);
    return out;
}

}  // namespace

Located locate(const cv::Mat& grey, int cell) {
    const Field field = smoothed(tensors(grey, cell));
    const float limit = std::max(least_energy, above_median * std::min(median_energy(field), 400.0F));
    const auto bars = [&](const Tensor& t, const Tensor& sum) {
        return t.energy() > limit && t.parallel() > least_parallel && turn_between(t.angle(), sum.angle()) < most_turn;
    };
    const auto texture = [&](const Tensor& t, const Tensor&) { return t.energy() > 2 * limit; };
    return {grow(field, cell, 4, bars), grow(field, cell, 4, texture)};
}

}  // namespace hefang::vision
