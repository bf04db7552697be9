#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <random>

namespace hefang::driver {

/// How long from the start of one try to the start of the next: doubles from `least` to `most`, each ± a quarter by
/// chance within these two, so that a hundred gateways do not knock at the same moment. The same seed gives the same
/// row.
class BackOff {
  public:
    using Ms = std::chrono::milliseconds;
    struct Pace {
        Ms least{500};
        Ms most{10'000};
    };
    BackOff(Pace pace, std::uint32_t seed) : pace_(pace), next_(pace.least), random_(seed) {}

    [[nodiscard]] Ms next() {
        const auto quarter = next_.count() / 4;
        std::uniform_int_distribution<std::int64_t> around(std::max(pace_.least.count(), next_.count() - quarter),
                                                           std::min(pace_.most.count(), next_.count() + quarter));
        const Ms out(around(random_));
        next_ = std::min(next_ * 2, pace_.most);
        return out;
    }
    [[nodiscard]] Ms least() const { return pace_.least; }
    [[nodiscard]] Ms most() const { return pace_.most; }
    /// After a life that was worth something.
    void reset() { next_ = pace_.least; }

  private:
    Pace pace_;
    Ms next_;
    std::minstd_rand random_;
};

}  // namespace hefang::driver
