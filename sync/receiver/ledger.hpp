#pragma once
#include "base/clock.hpp"
#include "base/counters.hpp"
#include "base/result.hpp"
#include "sync/presence.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace hefang::receiver {

/// One message of facts as it came.
struct Batch {
    std::string gateway;  ///< as the topic names it; the broker's ACL vouches for it
    std::string payload;
};

struct Sighting {
    std::string gateway;
    sync::Presence presence;
};

/// How far one journal is stored: what an ack says.
struct Prefix {
    std::string gateway, epoch;
    std::uint64_t through = 0;
    std::string head;                        ///< hexadecimal
    std::vector<std::uint64_t> quarantined;  ///< the newest facts that were stored but not understood, at most 64
};

/// The platform's record of every gateway's journal: one SQLite file, WAL, synchronous = FULL. Several ledgers, also of
/// several processes, may share a file: writing and checkpoints take turns by a lock file beside it. One thread.
class Ledger {
  public:
    [[nodiscard]] static Result<std::unique_ptr<Ledger>> open(const std::filesystem::path& file, Counters& counters);
    ~Ledger();

    /// Stores all of it in one transaction, or nothing; returns, after the commit, how far each journal that was
    /// touched or sighted is stored now. Facts may come out of order and more than once. A key that comes with another
    /// hash, and a fact whose prevhash is not the hash before it, become rows of `alarm`; the prefix ends before them.
    [[nodiscard]] Result<std::vector<Prefix>> store(const std::vector<Batch>& batches,
                                                    const std::vector<Sighting>& sightings, WallTime now);

  private:
    class Impl;
    explicit Ledger(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

}  // namespace hefang::receiver
