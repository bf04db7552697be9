#pragma once
#include "vision/locate.hpp"

namespace hefang::vision {

/// The region with `margin` pixels around it, turned so that `angle` lies along the x axis, `scale` times as large.
/// What lies outside of the picture is black: white would be taken for a quiet zone that nobody saw.
[[nodiscard]] cv::Mat turned(const cv::Mat& grey, const Region& where, float margin, double scale);
/// The same, with the angle measured again on what was cut out: the one of the region comes from a coarser picture.
[[nodiscard]] cv::Mat upright(const cv::Mat& grey, Region where, float margin, double scale);

}  // namespace hefang::vision
