#pragma once
#include <algorithm>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>

namespace hefang::hil {

/// What is to be done when, in order of time; for one thread.
class Agenda {
  public:
    using Time = std::chrono::steady_clock::time_point;

    void at(Time when, std::function<void()> act) { acts_.emplace(when, std::move(act)); }
    void in(std::chrono::milliseconds delay, std::function<void()> act) {
        at(std::chrono::steady_clock::now() + delay, std::move(act));
    }
    /// Does everything that is due, also what comes up meanwhile.
    void run_due() {
        while (!acts_.empty() && acts_.begin()->first <= std::chrono::steady_clock::now()) {
            const auto act = std::move(acts_.begin()->second);
            acts_.erase(acts_.begin());
            act();
        }
    }
    [[nodiscard]] bool empty() const { return acts_.empty(); }
    /// Until the next act, at most `most`.
    [[nodiscard]] std::chrono::milliseconds next(std::chrono::milliseconds most) const {
        if (acts_.empty()) return most;
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(acts_.begin()->first - std::chrono::steady_clock::now());
        return std::clamp(left, std::chrono::milliseconds(0), most);
    }

  private:
    std::multimap<Time, std::function<void()>> acts_;
};

}  // namespace hefang::hil
