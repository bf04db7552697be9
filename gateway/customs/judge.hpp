#pragma once
#include "base/result.hpp"
#include "customs/judged.hpp"
#include "customs/original.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace hefang::customs {

/// Judges one whole file of customs messages: CEB621 (inventories) or CEB622 (their receipts), UTF-8, any prefix.
/// A failure names the line and the cause and means that nothing of the file may be used: not well-formed, beyond a
/// bound of limits.hpp, with a document type declaration, or of a kind that is not read. A node that breaks a rule of
/// its own becomes a Refusal beside the good ones. Pure; needs memory for the result and at most codec::parser_bytes.
[[nodiscard]] Result<Judged> judge(std::string_view bytes);

/// The same for a file, read in pieces; not_found or unreachable when it cannot be read.
[[nodiscard]] Result<Judged> judge(const Original& original);
[[nodiscard]] Result<Judged> judge_file(const std::string& path);

/// What to leave out when a well-formed message of any kind is kept: all text, except that of elements that are looked
/// at and not personal. What an element of another kind of message holds nobody here knows.
[[nodiscard]] Result<std::vector<Span>> unknown_or_personal(const Original& original);

}  // namespace hefang::customs
