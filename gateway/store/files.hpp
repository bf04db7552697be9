#pragma once
#include "base/result.hpp"

#include <cstdint>
#include <string>

namespace hefang::store {

/// Keeps a second gateway off a store: an flock that lives as long as this object or, at the latest, the process.
class StoreLock {
  public:
    [[nodiscard]] static Result<StoreLock> take(const std::string& folder);
    ~StoreLock();
    StoreLock(StoreLock&& other) noexcept;
    StoreLock& operator=(StoreLock&& other) noexcept;

  private:
    explicit StoreLock(int fd) : fd_(fd) {}
    int fd_ = -1;
};

/// Disk space kept aside, so that a full disk can still be recorded: a file that is really there, to be deleted.
class Reserve {
  public:
    Reserve(std::string folder, std::int64_t bytes) : file_(std::move(folder) + "/reserve"), bytes_(bytes) {}
    /// Makes the file, or makes it whole again. Does nothing when it is.
    [[nodiscard]] Result<void> create() const;
    /// Gives the space back. Fine when it is not there.
    [[nodiscard]] Result<void> release() const;
    [[nodiscard]] bool whole() const;

  private:
    std::string file_;
    std::int64_t bytes_;
};

/// What an unprivileged program may still write on the file system of `folder`.
[[nodiscard]] Result<std::int64_t> free_bytes(const std::string& folder);

/// What the database of the store in `folder` takes, its WAL included.
[[nodiscard]] Result<std::int64_t> size_bytes(const std::string& folder);

/// The folder and its parents; new ones belong to their owner only (0750).
[[nodiscard]] Result<void> make_folder(const std::string& folder);

}  // namespace hefang::store
