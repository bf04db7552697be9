#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace hefang {

/// True when `text` is valid UTF-8 (no overlong forms, no surrogates) without control characters (U+0000–1F, 7F–9F).
[[nodiscard]] bool is_clean_utf8(std::string_view text);

/// The longest prefix of at most `max` bytes that does not cut a UTF-8 sequence.
[[nodiscard]] std::string_view utf8_prefix(std::string_view text, std::size_t max);

/// Lower-case hexadecimal of any bytes.
[[nodiscard]] std::string to_hex(std::string_view bytes);

/// `text` with every byte that is not clean UTF-8 shown as \xNN, cut to `max` bytes: safe in a log or an error text.
[[nodiscard]] std::string printable(std::string_view text, std::size_t max = 120);

}  // namespace hefang
