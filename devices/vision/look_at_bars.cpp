#include "vision/looks.hpp"
#include "vision/profile.hpp"
#include "vision/read_one.hpp"
#include "vision/turned.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

#include <opencv2/imgproc.hpp>

namespace hefang::vision {
namespace {

constexpr float longest_bars = 3'000;  // pixels of a strip; what is longer is no label
constexpr int stripe_rows = 20;        // averaged at a time: more shows skew and creases
constexpr int most_stripes = 5;
constexpr std::size_t most_samples = 6'000;  // of a line that is given to the reader

/// Lines of brightness, one a stripe, the middle one first.
using Stripes = std::vector<Profile>;

cv::Mat averaged(const cv::Mat& strip, int top, int rows) {
    cv::Mat line;
    cv::reduce(strip.rowRange(top, top + rows), line, 0, cv::REDUCE_AVG, CV_32F);
    return line;
}

Stripes stripes_of(const cv::Mat& strip) {
    // The outer rows are mostly the end of the bars.
    const int trim = strip.rows / 8, usable = strip.rows - 2 * trim;
    const int count = std::clamp(usable / stripe_rows, 1, most_stripes);
    const int rows = std::min(usable / count, 2 * stripe_rows);
    Stripes out;
    for (int k = 0; k < count; ++k) {
        // Middle, then alternately above and below.
        const int place = count / 2 + (k % 2 == 0 ? 1 : -1) * ((k + 1) / 2) * (count % 2 == 0 && k % 2 == 0 ? -1 : 1);
        const int at = std::clamp(place, 0, count - 1);
        const int top = trim + at * usable / count + (usable / count - rows) / 2;
        const cv::Mat line = averaged(strip, top, rows);
        out.push_back(framed(Profile(line.ptr<float>(), line.ptr<float>() + line.cols)));
    }
    return out;
}

/// A treatment of a line of brightness; the result is enlarged `factor` times.
using Treat = Profile (*)(const Profile&, int factor);
constexpr std::array<Treat, 12> ladder{
    [](const Profile& p, int f) { return spread(finer(p, f)); },
    [](const Profile& p, int f) { return spread(finer(sharpened(p, 3, 0.7F), f)); },
    [](const Profile& p, int f) { return halved(finer(p, f), 0.12F); },
    [](const Profile& p, int f) { return halved(finer(sharpened(p, 2, 1.5F), f), 0.10F); },
    [](const Profile& p, int f) { return halved(finer(unmoved(p, 3, 4), f), 0.10F); },
    [](const Profile& p, int f) { return halved(finer(unmoved(p, 5, 6), f), 0.10F); },
    [](const Profile& p, int f) { return halved(finer(unmoved(p, 7, 8), f), 0.10F); },
    [](const Profile& p, int f) { return halved(finer(unmoved(p, 9, 10), f), 0.10F); },
    [](const Profile& p, int f) { return halved(finer(sharpened(p, 4, 2.5F), f), 0.08F); },
    [](const Profile& p, int f) { return halved(finer(unmoved(p, 12, 12), f), 0.10F); },
    [](const Profile& p, int f) { return inverted(halved(finer(p, f), 0.12F)); },
    [](const Profile& p, int f) { return inverted(halved(finer(sharpened(p, 2, 1.5F), f), 0.10F)); },
};

constexpr std::size_t in_grey = 2;  ///< the first ones leave it to the reader to tell black from white

/// The two that stay grey are much alike: EAN-13 and UPC take them for one. EAN-8, which needs three, counts both.
Treatment treatment_of(std::size_t step, codec::Symbology symbology) {
    const bool weak = symbology == codec::Symbology::ean13 || symbology == codec::Symbology::upc_a ||
                      symbology == codec::Symbology::upc_e;
    return weak && step < in_grey ? 1 : static_cast<Treatment>(step) + 1;
}

/// The treated lines as a picture of few rows; what is shorter than the longest is black at its end.
GreyImage picture_of(const Stripes& stripes, Treat treat, int factor) {
    std::vector<Profile> lines;
    GreyImage out;
    for (const auto& stripe : stripes) {
        lines.push_back(treat(stripe, factor));
        out.width = std::max(out.width, static_cast<int>(lines.back().size()));
    }
    out.height = static_cast<int>(lines.size());
    out.pixels.resize(static_cast<std::size_t>(out.width) * lines.size());
    for (std::size_t row = 0; row < lines.size(); ++row) {
        auto* to = &out.pixels[row * static_cast<std::size_t>(out.width)];
        for (const float v : lines[row]) *to++ = static_cast<std::uint8_t>(std::clamp(v, 0.0F, 255.0F));
    }
    return out;
}

}  // namespace

void look_at_bars(Look& look, const Region& where, int region) {
    if (where.across > longest_bars || where.along < 4) return;
    const cv::Mat strip = upright(look.grey, where, 16 + where.across * 0.08F, where.across < 500 ? 2 : 1);
    if (strip.empty() || strip.rows < 3) return;
    const auto stripes = stripes_of(strip);
    // Even steps: what is enlarged three times is read less often.
    std::size_t longest = 0;
    for (const auto& stripe : stripes) longest = std::max(longest, stripe.size());
    const int factor = 4 * longest <= most_samples ? 4 : 2 * longest <= most_samples ? 2 : 1;
    for (std::size_t t = 0; t < ladder.size() && !look.agreement.settled(region); ++t) {
        if (look.over()) return;
        const auto picture = picture_of(stripes, ladder[t], factor);
        auto code =
            read_one(picture.view(), Kinds::bars, t < in_grey ? Contrast::row : Contrast::given, look.options.upc_e);
        if (!code) continue;
        const auto treatment = treatment_of(t, code->symbology);
        look.agreement.saw(std::move(*code), treatment, region);
    }
}

}  // namespace hefang::vision
