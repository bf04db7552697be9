#include "vision/read_codes.hpp"

#include "vision/looks.hpp"
#include "vision/read_one.hpp"

#include <algorithm>
#include <cmath>

#include <opencv2/imgproc.hpp>

namespace hefang::vision {
namespace {

constexpr int small_pixels = 400'000;  // up to here the whole picture is looked at as it is
constexpr int cell = 8;                // of the picture that is searched

Region enlarged(Region r, float by) {
    r.centre *= by;
    r.across *= by;
    r.along *= by;
    return r;
}

/// True when the middle of `inner` lies within `outer`.
bool covers(const Region& outer, const Region& inner) {
    const cv::Point2f d = inner.centre - outer.centre;
    const float c = std::cos(outer.angle), s = std::sin(outer.angle);
    return std::fabs(d.x * c + d.y * s) <= outer.across / 2 && std::fabs(-d.x * s + d.y * c) <= outer.along / 2;
}

void look_at_whole(Look& look) {
    const GreyView view{look.grey.ptr<std::uint8_t>(), look.grey.cols, look.grey.rows, look.grey.step};
    if (auto code = read_one(view, Kinds::all, Contrast::local, look.options.upc_e))
        look.agreement.saw(std::move(*code), untreated, Agreement::no_region);
}

}  // namespace

std::vector<codec::SeenCode> read_codes(const GreyView& picture, const codec::SightOptions& options,
                                        const std::function<bool()>& over) {
    if (picture.width < least_side || picture.height < least_side) return {};
    // Nothing here writes into the picture.
    Look look{cv::Mat(picture.height, picture.width, CV_8U, const_cast<std::uint8_t*>(picture.data), picture.stride),
              options, over, Agreement(options)};
    const bool small = picture.width * picture.height <= small_pixels;
    if (small) look_at_whole(look);
    cv::Mat searched = look.grey;
    if (!small) cv::resize(look.grey, searched, {}, 0.5, 0.5, cv::INTER_AREA);
    const auto located = locate(searched, cell);
    const float by = small ? 1 : 2;
    int region = 0;
    std::vector<Region> done;
    for (const auto& found : located.bars) {
        if (over()) break;
        const Region where = enlarged(found, by);
        look_at_bars(look, where, region);
        if (look.agreement.settled(region++)) done.push_back(where);
    }
    for (const auto& found : located.textures) {
        if (over()) break;
        const Region where = enlarged(found, by);
        if (std::any_of(done.begin(), done.end(), [&](const Region& d) { return covers(d, where); })) continue;
        look_at_matrix(look, where, region++);
    }
    return look.agreement.told();
}

}  // namespace hefang::vision
