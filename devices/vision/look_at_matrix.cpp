#include "vision/looks.hpp"
#include "vision/read_one.hpp"
#include "vision/turned.hpp"

#include <algorithm>

#include <opencv2/imgproc.hpp>

namespace hefang::vision {
namespace {

constexpr float largest_matrix = 1'400;  // pixels of a side
constexpr float least_parallel = 0.25F;  // of a texture whose bars tell how it is turned
constexpr float small_matrix = 260;      // enlarged below it

GreyView view_of(const cv::Mat& grey) { return {grey.ptr<std::uint8_t>(), grey.cols, grey.rows, grey.step}; }

cv::Mat steeper(const cv::Mat& grey, double sigma, double gain) {
    cv::Mat soft, out;
    cv::GaussianBlur(grey, soft, {}, sigma);
    cv::addWeighted(grey, 1 + gain, soft, -gain, 0, out);
    return out;
}

}  // namespace

void look_at_matrix(Look& look, const Region& where, int region) {
    const float longest = std::max(where.across, where.along), shortest = std::min(where.across, where.along);
    if (longest > largest_matrix || shortest < 12) return;
    Region with_quiet = where;
    const float margin = 8 + shortest * 0.08F;
    with_quiet.along += 2 * margin;
    const double scale = longest < small_matrix ? 2 : 1;
    // PDF417 has to lie upright; the others are found as they lie.
    const cv::Mat piece = where.parallel > least_parallel ? upright(look.grey, with_quiet, margin, scale)
                                                          : turned(look.grey, with_quiet, margin, scale);
    for (int t = 0; t < 4 && !look.agreement.settled(region); ++t) {
        if (look.over()) return;
        cv::Mat treated = piece;
        if (t == 1) treated = steeper(piece, 1.5 * scale, 1.5);
        if (t == 2) treated = steeper(piece, 3 * scale, 2);
        if (t == 3) cv::bitwise_not(piece, treated);
        auto code = read_one(view_of(treated), Kinds::matrix, Contrast::local, look.options.upc_e);
        if (code) look.agreement.saw(std::move(*code), t + 1, region);
    }
}

}  // namespace hefang::vision
