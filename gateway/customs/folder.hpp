#pragma once
#include "base/clock.hpp"
#include "base/result.hpp"
#include "customs/fd.hpp"

#include <ctime>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::customs {

/// One folder, held open: what stands in it cannot be moved away under our feet.
class Folder {
  public:
    Folder() = default;
    /// Opens `path`; a missing folder is made (0700), and the missing ones above it.
    [[nodiscard]] static Result<Folder> open(const std::string& path);
    /// The folder `name` in this one, made when it is missing; a symbolic link is refused.
    [[nodiscard]] Result<Folder> below(const std::string& name) const;

    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] const std::string& path() const { return path_; }
    /// Calls `take` with every name but "." and "..", in no order.
    [[nodiscard]] Result<void> each_name(const std::function<void(const char*)>& take) const;
    [[nodiscard]] Result<std::vector<std::string>> names() const;

    struct Text {
        std::string content;
        WallTime changed;
    };
    /// A file of at most `limit` bytes; full when it is longer.
    [[nodiscard]] Result<Text> read(const std::string& name, std::size_t limit) const;

    [[nodiscard]] bool has(const std::string& name) const;
    /// True when the regular file `name` holds exactly `content`.
    [[nodiscard]] bool holds(const std::string& name, std::string_view content) const;
    [[nodiscard]] Result<void> sync() const;
    /// Removes a file and syncs the folder.
    [[nodiscard]] Result<void> remove(const std::string& name) const;

  private:
    Folder(Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

    Fd fd_;
    std::string path_;
};

/// A new file (0600) of a folder that gets its name only when it is whole and on disk. One at a time in each folder;
/// one that was not kept leaves nothing behind.
class Draft {
  public:
    [[nodiscard]] static Result<Draft> in(const Folder& folder);
    /// Removes what a crash left half written.
    static void discard(const Folder& folder);
    Draft(Draft&& other) noexcept;
    Draft& operator=(Draft&&) = delete;
    ~Draft();

    [[nodiscard]] Result<void> write(std::string_view bytes);
    /// True when the regular file `name` of the folder holds the same bytes as were written here.
    [[nodiscard]] bool same_as(const std::string& name);
    /// fsync, rename, fsync of the folder. The caller has seen that no other file bears the name.
    [[nodiscard]] Result<void> keep_as(const std::string& name);

  private:
    Draft(const Folder& folder, Fd fd) : folder_(&folder), fd_(std::move(fd)) {}
    [[nodiscard]] Result<void> flush();

    const Folder* folder_;
    Fd fd_;
    std::string pending_;  ///< not yet handed to the kernel
};

[[nodiscard]] WallTime wall_time_of(const timespec& t);

/// Writes `content` as the file `name`, durably; a file that holds it already is left as it is.
[[nodiscard]] Result<void> keep_text(const Folder& folder, const std::string& name, std::string_view content);

}  // namespace hefang::customs
