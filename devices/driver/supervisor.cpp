#include "driver/supervisor.hpp"

#include "base/log.hpp"
#include "base/text.hpp"
#include "link/name_watch.hpp"

#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

namespace hefang::driver {
namespace {

constexpr std::size_t longest_detail = 200;
constexpr std::size_t longest_condition = 200;
constexpr unsigned most_short_lives = 10;  // then only a life that lasts is a return

}  // namespace

std::string_view name(DeviceState state) {
    switch (state) {
        case DeviceState::stopped: return "stopped";
        case DeviceState::starting: return "starting";
        case DeviceState::up: return "up";
        case DeviceState::lost: return "lost";
    }
    return "stopped";
}

class Supervisor::Device {
  public:
    Device(const Clock& clock, const DeviceConfig& config, std::unique_ptr<Driver> driver, Sink& sink,
           BackOff::Pace pace)
        : clock_(clock),
          link_(config.link),
          driver_(std::move(driver)),
          sink_(sink),
          back_off_(pace, static_cast<std::uint32_t>(std::hash<DeviceId>{}(config.id))) {
        status_.id = config.id;
        status_.kind = config.kind;
        status_.link = link::to_text(config.link);
    }

    void start() {
        set_state(DeviceState::starting);
        thread_ = std::jthread([this] { run(); });
    }
    void request_stop() { stop_.request(); }
    void join() {
        if (thread_.joinable()) thread_.join();
        set_state(DeviceState::stopped);
    }

    [[nodiscard]] DeviceStatus status() const {
        DeviceStatus out;
        {
            const std::lock_guard lock(mutex_);
            out = status_;
        }
        out.counters = counters_.rows();
        return out;
    }

  private:
    void run() {
        while (!stop_.requested()) {
            began_ = clock_.now().boot;
            up_since_.reset();
            spoke_ = false;
            counters_.add("lives");
            const bool was_there = link::has_name(link_);
            const auto error = one_life();
            if (stop_.requested()) return;
            link::NameWatch arrival(link_);
            ended(error);
            const bool lasted = up_since_ && clock_.now().boot - *up_since_ >= back_off_.most().count();
            if (lasted || spoke_) back_off_.reset();
            if (lasted) short_lives_ = 0;
            if (up_since_ && !lasted) ++short_lives_;
            const auto pause = back_off_.next();
            trial_ = short_lives_ >= most_short_lives ? back_off_.most() : short_lives_ > 0 ? pause : BackOff::Ms(0);
            const bool came = !was_there && link::has_name(link_);  // between the try and the watch
            if (!rest(pause, came, arrival)) return;
        }
    }

    /// Waits until `pause` after the life's begin, or until the device is plugged in again, though never less than the
    /// shortest back-off; false when stop was requested.
    [[nodiscard]] bool rest(BackOff::Ms pause, bool came, link::NameWatch& arrival) {
        using Woken = link::NameWatch::Woken;
        const auto left = [this](BackOff::Ms of) { return BackOff::Ms(began_ + of.count() - clock_.now().boot); };
        const auto woken = came ? Woken::arrived : arrival.wait_for(left(pause), stop_);
        if (woken == Woken::stopped) return false;
        if (woken == Woken::nothing) return true;
        counters_.add("arrivals");
        back_off_.reset();
        const auto rest_of_least = left(back_off_.least());
        return rest_of_least.count() <= 0 || !stop_.wait_for(rest_of_least);
    }

    Error one_life() {
        Driver::Context context{clock_,
                                sink_,
                                counters_,
                                stop_,
                                [this](Sign sign) { alive(sign); },
                                trial_,
                                [this](std::string_view text) { set_condition(text); }};
        try {
            return driver_->live(context);
        } catch (const std::exception& e) {  // a bug or no memory: this device fails, the others go on
            return {Errc::refused, std::string("internal: ") + e.what()};
        }
    }

    /// Whether this life may end the loss: data at once, unless the device comes and goes; a mere link after its trial.
    [[nodiscard]] bool counts(Sign sign) const {
        if (sign == Sign::data && short_lives_ < most_short_lives) return true;
        return clock_.now().boot - began_ >= trial_.count();
    }

    void alive(Sign sign) {
        spoke_ = spoke_ || sign == Sign::data;
        const auto at = clock_.now().boot;
        {
            const std::lock_guard lock(mutex_);
            status_.last_data = at;
            if (status_.state == DeviceState::up || !counts(sign)) return;
            status_.state = DeviceState::up;
        }
        up_since_ = at;
        log(LogLevel::info, status_.id.text(), "up link=" + status_.link);
        // False only when stop was requested; the thread then ends by itself.
        (void)sink_.post(reading::DeviceRestored{status_.id, at}, stop_);
    }

    void set_condition(std::string_view text) {
        const std::lock_guard lock(mutex_);
        status_.condition = printable(text, longest_condition);
    }

    void ended(const Error& error) {
        const auto detail = printable(error.detail, longest_detail);
        {
            const std::lock_guard lock(mutex_);
            status_.last_error = detail;
            status_.condition.clear();
            if (status_.state == DeviceState::lost) return;
            status_.state = DeviceState::lost;
        }
        counters_.add("losses");
        log(LogLevel::warn, status_.id.text(), "lost: " + detail);
        (void)sink_.post(reading::DeviceLost{status_.id, clock_.now().boot, detail}, stop_);
    }

    void set_state(DeviceState state) {
        const std::lock_guard lock(mutex_);
        status_.state = state;
    }

    const Clock& clock_;
    const link::LinkAddress link_;
    const std::unique_ptr<Driver> driver_;
    Sink& sink_;
    BackOff back_off_;  // this and the next five: the device's thread
    BootTime began_;
    std::optional<BootTime> up_since_;  // in this life
    bool spoke_ = false;                // in this life
    unsigned short_lives_ = 0;          // in a row that were up and ended within the longest back-off
    BackOff::Ms trial_{0};              // of this life
    link::Stop stop_;
    Counters counters_;
    mutable std::mutex mutex_;
    DeviceStatus status_;  // guarded by mutex_, except id, kind and link, which never change
    std::jthread thread_;
};

Supervisor::Supervisor(const Clock& clock, BackOff::Pace pace) : clock_(clock), pace_(pace) {}

Supervisor::~Supervisor() { stop(); }

void Supervisor::add(const DeviceConfig& config, std::unique_ptr<Driver> driver, Sink& sink) {
    devices_.push_back(std::make_unique<Device>(clock_, config, std::move(driver), sink, pace_));
}

void Supervisor::start() {
    for (const auto& device : devices_) device->start();
}

void Supervisor::stop() {
    for (const auto& device : devices_) device->request_stop();
    for (const auto& device : devices_) device->join();
}

std::vector<DeviceStatus> Supervisor::status() const {
    std::vector<DeviceStatus> out;
    for (const auto& device : devices_) out.push_back(device->status());
    return out;
}

}  // namespace hefang::driver
