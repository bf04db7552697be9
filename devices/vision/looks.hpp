#pragma once
#include "vision/agreement.hpp"
#include "vision/locate.hpp"

#include <functional>

namespace hefang::vision {

/// One picture while it is looked at.
struct Look {
    cv::Mat grey;
    const codec::SightOptions& options;
    const std::function<bool()>& over;
    Agreement agreement;
};

/// Looks for a linear code in a region: turns it upright, averages along the bars, and tries treatments of what is left
/// (a few lines of brightness) until something counts. `region` numbers it.
void look_at_bars(Look& look, const Region& where, int region);

/// Looks for a QR code, Data Matrix or PDF417 in a region.
void look_at_matrix(Look& look, const Region& where, int region);

}  // namespace hefang::vision
