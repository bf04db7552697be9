#pragma once
#include <vector>

#include <opencv2/core.hpp>

namespace hefang::vision {

/// A place that may hold a code, as a rectangle turned by `angle`; all in pixels of the picture it was found in.
struct Region {
    cv::Point2f centre;
    float across = 0;  ///< extent along `angle`, that is across the bars of a linear code
    float along = 0;   ///< extent at right angles to it
    float angle = 0;   ///< radians from the x axis to the direction in which brightness changes most; −π/2 … π/2
    float parallel = 0;  ///< 0: changes in every direction alike (matrix, text) … 1: in one only (bars)
    float strength = 0;  ///< for ordering: the likeliest first
};

/// Regions of bars and regions of any strong texture, each sorted by strength. `cell`: side of the squares that are
/// judged as a whole, in pixels.
struct Located {
    std::vector<Region> bars, textures;
};
[[nodiscard]] Located locate(const cv::Mat& grey, int cell);

constexpr std::size_t most_regions = 16;  ///< of each sort

}  // namespace hefang::vision
