#pragma once
#include "digest/sha256.hpp"
#include "sync/outbox.hpp"
#include "sync/topics.hpp"

#include <algorithm>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::test {

/// One fact in canonical form: members in ascending order, no space.
inline std::string fact_bytes_of(const std::string& gateway, const std::string& epoch, std::uint64_t sequence,
                                 const std::string& prevhash, std::size_t padding = 0) {
    const std::string number = std::to_string(sequence);
    const std::string type = sequence == 1 ? "hefang.epoch.opened.v1" : "hefang.passage.decided.v1";
    return R"({"boot":"b","clock":"synced","data":{"note":"a \"]}\" b","pad":")" + std::string(padding, 'x') +
           R"("},"datacontenttype":"application/json","epoch":")" + epoch + R"(","id":")" + epoch + "/" + number +
           R"(","mono":"1","prevhash":")" + prevhash + R"(","recordedtime":"2026-11-23T02:15:07.419Z","sequence":")" +
           number + R"(","source":"urn:hefang:)" + gateway +
           R"(","specversion":"1.0","time":"2026-11-23T02:15:07.412Z","type":")" + type + R"("})";
}

/// A journal in memory that behaves as the port says: ordered, gapless, and its cursor moves only with the right hash.
class JournalFake final : public sync::Outbox {
  public:
    JournalFake(std::string gateway, std::string epoch, std::size_t padding = 0)
        : gateway_(std::move(gateway)), epoch_(std::move(epoch)), padding_(padding) {}

    std::uint64_t append(std::size_t facts) {
        const std::lock_guard lock(mutex_);
        for (std::size_t i = 0; i < facts; ++i) {
            facts_.push_back(fact_bytes_of(gateway_, epoch_, facts_.size() + 1,
                                           hashes_.empty() ? sync::no_head() : hashes_.back(), padding_));
            hashes_.push_back(hex(sha256(facts_.back())));
        }
        return facts_.size();
    }

    Result<std::vector<Entry>> read(std::uint64_t from, std::size_t max) override {
        const std::lock_guard lock(mutex_);
        if (failing_) return fail(Errc::unreachable, "disk is away");
        std::vector<Entry> out;
        for (std::uint64_t n = std::max<std::uint64_t>(from, 1); n <= facts_.size() && out.size() < max; ++n) {
            out.push_back({n, facts_[n - 1]});
        }
        return out;
    }

    void acked(std::uint64_t through, const std::string& head) override {
        const std::lock_guard lock(mutex_);
        ++ack_calls_;
        if (full_) return;
        if (through > cursor_ && through <= facts_.size() && hashes_[through - 1] == head) cursor_ = through;
    }

    Position position() override {
        const std::lock_guard lock(mutex_);
        return {epoch_, facts_.size(), cursor_};
    }

    /// A new journal: everything before is gone.
    void open_epoch(std::string epoch) {
        const std::lock_guard lock(mutex_);
        epoch_ = std::move(epoch);
        facts_.clear();
        hashes_.clear();
        cursor_ = 0;
    }
    void forget_cursor() {
        const std::lock_guard lock(mutex_);
        cursor_ = 0;
    }
    void set_failing(bool failing) {
        const std::lock_guard lock(mutex_);
        failing_ = failing;
    }
    /// An owner with no room: acks are dropped.
    void set_full(bool full) {
        const std::lock_guard lock(mutex_);
        full_ = full;
    }
    [[nodiscard]] std::uint64_t cursor() {
        const std::lock_guard lock(mutex_);
        return cursor_;
    }
    [[nodiscard]] std::string hash_at(std::uint64_t sequence) {
        const std::lock_guard lock(mutex_);
        return hashes_.at(sequence - 1);
    }
    [[nodiscard]] std::string fact_at(std::uint64_t sequence) {
        const std::lock_guard lock(mutex_);
        return facts_.at(sequence - 1);
    }
    [[nodiscard]] std::uint64_t ack_calls() {
        const std::lock_guard lock(mutex_);
        return ack_calls_;
    }

  private:
    std::mutex mutex_;
    std::string gateway_, epoch_;
    std::size_t padding_;
    std::vector<std::string> facts_, hashes_;
    std::uint64_t cursor_ = 0, ack_calls_ = 0;
    bool failing_ = false, full_ = false;
};

}  // namespace hefang::test
