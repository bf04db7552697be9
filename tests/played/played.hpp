#pragma once
#include "driver/driver.hpp"
#include "link/link.hpp"
#include "reading/reading.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

namespace hefang::test {

/// A clock that goes on only where a test or the script says so.
class PlayedClock final : public Clock {
  public:
    [[nodiscard]] Now now() const override { return {{0}, boot, ClockState::synced}; }
    BootTime boot{1'000'000};
};

/// Keeps what was posted. Thread-safe. Refuses all while `full`.
class Posted final : public driver::Sink {
  public:
    bool post(reading::Reading&& reading, const link::Stop& stop) override {
        std::unique_lock lock(mutex_);
        while (full_) {
            lock.unlock();
            if (stop.wait_for(std::chrono::milliseconds(1))) return false;
            lock.lock();
        }
        readings_.push_back(std::move(reading));
        changed_.notify_all();
        return true;
    }
    void fill(bool full) {
        const std::lock_guard lock(mutex_);
        full_ = full;
    }
    [[nodiscard]] std::vector<reading::Reading> readings() const {
        const std::lock_guard lock(mutex_);
        return readings_;
    }
    template <class T>
    [[nodiscard]] std::vector<T> all() const {
        std::vector<T> out;
        for (const auto& r : readings()) {
            if (const auto* one = std::get_if<T>(&r)) out.push_back(*one);
        }
        return out;
    }
    /// Waits at most 5 s until `count` readings of kind T are there.
    template <class T>
    [[nodiscard]] bool wait_for(std::size_t count) {
        std::unique_lock lock(mutex_);
        return changed_.wait_for(lock, std::chrono::seconds(5), [&] {
            std::size_t n = 0;
            for (const auto& r : readings_) n += std::holds_alternative<T>(r) ? 1U : 0U;
            return n >= count;
        });
    }

  private:
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<reading::Reading> readings_;
    bool full_ = false;
};

/// What a device says, step by step; each read takes one step. Nothing left: the device hangs up.
struct Step {
    std::string bytes;          ///< empty: silence, for which the read's limit passes on the clock
    std::int64_t after_ms = 0;  ///< passes on the clock before the bytes are there
};

/// A dialogue that must be played to its end: finished() is false while steps are left.
class Script {
  public:
    explicit Script(PlayedClock& clock) : clock_(clock) {}
    Script& say(std::string bytes, std::int64_t after_ms = 0) {
        steps_.push_back({std::move(bytes), after_ms});
        return *this;
    }
    Script& silence() { return say(""); }
    [[nodiscard]] bool finished() const { return steps_.empty(); }

    Result<std::size_t> next(std::span<char> into, std::chrono::milliseconds limit) {
        if (steps_.empty()) return fail(Errc::closed, "the script is over");
        auto& step = steps_.front();
        if (step.bytes.empty() || step.after_ms > limit.count()) {
            clock_.boot = clock_.boot + limit.count();
            step.after_ms -= limit.count();
            if (step.bytes.empty()) steps_.pop_front();
            return fail(Errc::timeout, "silence");
        }
        clock_.boot = clock_.boot + step.after_ms;
        const auto n = std::min(into.size(), step.bytes.size());
        std::copy_n(step.bytes.begin(), n, into.begin());
        if (n < step.bytes.size()) {
            step = {step.bytes.substr(n), 0};
        } else {
            steps_.pop_front();
        }
        return n;
    }

  private:
    PlayedClock& clock_;
    std::deque<Step> steps_;
};

class ScriptLink final : public link::Link {
  public:
    explicit ScriptLink(Script& script) : script_(script) {}
    Result<std::size_t> read_some(std::span<char> into, std::chrono::milliseconds limit,
                                  const link::Stop& stop) override {
        if (stop.requested()) return fail(Errc::closed, "stop requested");
        return script_.next(into, limit);
    }
    Result<void> write_all(std::string_view, std::chrono::milliseconds, const link::Stop&) override {
        throw std::logic_error("this device takes no commands");
    }
    void close() noexcept override {}

  private:
    Script& script_;
};

/// Opens the same script again and again; fails while `broken`.
class ScriptEndpoint final : public link::Endpoint {
  public:
    explicit ScriptEndpoint(Script& script) : script_(script) {}
    Result<std::unique_ptr<link::Link>> open(std::chrono::milliseconds, const link::Stop&) override {
        return std::make_unique<ScriptLink>(script_);
    }

  private:
    Script& script_;
};

/// All that a driver needs to live on a script.
struct Stage {
    PlayedClock clock;
    Script script{clock};
    Posted posted;
    Counters counters;
    link::Stop stop;
    int alive = 0;  // Sign::data
    int links = 0;  // Sign::link
    driver::Driver::Context context{clock, posted, counters, stop,
                                    [this](driver::Sign sign) { ++(sign == driver::Sign::data ? alive : links); }};

    std::unique_ptr<link::Endpoint> endpoint() { return std::make_unique<ScriptEndpoint>(script); }
};

}  // namespace hefang::test
