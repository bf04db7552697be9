#pragma once
#include "base/clock.hpp"
#include "customs/judge.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <utility>

namespace hefang::app {

/// One judged file on its way into the register. The import thread makes it and waits; the core's thread takes its
/// rows, commits `message.taken` with the last of them, and says so.
class PendingImport {
  public:
    PendingImport(std::string name, customs::Judged judged) : name_(std::move(name)), judged_(std::move(judged)) {}
    /// A file that could not be read at all: one fact, no rows.
    PendingImport(std::string name, customs::Judged judged, std::string refusal)
        : name_(std::move(name)), judged_(std::move(judged)), refusal_(std::move(refusal)) {}

    BootTime found;  ///< when it was seen in the inbox: the transfer client lived then. Set before it is handed over

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const customs::Judged& judged() const { return judged_; }
    [[nodiscard]] const std::string& refusal() const { return refusal_; }
    [[nodiscard]] std::size_t rows() const { return judged_.declarations.size() + judged_.receipts.size(); }

    /// Core's thread: how far the rows were applied, and what became of them. A turn that the store refuses sets it
    /// back to what was committed; rows are idempotent, so applying one twice changes nothing.
    struct Progress {
        std::size_t next = 0;
        std::int64_t taken = 0, repeated = 0;
        std::int64_t refused = 0;    ///< rows that have no place in the register
        std::int64_t put_aside = 0;  ///< rows for which the register has no room now: the file is put off at its end
    };
    Progress progress, committed;

    enum class End { committed, put_off };
    void finish(End end) {
        {
            const std::lock_guard lock(mutex_);
            end_ = end;
            finished_ = true;
        }
        done_.notify_all();
    }
    /// Waits up to `limit`; true when the core has finished with it.
    [[nodiscard]] bool wait(std::chrono::milliseconds limit) {
        std::unique_lock lock(mutex_);
        return done_.wait_for(lock, limit, [&] { return finished_; });
    }
    [[nodiscard]] End end() {
        const std::lock_guard lock(mutex_);
        return end_;
    }

  private:
    std::string name_;
    customs::Judged judged_;
    std::string refusal_;
    std::mutex mutex_;
    std::condition_variable done_;
    bool finished_ = false;
    End end_ = End::committed;
};

}  // namespace hefang::app
