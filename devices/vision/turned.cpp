#include "vision/turned.hpp"

#include <cmath>
#include <cstdint>

#include <opencv2/imgproc.hpp>

namespace hefang::vision {
namespace {

/// How far the bars of a nearly upright strip still lean, in radians.
float lean_of(const cv::Mat& strip) {
    double xx = 0, yy = 0, xy = 0;
    for (int y = 1; y < strip.rows - 1; ++y) {
        const auto *above = strip.ptr<std::uint8_t>(y - 1), *here = strip.ptr<std::uint8_t>(y),
                   *below = strip.ptr<std::uint8_t>(y + 1);
        int rxx = 0, ryy = 0, rxy = 0;
        for (int x = 1; x < strip.cols - 1; ++x) {
            const int dx = here[x + 1] - here[x - 1], dy = below[x] - above[x];
            rxx += dx * dx, ryy += dy * dy, rxy += dx * dy;
        }
        xx += rxx, yy += ryy, xy += rxy;
    }
    return static_cast<float>(std::atan2(2 * xy, xx - yy) / 2);
}

}  // namespace

cv::Mat turned(const cv::Mat& grey, const Region& where, float margin, double scale) {
    const auto side = [&](float extent) {
        return static_cast<int>(std::lround((static_cast<double>(extent) + 2.0 * static_cast<double>(margin)) * scale));
    };
    const cv::Size size(side(where.across), static_cast<int>(std::lround(static_cast<double>(where.along) * scale)));
    if (size.width < 1 || size.height < 1) return {};
    const double c = std::cos(static_cast<double>(where.angle)), s = std::sin(static_cast<double>(where.angle));
    const double cx = (size.width - 1) / 2.0, cy = (size.height - 1) / 2.0;
    // From the result's pixels to the picture's.
    const cv::Matx23d back(c / scale, -s / scale, static_cast<double>(where.centre.x) - (c * cx - s * cy) / scale,
                           s / scale, c / scale, static_cast<double>(where.centre.y) - (s * cx + c * cy) / scale);
    cv::Mat out;
    cv::warpAffine(grey, out, back, size, cv::INTER_LINEAR | cv::WARP_INVERSE_MAP, cv::BORDER_CONSTANT, cv::Scalar(0));
    return out;
}

cv::Mat upright(const cv::Mat& grey, Region where, float margin, double scale) {
    const cv::Mat leaning = turned(grey, where, margin, scale);
    if (leaning.empty()) return leaning;
    where.angle += lean_of(leaning);
    return turned(grey, where, margin, scale);
}

}  // namespace hefang::vision
