#pragma once
#include <string>
#include <string_view>

namespace hefang {

/// 32 lower-case hexadecimal digits. Broken as a digest of evidence: only for HTTP digest access (RFC 7616), whose
/// cameras know nothing else.
[[nodiscard]] std::string md5_hex(std::string_view bytes);

}  // namespace hefang
