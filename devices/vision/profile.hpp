#pragma once
#include <vector>

namespace hefang::vision {

/// Brightness along a line across the bars.
using Profile = std::vector<float>;

/// Between the samples by a smooth curve: `factor` times as many.
[[nodiscard]] Profile finer(const Profile& profile, int factor);
/// Edges made steeper: what a mean over 2 × `radius` + 1 samples took away is added `gain` times.
[[nodiscard]] Profile sharpened(const Profile& profile, int radius, float gain);
/// What a motion over `length` samples made of it, taken back step by step; noise grows with `steps`.
[[nodiscard]] Profile unmoved(const Profile& profile, int length, int steps);
/// 0 or 255, by the middle between the darkest and the brightest within `reach` samples: bars that blur has made
/// flat still differ from their neighbours. Changes smaller than `least` times the whole range count as none.
[[nodiscard]] Profile halved(const Profile& profile, float least);
/// Begins and ends in a quiet zone where there is one, that is white longer than any space within; elsewhere it begins
/// and ends black, since the reader takes any white at the end of a line for a quiet zone that nobody saw.
[[nodiscard]] Profile framed(const Profile& profile);
/// Black for white: print that is lighter than its ground.
[[nodiscard]] Profile inverted(const Profile& profile);
/// The whole range of brightness spread to 0 … 255.
[[nodiscard]] Profile spread(const Profile& profile);

}  // namespace hefang::vision
