#pragma once
#include "base/result.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace hefang::store {

/// Files by the SHA-256 of their bytes: pictures as they came. Each is whole and on disk
/// before its name is told, so that a fact never names what is not there. Any thread.
class Images {
  public:
    /// Files lie below `folder`/images. Below `least_free` bytes of the file system nothing more is taken.
    [[nodiscard]] static Result<Images> open(const std::string& folder, std::int64_t least_free);
    Images(Images&& other) noexcept : folder_(std::move(other.folder_)), least_free_(other.least_free_) {}

    /// The SHA-256 of `bytes`, in hex, once they are kept. Bytes that are kept already are not written again. Fails
    /// with full or unreachable.
    [[nodiscard]] Result<std::string> keep(std::string_view bytes);
    /// Where the file with this hash lies, if it does.
    [[nodiscard]] std::string path_of(std::string_view sha256) const;

  private:
    Images(std::string folder, std::int64_t least_free) : folder_(std::move(folder)), least_free_(least_free) {}
    std::string folder_;
    std::int64_t least_free_;
    std::atomic<std::uint64_t> drafts_{0};
};

struct ImageCheck {
    std::uint64_t files = 0;
    std::uint64_t faults = 0;
    std::string first_fault;  ///< names the file
};
/// Reads every file below `folder`/images and compares it with its name. No such folder: no files.
[[nodiscard]] Result<ImageCheck> check_images(const std::string& folder);

}  // namespace hefang::store
