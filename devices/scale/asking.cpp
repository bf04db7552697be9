#include "scale/asking.hpp"

#include <algorithm>

namespace hefang::driver {

void Asking::answered(BootTime now) {
    state_ = State::resting;
    until_ = std::max(now, asked_at_ + rule_.period_ms);
}

bool Asking::given_up(BootTime now) {
    if (state_ != State::waiting || now < until_) return false;
    disturbed(now);
    return true;
}

}  // namespace hefang::driver
