#pragma once
#include "base/result.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace hefang::driver {

/// UTF-8 into what a display reads, by iconv of the C library. For one thread at a time.
class Encoder {
  public:
    /// "utf-8" or "gbk"; refused when the C library has no tables for it.
    [[nodiscard]] static Result<Encoder> open(const std::string& encoding);
    ~Encoder();
    Encoder(Encoder&& other) noexcept;
    Encoder& operator=(Encoder&&) = delete;

    struct Encoded {
        std::string bytes;
        std::size_t refused = 0;  ///< characters that became '?'
        bool cut = false;
    };
    /// At most `most` bytes; no character is cut in two. A byte that is no UTF-8 becomes '?' as well.
    [[nodiscard]] Encoded encode(std::string_view text, std::size_t most) const;

  private:
    explicit Encoder(void* state) : state_(state) {}
    void* state_;  // iconv_t
};

}  // namespace hefang::driver
