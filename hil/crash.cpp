#include "hil/commands.hpp"
#include "hil/compare.hpp"

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <map>
#include <mutex>
#include <random>
#include <thread>

namespace hefang::hil {
namespace {

constexpr Ms between_telegrams{20};
constexpr Ms patience{20'000};

/// A reader that dials in by TCP and never stops sending. Its numbers say on which connection they went out, and as
/// which: "R2-0007-000123" is the 123rd of reader 2's seventh connection.
class BusyReader {
  public:
    BusyReader(std::size_t index, std::uint16_t port) : index_(index), port_(port), thread_([this] { run(); }) {}
    ~BusyReader() { stop(); }
    void stop() {
        stop_.request();
        if (thread_.joinable()) thread_.join();
    }

    /// How many went out on each connection, by its number from 1.
    [[nodiscard]] std::vector<int> sent() const {
        const std::lock_guard lock(mutex_);
        return sent_;
    }
    [[nodiscard]] int connection() const {
        const std::lock_guard lock(mutex_);
        return static_cast<int>(sent_.size());
    }

  private:
    void run() {
        while (!stop_.requested()) {
            auto peer = link::TcpClientLink::open({"127.0.0.1", port_}, stop_);
            if (!peer) {
                (void)stop_.wait_for(Ms(5));
                continue;
            }
            {
                const std::lock_guard lock(mutex_);
                sent_.push_back(0);
            }
            while (!stop_.requested() && send_next(**peer)) (void)stop_.wait_for(between_telegrams);
        }
    }

    bool send_next(link::Link& peer) {
        char number[32];
        {
            const std::lock_guard lock(mutex_);
            // Counted before it goes: a telegram of which a part went out may arrive or not.
            std::snprintf(number, sizeof number, "R%zu-%04zu-%06d\r\n", index_, sent_.size(), ++sent_.back());
        }
        return peer.write_all(number, Ms(1000), stop_).has_value();
    }

    const std::size_t index_;
    const std::uint16_t port_;
    link::Stop stop_;
    mutable std::mutex mutex_;
    std::vector<int> sent_;
    std::thread thread_;
};

struct Number {
    std::size_t reader = 0, connection = 0;
    int index = 0;
};

std::optional<Number> number_from(const std::string& text) {
    Number n;
    if (std::sscanf(text.c_str(), "R%zu-%zu-%d", &n.reader, &n.connection, &n.index) != 3) return std::nullopt;
    return n;
}

/// Milliseconds since the day began, of "2026-11-23T02:15:07.412Z".
std::int64_t ms_of_day(const std::string& time) {
    int h = 0, m = 0, s = 0, ms = 0;
    if (std::sscanf(time.c_str() + std::min<std::size_t>(time.size(), 11), "%d:%d:%d.%d", &h, &m, &s, &ms) != 4)
        return 0;
    return ((h * 60 + m) * 60 + s) * 1000 + ms;
}

class Crashes {
  public:
    Crashes(const CrashOptions& options, Stand& stand, const std::vector<std::uint16_t>& ports)
        : options_(options), stand_(stand), random_(options.seed) {
        for (std::size_t i = 0; i < ports.size(); ++i) readers_.push_back(std::make_unique<BusyReader>(i, ports[i]));
    }

    Result<void> run() {
        if (auto first = await_scan_of_new_connections(); !first) return first;
        for (int cycle = 1; cycle <= options_.cycles; ++cycle) {
            (void)stand_.stop().wait_for(Ms(50 + random_() % 700));
            if (stand_.stop().requested()) return fail(Errc::closed, "stopped");
            stand_.kill_gateway();
            before_.clear();
            for (const auto& reader : readers_) before_.push_back(reader->connection());
            const auto began = SystemClock().now().wall;
            if (auto up = stand_.start_gateway(); !up) return up;
            if (auto scanned = await_scan_of_new_connections(); !scanned) return scanned;
            note_first_scan(began);
        }
        for (const auto& reader : readers_) reader->stop();
        // What the kernel still holds is taken in: the journal must stand still.
        std::uint64_t seen = 0;
        auto since = std::chrono::steady_clock::now();
        const auto quiet = [&] {
            (void)stand_.look();
            if (stand_.journal.last() != seen) since = std::chrono::steady_clock::now();
            seen = stand_.journal.last();
            return std::chrono::steady_clock::now() - since > Ms(500);
        };
        if (!eventually(stand_.stop(), patience, quiet))
            return fail(Errc::timeout, "the journal does not come to rest");
        return {};
    }

    /// What is on record of each connection is a prefix of what went out on it, and nothing is there twice.
    [[nodiscard]] std::vector<std::string> faults() const {
        std::vector<std::string> out;
        std::map<std::pair<std::size_t, std::size_t>, int> arrived;
        std::size_t cut = 0, connections = 0;
        for (const auto& d : stand_.journal.decisions()) {
            if (d.waybill.empty()) {  // a telegram cut by the end of its connection
                ++cut;
                continue;
            }
            const auto n = number_from(d.waybill);
            if (!n || n->reader >= readers_.size()) {
                out.push_back("a number that nobody sent: '" + d.waybill + "'");
                continue;
            }
            int& last = arrived[{n->reader, n->connection}];
            if (n->index != last + 1)
                out.push_back("connection " + std::to_string(n->reader) + "-" + std::to_string(n->connection) + ": " +
                              std::to_string(n->index) + " came after " + std::to_string(last));
            last = n->index;
            if (d.attempt != 1) out.push_back(d.waybill + " counts as attempt " + std::to_string(d.attempt));
        }
        for (const auto& reader : readers_) connections += reader->sent().size();
        if (cut > connections) out.push_back(std::to_string(cut) + " no-reads, more than connections could be cut");
        for (const auto& [connection, last] : arrived) {
            const auto sent = readers_[connection.first]->sent();
            if (connection.second < 1 || connection.second > sent.size() || last > sent[connection.second - 1])
                out.push_back("more arrived on connection " + std::to_string(connection.first) + "-" +
                              std::to_string(connection.second) + " than was sent");
        }
        return out;
    }

    [[nodiscard]] std::vector<std::int64_t> restarts() const { return restarts_; }
    [[nodiscard]] std::size_t sent() const {
        std::size_t all = 0;
        for (const auto& reader : readers_)
            for (const int n : reader->sent()) all += static_cast<std::size_t>(n);
        return all;
    }

  private:
    Result<void> await_scan_of_new_connections() {
        first_.clear();
        Result<void> trouble;
        const auto all = [&] {
            const auto looked = stand_.look();
            if (!looked && looked.error().code == Errc::corrupt) trouble = tl::unexpected(looked.error());
            const auto& decisions = stand_.journal.decisions();
            for (; seen_ < decisions.size(); ++seen_) {
                const auto n = number_from(decisions[seen_].waybill);
                if (!n || n->reader >= readers_.size()) continue;
                const int earlier = before_.empty() ? 0 : before_[n->reader];
                if (static_cast<int>(n->connection) > earlier) first_.emplace(n->reader, decisions[seen_].recorded);
            }
            return !trouble || first_.size() == readers_.size();
        };
        if (!eventually(stand_.stop(), patience, all))
            return fail(Errc::timeout, "not every reader's scans are on record after a start: " +
                                           std::to_string(first_.size()) + " of " + std::to_string(readers_.size()));
        return trouble;
    }

    void note_first_scan(WallTime began) {
        std::int64_t soonest = 86'400'000;
        for (const auto& [reader, recorded] : first_)
            soonest = std::min(soonest, (ms_of_day(recorded) - ms_of_day(rfc3339(began)) + 86'400'000) % 86'400'000);
        restarts_.push_back(soonest);
    }

    const CrashOptions& options_;
    Stand& stand_;
    std::mt19937 random_;
    std::vector<std::unique_ptr<BusyReader>> readers_;
    std::vector<int> before_;                   ///< connections made when the gateway was killed
    std::map<std::size_t, std::string> first_;  ///< by reader: when its first scan since then was recorded
    std::size_t seen_ = 0;
    std::vector<std::int64_t> restarts_;
};

int run_crashes(const CrashOptions& options, const link::Stop& stop) {
    SiteSpec site;
    site.program_folder = options.bin;
    site.lines.clear();
    std::vector<std::uint16_t> ports;
    for (int i = 0; i < options.readers; ++i) {
        const auto port = free_port();
        if (!port) return std::fprintf(stderr, "hefang-sim: %s\n", port.error().detail.c_str()), 1;
        ports.push_back(*port);
        LineSpec line;
        line.id = "line-" + std::to_string(i);
        line.sorter = false;
        line.listen_ports = {*port};
        site.lines.push_back(line);
    }
    auto built = Stand::build(std::move(site), stop);
    if (!built) return std::fprintf(stderr, "hefang-sim: %s\n", built.error().detail.c_str()), 1;
    auto& stand = **built;
    if (options.keep) stand.keep();
    const auto began = std::chrono::steady_clock::now();
    std::vector<std::string> faults;
    auto done = stand.start_broker();
    if (done) done = stand.start_receiver();
    if (done) done = stand.start_gateway();
    Crashes crashes(options, stand, ports);
    if (done) done = crashes.run();
    if (stop.requested()) return std::fprintf(stderr, "hefang-sim: stopped\n"), 1;
    if (!done) faults.push_back(done.error().detail);
    for (auto& fault : crashes.faults()) faults.push_back(std::move(fault));
    for (auto& fault : compare_platform(stand)) faults.push_back(std::move(fault));
    auto restarts = crashes.restarts();
    std::sort(restarts.begin(), restarts.end());
    if (!restarts.empty() && restarts.back() >= options.restart_limit_ms)
        faults.push_back("a first scan after a restart took " + std::to_string(restarts.back()) + " ms");
    for (std::size_t i = 0; i < faults.size() && i < 40; ++i) std::printf("  %s\n", faults[i].c_str());
    if (!faults.empty()) {
        stand.keep();
        std::printf("the files are left in %s\n", stand.folder().c_str());
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::printf(
        "%s %zu crashes: %zu numbers sent, %zu decided, %llu facts, %.1f s; first scan after a restart: "
        "median %lld ms, worst %lld ms\n",
        faults.empty() ? "ok  " : "FAIL", restarts.size(), crashes.sent(), stand.journal.decisions().size(),
        static_cast<unsigned long long>(stand.journal.last()), took.count(),
        static_cast<long long>(restarts.empty() ? 0 : restarts[restarts.size() / 2]),
        static_cast<long long>(restarts.empty() ? 0 : restarts.back()));
    return faults.empty() ? 0 : 1;
}

}  // namespace

int crash(const CrashOptions& options, const link::Stop& stop) { return run_crashes(options, stop); }

}  // namespace hefang::hil
