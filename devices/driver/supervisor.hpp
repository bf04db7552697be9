#pragma once
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/strong.hpp"
#include "driver/back_off.hpp"
#include "driver/config.hpp"
#include "driver/driver.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace hefang::driver {

/// `starting`: no sign of life and no failure yet. `stopped`: before start() and after stop().
enum class DeviceState { stopped, starting, up, lost };
[[nodiscard]] std::string_view name(DeviceState state);

/// One device as the device page and /metrics show it.
struct DeviceStatus {
    DeviceId id;
    std::string kind;
    std::string link;
    DeviceState state = DeviceState::stopped;
    std::optional<BootTime> last_data;  ///< the last sign of life
    std::string last_error;             ///< why the last life ended; kept while it is up again
    std::string condition;              ///< what the device says of itself ("emergency stop"); empty: nothing
    std::vector<Counters::Row> counters;
};

/// Runs every device on a thread of its own, one life of its link after the other. Posts DeviceRestored at the first
/// sign of life, also at the very first after a start (a loss that was journalled before a restart ends by it), and
/// DeviceLost once when a life ends or none begins. Both stay few: after a life that was up for less than the longest
/// back-off a mere link counts only once it stood for the current back-off, and after 10 such lives in a row nothing
/// does before the longest back-off; then a device that comes and goes stays lost, though what it says is taken. The
/// back-off begins anew after a life in which something valid was said or that lasted. A serial device whose name
/// appears is tried at once, though not sooner than the shortest back-off after the last try. Counters of its own in
/// each device's set: lives, losses, arrivals.
class Supervisor {
  public:
    explicit Supervisor(const Clock& clock, BackOff::Pace pace = {});
    ~Supervisor();
    Supervisor(const Supervisor&) = delete;
    Supervisor& operator=(const Supervisor&) = delete;

    /// Before start(). `sink` outlives the supervisor.
    void add(const DeviceConfig& config, std::unique_ptr<Driver> driver, Sink& sink);
    void start();
    /// Ends every thread within a second; a second call does nothing. The destructor does the same.
    void stop();

    /// In the order of add(). Any thread, any time after the last add().
    [[nodiscard]] std::vector<DeviceStatus> status() const;

  private:
    class Device;
    const Clock& clock_;
    BackOff::Pace pace_;
    std::vector<std::unique_ptr<Device>> devices_;
};

}  // namespace hefang::driver
