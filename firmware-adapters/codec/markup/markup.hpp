#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <tl/expected.hpp>

/// A small XML document of a device (an event, a side-car file) as a flat list of paths and texts. Pure: bytes in,
/// values out.
namespace hefang::codec {

/// One element or attribute. `path`: the local names from the root on, "EventNotificationAlert/ANPR/line"; of an
/// attribute with '@' before its name, "Case/Item/@id". Namespaces say nothing. `text`: without space at both ends,
/// valid UTF-8; it may hold line breaks and other control characters that XML allows.
struct MarkupEntry {
    std::string path;
    std::string text;
    friend bool operator==(const MarkupEntry&, const MarkupEntry&) = default;
};

/// Beyond these a document is refused as a whole.
namespace markup_limits {
constexpr std::size_t document_bytes = std::size_t{256} << 10;
constexpr std::size_t depth = 16;
constexpr std::size_t entries = 2'048;   ///< elements and attributes together
constexpr std::size_t path_bytes = 512;  ///< of one path
}  // namespace markup_limits

enum class MarkupRefusal {
    too_long,   ///< more than document_bytes
    not_utf8,   ///< UTF-16, UTF-32 or binary by its first bytes
    doctype,    ///< a document type declaration: entities would be the sender's program
    too_deep,   ///< elements within elements, or a path of more than path_bytes
    too_many,   ///< elements and attributes
    no_memory,  ///< more than parser_bytes
    malformed,  ///< anything else that is no well-formed XML in UTF-8
};
[[nodiscard]] std::string_view name(MarkupRefusal reason);

/// Every element that has text or no element within it, and every attribute, in the order in which they begin.
[[nodiscard]] tl::expected<std::vector<MarkupEntry>, MarkupRefusal> read_markup(std::string_view xml);

/// The text of the first entry with this path; none where there is none. A view into `entries`.
[[nodiscard]] std::optional<std::string_view> text_at(const std::vector<MarkupEntry>& entries, std::string_view path);

}  // namespace hefang::codec
