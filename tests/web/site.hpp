#pragma once
#include "web/server.hpp"

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace hefang::test {

inline std::string decided(std::uint64_t sequence, const std::string& passage, const std::string& verdict = "release",
                           const std::string& parcel_class = "release", const std::string& lane = "line-1",
                           int revision = 1, const std::string& waybill = "YT8876543210987",
                           const std::string& status = "800", const std::string& state = "R") {
    return R"({"data":{"class":")" + parcel_class + R"(","lane":")" + lane + R"(","passage":")" + passage +
           R"(","reasons":["customs-released"],"revision":)" + std::to_string(revision) + R"(,"verdict":")" + verdict +
           R"(","weight":{"declaredGrams":1290,"grams":1284},"what":{"waybill":")" + waybill +
           R"("},"why":{"state":")" + state + R"(","status":")" + status + R"("}},"sequence":")" +
           std::to_string(sequence) + R"(","time":"2026-11-23T02:15:07.412Z","type":"hefang.passage.decided.v1"})";
}

inline std::string actuated(std::uint64_t sequence, const std::string& passage, const std::string& result) {
    return R"({"data":{"actual":1,"commanded":1,"lane":"line-1","passage":")" + passage + R"(","result":")" + result +
           R"(","revision":1},"sequence":")" + std::to_string(sequence) +
           R"(","time":"2026-11-23T02:15:09.000Z","type":"hefang.passage.actuated.v1"})";
}

/// A journal in memory. Written by the test's thread, read by the server's.
class MemoryArchive final : public web::Archive {
  public:
    std::vector<Entry> facts(std::uint64_t from, std::size_t max) override {
        const std::lock_guard lock(mutex_);
        std::vector<Entry> out;
        for (const auto& entry : entries_) {
            if (entry.sequence >= from && out.size() < max) out.push_back(entry);
        }
        return out;
    }
    std::uint64_t last() override {
        const std::lock_guard lock(mutex_);
        return entries_.empty() ? 0 : entries_.back().sequence;
    }
    Result<std::string> track_json(const std::string& number) override {
        if (number == "busy") return fail(Errc::busy, "the store is busy");
        if (number == "none") return fail(Errc::not_found, "nothing knows none");
        if (number == "detained") return R"({"inventories":[{"receipts":[{"status":"502","taken":"x"}]}]})";
        return R"({"number":")" + number + "\"}";
    }
    void add(std::uint64_t sequence, std::string bytes) {
        const std::lock_guard lock(mutex_);
        entries_.push_back({sequence, std::move(bytes)});
    }
    void prune(std::uint64_t through) {
        const std::lock_guard lock(mutex_);
        std::erase_if(entries_, [&](const Entry& entry) { return entry.sequence <= through; });
    }

  private:
    std::mutex mutex_;
    std::vector<Entry> entries_;
};

/// A server over a journal in memory, on a free port.
struct Site {
    explicit Site(web::ServerOptions options = {}, std::uint64_t facts = 0) {
        for (std::uint64_t n = 1; n <= facts; ++n) archive.add(n, decided(n, "p" + std::to_string(n)));
        options.listen = "127.0.0.1:0";
        server = std::make_unique<web::Server>(std::move(options), archive, [this] {
            return web::Health{turn_age_ms.load(), mode.load(), mode.load() == web::Mode::stopped ? "disk full" : ""};
        });
        port = server->start().value();
    }
    void commit(std::uint64_t sequence, std::string bytes) {
        archive.add(sequence, bytes);
        server->committed(sequence, std::move(bytes));
    }

    MemoryArchive archive;
    std::atomic<std::int64_t> turn_age_ms{5};
    std::atomic<web::Mode> mode{web::Mode::running};
    std::unique_ptr<web::Server> server;
    std::uint16_t port = 0;
};

inline std::shared_ptr<const web::Board> sample_board() {
    auto board = std::make_shared<web::Board>();
    board->site = "南昌综合保税区 3 号仓";
    board->gateway = "ncbz-bw03-g07";
    board->kind = "bonded-warehouse";
    board->version = "0.1.0";
    board->lanes = {{"line-1", "parcel-sort", true, true, 2}};
    board->devices = {
        {"reader-1", "scanner", "serial:///dev/ttyS0", web::LinkState::up, 120, "", {{"frames", 12}, {"bad-sum", 1}}},
        {"scale-1", "scale", "serial:///dev/ttyS1", web::LinkState::down, {}, "no \"answer\"\nfor 3 s \\", {}}};
    board->sync = {web::SyncState::online, 180, 184, 1500, ""};
    board->store = {123456789, 17};
    board->inbox = {1, 20, 2, 3};
    board->mailbox = {{"reader-1", 0, 1024, 0}};
    board->counters = {{"turn", "import-put-off", 3}};
    board->clock = ClockState::synced;
    return board;
}

/// Bounded wait on a predicate of another thread.
template <class Predicate>
bool soon(Predicate is_true) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!is_true()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

}  // namespace hefang::test
