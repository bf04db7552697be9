#pragma once
#include "base/result.hpp"
#include "customs/judged.hpp"
#include "customs/original.hpp"

#include <functional>
#include <string_view>
#include <vector>

namespace hefang::customs {

using Sink = std::function<Result<void>(std::string_view)>;

/// Hands the file's bytes, up to limits::file_bytes, to `out` in order, without those of `personal` (rising, not
/// overlapping), and gives the SHA-256 of what was read. Bytes of these spans never reach `out`.
[[nodiscard]] Result<std::string> copy_without(const Original& original, const std::vector<Span>& personal,
                                               const Sink& out);

/// The same for the refused nodes alone, inside the root they came in, so that they can be mended and dropped again.
[[nodiscard]] Result<std::string> copy_refused(const Original& original, const Judged& judged, const Sink& out);

}  // namespace hefang::customs
