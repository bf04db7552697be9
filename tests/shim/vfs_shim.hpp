#pragma once
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

namespace hefang::test {

/// A SQLite VFS over the default one, registered under a name while this object lives: give the name to whoever opens
/// the database. It can delay and fail calls, limit the disk, and cut the power.
///
/// Power: every write and truncation of a database or WAL is remembered until the file's next xSync. power_cut() puts
/// each file back to what was synced (or keeps a random part of the rest, as a disk would) and lets every later call of
/// the files then open fail, so that nobody can tidy up; power_on() ends that. Deletions take effect at once. The
/// shared-memory file is no durable state and is left alone.
///
/// The members may be set from any thread while the database works. Counts start at 1: `fail_sync_at = 3` fails the
/// third xSync from the last reset() on.
class VfsShim {
  public:
    explicit VfsShim(std::string name);
    ~VfsShim();  ///< every database opened through it must be closed
    VfsShim(const VfsShim&) = delete;
    VfsShim& operator=(const VfsShim&) = delete;

    [[nodiscard]] const std::string& name() const;

    std::atomic<std::int64_t> sync_delay_ms{0};
    std::atomic<std::uint64_t> fail_sync_at{0};   ///< 0: none
    std::atomic<std::uint64_t> fail_write_at{0};  ///< 0: none; xTruncate counts as a write
    std::atomic<std::uint64_t> fail_read_at{0};   ///< 0: none; reads of the shared memory are no calls
    std::atomic<bool> fail_every_read{false};
    std::atomic<bool> fail_every_sync{false};
    std::atomic<bool> fail_every_write{false};
    std::atomic<bool> failures_say_full{false};  ///< SQLITE_FULL instead of SQLITE_IOERR_…
    std::atomic<std::int64_t> size_limit{-1};    ///< bytes of a file beyond which a write says SQLITE_FULL; -1: none
    std::atomic<std::uint64_t> cut_at{0};        ///< power_cut() instead of the n-th write or sync; 0: never
    std::atomic<std::uint64_t> keep_seed{0};     ///< for the cut: 0 drops all that was not synced, else a random part

    std::atomic<std::uint64_t> syncs{0}, writes{0}, reads{0}, calls{0};  ///< calls = syncs + writes

    /// All counts to 0, no delay, no failure, no limit. Does not bring the power back.
    void reset();

    void power_cut();
    void power_on();
    [[nodiscard]] bool powered() const;

    struct Disk;  ///< what vfs_shim.cpp keeps

  private:
    std::unique_ptr<Disk> disk_;
};

}  // namespace hefang::test
