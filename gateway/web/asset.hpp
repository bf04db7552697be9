#pragma once
#include <span>
#include <string_view>

namespace hefang::web {

/// One file of the bundled page, in the program itself. Names other than index.html carry a hash of their content.
struct Asset {
    std::string_view path;  ///< "/" for index.html, else "/assets/<name>-<hash>.<ext>"
    std::string_view type;  ///< media type
    std::string_view hash;  ///< of the plain bytes, hex; becomes the ETag
    std::string_view plain, gzip;
};

/// Every asset; empty when the page was not built into this program. Lives as long as the program.
[[nodiscard]] std::span<const Asset> embedded_assets();

}  // namespace hefang::web
