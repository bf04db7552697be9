#pragma once
#include "base/result.hpp"
#include "customs/fd.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace hefang::customs {

/// SHA-256 (hex) and length of a file as it came.
struct Identity {
    std::string sha256;
    std::int64_t bytes = 0;
};

/// One file of the inbox, open for reading. Only regular files open; a symbolic link does not.
class Original {
  public:
    /// `path` is relative to the folder open as `at`, or to the working directory.
    [[nodiscard]] static Result<Original> open(const std::string& path);
    [[nodiscard]] static Result<Original> open(int at, const std::string& name);

    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] std::int64_t size() const { return size_; }
    [[nodiscard]] std::uint64_t inode() const { return inode_; }

    /// Hands the whole file to `take` in order, in pieces of limits::read_bytes, until `take` says false.
    [[nodiscard]] Result<void> each_piece(const std::function<bool(std::string_view)>& take) const;
    /// The same for bytes [begin, end) of it.
    [[nodiscard]] Result<void> each_piece_of(std::int64_t begin, std::int64_t end,
                                             const std::function<bool(std::string_view)>& take) const;
    /// Reads it all.
    [[nodiscard]] Result<Identity> identity() const;

  private:
    Original(Fd fd, std::int64_t size, std::uint64_t inode) : fd_(std::move(fd)), size_(size), inode_(inode) {}

    Fd fd_;
    std::int64_t size_;
    std::uint64_t inode_;
};

/// "<what> <name>: <text of errno>" with the code that tells the caller what to do.
[[nodiscard]] Error system_error(std::string_view what, std::string_view name);

}  // namespace hefang::customs
