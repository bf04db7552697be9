#include "bench/table.hpp"
#include "catalog/catalog.hpp"
#include "driver/supervisor.hpp"
#include "hil/scale_sim.hpp"

#include <sys/resource.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <thread>

#include <unistd.h>

namespace hefang::bench {
namespace {

using namespace std::chrono_literals;

constexpr int devices = 32;
constexpr int frames_a_second = 640;  // 18 bytes of Toledo continuous at 115200 baud, without a pause
constexpr double longest_run = 10;    // seconds

double cpu_seconds() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// The far ends of all lines, fed by a process of its own, so that this one's CPU time is the readers'.
class Lines {
  public:
    explicit Lines(const std::string& folder) {
        for (int i = 0; i < devices; ++i) {
            auto wire = hil::PtyWire::open(folder + "/scale-" + std::to_string(i)).value();
            sims_.push_back(std::make_unique<hil::ScaleSim>(std::move(wire)));
        }
    }
    /// Feeds for so many seconds; frames sent to each device, 0 when a line did not take them.
    [[nodiscard]] int feed(double seconds) {
        const int due = static_cast<int>(seconds * frames_a_second);
        const auto child = ::fork();
        if (child == 0) ::_exit(sent(due) ? 0 : 1);
        int status = 1;
        ::waitpid(child, &status, 0);
        return status == 0 ? due : 0;
    }
    [[nodiscard]] std::string address(int i) const { return sims_[static_cast<std::size_t>(i)]->address(); }

  private:
    [[nodiscard]] bool sent(int due) {
        const auto begin = Steady::now();
        for (int i = 0; i < due; ++i) {
            std::this_thread::sleep_until(begin + std::chrono::microseconds(1'000'000LL * i / frames_a_second));
            for (auto& sim : sims_)
                if (!sim->tick()) return false;
        }
        return true;
    }
    std::vector<std::unique_ptr<hil::ScaleSim>> sims_;
};

/// The share of one core that it costs to read all lines and do nothing with the bytes.
double floor_share(double seconds) {
    const Folder folder;
    Lines lines(folder.path);
    const link::Stop stop;
    std::vector<std::unique_ptr<link::Link>> links;
    for (int i = 0; i < devices; ++i)
        links.push_back(link::open_link(link::parse_link(lines.address(i)).value(), 1s, stop).value());
    const auto before = cpu_seconds();
    std::vector<std::jthread> readers;
    for (auto& link : links)
        readers.emplace_back([&] {
            std::array<char, 1024> buffer{};
            while (link->read_some(buffer, 1s, stop)) {
            }
        });
    const int sent = lines.feed(seconds);
    readers.clear();
    return sent > 0 ? (cpu_seconds() - before) / seconds : 0;
}

struct Nowhere final : driver::Sink {
    bool post(reading::Reading&&, const link::Stop& stop) override { return !stop.requested(); }
};

struct Outcome {
    double share = 0;
    std::uint64_t sent = 0, taken = 0;
};

std::uint64_t frames_of(const driver::Supervisor& supervisor) {
    std::uint64_t all = 0;
    for (const auto& device : supervisor.status())
        for (const auto& row : device.counters) all += row.name == "frames" ? row.value : 0;
    return all;
}

Outcome drivers_share(double seconds) {
    const Folder folder;
    Lines lines(folder.path);
    const SystemClock clock;
    Nowhere nowhere;
    driver::Supervisor supervisor(clock);
    for (int i = 0; i < devices; ++i) {
        const driver::DeviceConfig config{DeviceId("scale-" + std::to_string(i)),
                                          "scale",
                                          "toledo-continuous",
                                          link::parse_link(lines.address(i)).value(),
                                          {{"interval_g", "5"}}};
        supervisor.add(config, std::move(driver::make(config).value().driver), nowhere);
    }
    const auto before = cpu_seconds();
    supervisor.start();
    std::this_thread::sleep_for(300ms);  // all are open: what came before is dropped
    Outcome out;
    out.sent = static_cast<std::uint64_t>(lines.feed(seconds)) * devices;
    for (int i = 0; i < 100 && frames_of(supervisor) < out.sent; ++i) std::this_thread::sleep_for(10ms);
    out.taken = frames_of(supervisor);
    out.share = (cpu_seconds() - before) / seconds;
    supervisor.stop();
    return out;
}

}  // namespace

void bench_devices(const Scale& scale) {
    const double seconds = std::min(scale.seconds, longest_run);
    const auto floor = floor_share(seconds);
    const auto out = drivers_share(seconds);
    print({"32 serial scales at full rate: of one core", format("%.1f %%", 100 * out.share),
           format("%.1f %%", 100 * floor), format("%.2f", floor > 0 ? out.share / floor : 0), "nothing lost",
           std::to_string(out.sent) + " frames, " + std::to_string(out.sent - out.taken) + " lost"});
}

}  // namespace hefang::bench
