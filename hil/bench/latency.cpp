#include "bench/floor.hpp"
#include "bench/messages.hpp"
#include "bench/site.hpp"
#include "bench/table.hpp"
#include "hil/stand.hpp"
#include "link/modbus.hpp"

#include <array>
#include <deque>
#include <fstream>
#include <iterator>
#include <mutex>
#include <random>
#include <thread>
#include <unordered_map>

namespace hefang::bench {
namespace {

constexpr int lines = 4;
constexpr auto scan_after = std::chrono::milliseconds(30);  // the induction is in the ring and polled by then
constexpr std::size_t fact_bytes = 1'300;

/// When each scan was written, by line and sequence; how long until its command began to arrive.
class Watch {
  public:
    void scanned(int line, std::uint16_t sequence, Steady::time_point at) {
        const std::lock_guard lock(mutex_);
        open_[key(line, sequence)] = at;
    }
    void commanded(int line, std::uint16_t sequence, Steady::time_point at) {
        const std::lock_guard lock(mutex_);
        const auto found = open_.find(key(line, sequence));
        if (found == open_.end()) return;
        micros_.push_back(std::chrono::duration<double>(at - found->second).count() * 1e6);
        open_.erase(found);
    }
    [[nodiscard]] std::vector<double> take(std::size_t& unanswered) {
        const std::lock_guard lock(mutex_);
        unanswered = open_.size();
        open_.clear();
        return std::exchange(micros_, {});
    }

  private:
    static int key(int line, std::uint16_t sequence) { return line << 16 | sequence; }
    std::mutex mutex_;
    std::unordered_map<int, Steady::time_point> open_;
    std::vector<double> micros_;
};

/// Commit and round trip without a gateway, at the same pace; microseconds.
std::vector<double> floor_run(const std::string& folder, int port, double rate, double seconds) {
    RawCommit commit(folder, fact_bytes);
    const link::Stop never;
    auto modbus = link::Modbus::connect("127.0.0.1", port, 1, std::chrono::milliseconds(500), never);
    std::vector<double> micros;
    if (!modbus) return micros;
    std::mt19937 random(7);
    std::exponential_distribution<double> gap(rate);
    std::array<std::uint16_t, 33> registers{};
    const auto until = Steady::now() + std::chrono::duration<double>(seconds);
    for (auto next = Steady::now(); next < until;) {
        next += std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(gap(random)));
        std::this_thread::sleep_until(next);
        const auto from = Steady::now();
        (void)commit.once();
        (void)modbus->read_registers(0, registers);
        micros.push_back(seconds_since(from) * 1e6);
    }
    return micros;
}

struct Due {
    Steady::time_point at;
    int line;
    std::uint16_t sequence;
};

/// Parcels at `rate` a second over all lines, arrivals at random.
void drive(hil::Stand& stand, Watch& watch, double rate, double seconds, std::uint64_t& number) {
    std::mt19937 random(11);
    std::exponential_distribution<double> gap(rate);
    std::deque<Due> due;
    const auto until = Steady::now() + std::chrono::duration<double>(seconds);
    auto next = Steady::now();
    for (int turn = 0; next < until || !due.empty(); ++turn) {
        if (next < until && (due.empty() || next <= due.front().at)) {
            std::this_thread::sleep_until(next);
            const int line = turn % lines;
            due.push_back({Steady::now() + scan_after, line, stand.lines[static_cast<std::size_t>(line)]->induct()});
            next += std::chrono::duration_cast<Steady::duration>(std::chrono::duration<double>(gap(random)));
            continue;
        }
        const Due scan = due.front();
        due.pop_front();
        std::this_thread::sleep_until(scan.at);
        watch.scanned(scan.line, scan.sequence, Steady::now());
        (void)stand.lines[static_cast<std::size_t>(scan.line)]->scan({scattered(++number)}, scan.sequence);
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
}

void report(const std::string& figure, hil::Stand& stand, Watch& watch, double rate, double seconds,
            std::uint64_t& number, const std::string& aim) {
    auto floor = floor_run(stand.folder(), stand.lines[0]->sorter->port(), rate, seconds / 6);
    std::size_t unanswered = 0;
    (void)watch.take(unanswered);
    drive(stand, watch, rate, seconds, number);
    auto measured = watch.take(unanswered);
    const auto after = floor_run(stand.folder(), stand.lines[0]->sorter->port(), rate, seconds / 6);
    floor.insert(floor.end(), after.begin(), after.end());
    const auto samples = std::to_string(measured.size()) + ", floor " + std::to_string(floor.size()) + ", unanswered " +
                         std::to_string(unanswered);
    const double p50 = percentile(measured, 0.5), floor50 = percentile(floor, 0.5);
    const double p99 = percentile(measured, 0.99), floor99 = percentile(floor, 0.99);
    print({figure + " p50", format("%.0f us", p50), format("%.0f us", floor50), format("%.2f", p50 / floor50), aim,
           samples});
    print({figure + " p99", format("%.0f us", p99), format("%.0f us", floor99), format("%.2f", p99 / floor99), "<= 3",
           samples});
}

}  // namespace

void bench_latency(const Scale& scale) {
    link::Stop stop;
    hil::SiteSpec spec;
    const Folder platform("/dev/shm");  // on a site the platform's disk is not the gateway's
    spec.platform_folder = platform.path;
    spec.lines.clear();
    for (int i = 0; i < lines; ++i) {
        hil::LineSpec line;
        line.id = "line-" + std::to_string(i + 1);
        line.travel_ms = 800;
        spec.lines.push_back(line);
    }
    auto stand = hil::Stand::build(spec, stop);
    if (const auto started = stand ? (*stand)->start_all() : tl::unexpected(stand.error()); !started) {
        std::fprintf(stderr, "latency: %s\n", started.error().detail.c_str());
        return;
    }
    Watch watch;
    for (int i = 0; i < lines; ++i) {
        (*stand)->lines[static_cast<std::size_t>(i)]->sorter->watch_commands(
            [&watch, i](std::uint16_t sequence, Steady::time_point at) { watch.commanded(i, sequence, at); });
    }
    std::uint64_t number = 0;
    report("scan to command, 100/s", **stand, watch, 100, scale.seconds, number, "<= 1.6");
    report("scan to command, 500/s", **stand, watch, 500, scale.seconds, number, "<= 2.0");

    Folder messages;
    const auto files = write_files(messages.path, 700'000'000, 5 * file_rows);
    std::thread import([&] {
        for (const auto& file : files) {
            std::ifstream in(file);
            (void)(*stand)->drop(std::string(std::istreambuf_iterator<char>(in), {}), "CEB621");
        }
    });
    report("scan to command, 100/s, import under way", **stand, watch, 100, scale.seconds, number,
           "<= 2, p99 <= 10 ms");
    import.join();
    for (auto& line : (*stand)->lines) line->sorter->watch_commands({});
}

}  // namespace hefang::bench
