#pragma once
#include "base/result.hpp"
#include "customs/fd.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace hefang::customs {

/// Which file it is, and of which state: what writes to it or takes its place shows here.
struct Stamp {
    std::uint64_t inode = 0;
    std::int64_t bytes = 0, changed_ns = 0;
    friend bool operator==(const Stamp&, const Stamp&) = default;
};

/// One file as it came: SHA-256 (hex) of its content, beyond limits::file_bytes of the first that many, and its stamp.
struct Identity {
    std::string sha256;
    Stamp stamp;
};

/// One file of the inbox, open for reading. Only regular files open; a symbolic link does not.
class Original {
  public:
    /// `path` is relative to the folder open as `at`, or to the working directory.
    [[nodiscard]] static Result<Original> open(const std::string& path);
    [[nodiscard]] static Result<Original> open(int at, const std::string& name);

    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] std::int64_t size() const { return stamp_.bytes; }
    [[nodiscard]] const Stamp& stamp() const { return stamp_; }  ///< when it was opened
    /// True while nobody has written to it since it was opened.
    [[nodiscard]] bool unchanged() const;

    /// Hands the whole file to `take` in order, in pieces of limits::read_bytes, until `take` says false.
    [[nodiscard]] Result<void> each_piece(const std::function<bool(std::string_view)>& take) const;
    /// The same for bytes [begin, end) of it.
    [[nodiscard]] Result<void> each_piece_of(std::int64_t begin, std::int64_t end,
                                             const std::function<bool(std::string_view)>& take) const;
    /// Reads it, up to limits::file_bytes.
    [[nodiscard]] Result<Identity> identity() const;

  private:
    Original(Fd fd, const Stamp& stamp) : fd_(std::move(fd)), stamp_(stamp) {}

    Fd fd_;
    Stamp stamp_;
};

/// Of whatever bears the name now, without opening it; none when nothing does.
[[nodiscard]] std::optional<Stamp> stamp_of(int at, const std::string& name);

/// "<what> <name>: <text of errno>" with the code that tells the caller what to do.
[[nodiscard]] Error system_error(std::string_view what, std::string_view name);

}  // namespace hefang::customs
