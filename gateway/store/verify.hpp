#pragma once
#include "base/result.hpp"
#include "digest/sha256.hpp"
#include "evidence/chain.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace hefang::store {

struct VerifyOptions {
    std::string vfs;
    std::size_t most_faults = 100;  ///< the walk ends after so many
    bool pages = false;             ///< also SQLite's own check of its pages, each row of the register, and every image
    std::function<bool(std::uint64_t rows)> go_on;  ///< asked after each batch; may be empty
};

struct Verification {
    std::string epoch;
    std::uint64_t rows = 0;
    std::uint64_t last = 0;                    ///< newest fact
    Digest head{};                             ///< its hash
    std::vector<evidence::ChainFault> faults;  ///< in order of the journal
    std::vector<std::string> page_faults;      ///< of pages and rows of the register
    std::uint64_t images = 0;                  ///< files that were compared with their hashes, when asked for
    std::uint64_t register_rows = 0;           ///< that were read, when asked for
    bool ended_early = false;                  ///< too many faults, or told to stop
    [[nodiscard]] bool good() const { return faults.empty() && page_faults.empty() && !ended_early; }
};

/// Walks the whole journal below `path` against its hash chain, read-only, in short batches, beside a running gateway
/// or without one. A failure of the walk itself is the error; what is wrong with the journal is in the Verification.
/// Facts cut off at the end show when a cursor or the snapshot stands beyond the newest one.
[[nodiscard]] Result<Verification> verify(const std::string& path, const VerifyOptions& options = {});

}  // namespace hefang::store
