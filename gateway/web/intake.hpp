#pragma once
#include "web/board.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace hefang::web {

/// What other threads hand to the web thread: facts in order up to a limit, and the newest board. Thread-safe.
class Intake {
  public:
    struct Fact {
        std::uint64_t sequence = 0;
        std::string bytes;
    };
    struct Batch {
        std::vector<Fact> facts;
        std::shared_ptr<const Board> board;  ///< null when there is no newer one
        bool overflowed = false;             ///< facts were left out; the archive has them
    };

    explicit Intake(std::size_t capacity) : capacity_(capacity) {}

    /// True when the consumer must be woken: nothing was waiting before.
    [[nodiscard]] bool put(std::uint64_t sequence, std::string bytes) {
        const std::lock_guard lock(mutex_);
        if (waiting_.facts.size() < capacity_) {
            waiting_.facts.push_back({sequence, std::move(bytes)});
        } else {
            waiting_.overflowed = true;
        }
        return !std::exchange(woken_, true);
    }
    [[nodiscard]] bool put(std::shared_ptr<const Board> board) {
        const std::lock_guard lock(mutex_);
        waiting_.board = std::move(board);
        return !std::exchange(woken_, true);
    }

    [[nodiscard]] Batch take() {
        const std::lock_guard lock(mutex_);
        woken_ = false;
        return std::exchange(waiting_, {});
    }

  private:
    const std::size_t capacity_;
    std::mutex mutex_;
    Batch waiting_;
    bool woken_ = false;
};

}  // namespace hefang::web
