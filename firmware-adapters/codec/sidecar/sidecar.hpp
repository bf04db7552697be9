#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <tl/expected.hpp>

/// What an inspection machine says beside its picture: a small XML or JSON file. No machine's layout is published, so
/// where each thing stands is the site's setting; a file is judged as hostile.
namespace hefang::codec {

enum class SidecarForm { xml, json };

/// Why a side-car says nothing. One counter each.
enum class SidecarRefusal {
    too_long,    ///< more than sidecar_bytes
    not_formed,  ///< no well-formed XML or JSON; also one that was cut
    doctype,     ///< XML that declares a document type: entities are a way to make a small file large
    encoding,    ///< XML in an encoding other than UTF-8, UTF-16, ISO-8859-1 or US-ASCII
    too_deep,    ///< more than sidecar_depth levels
    too_many,    ///< more than sidecar_values elements, attributes or values
    ambiguous,   ///< one of the fields stands there twice with different texts
    bad_value    ///< a field's text is longer than sidecar_text, or holds what is no clean text
};
[[nodiscard]] std::string_view name(SidecarRefusal reason);

constexpr std::size_t sidecar_bytes = 256 * 1024;
constexpr std::size_t sidecar_depth = 32;
constexpr std::size_t sidecar_values = 10'000;
constexpr std::size_t sidecar_text = 128;

/// Where each thing stands: names from the top, joined by '/'. XML: local names of elements, the root's included, and
/// for an attribute "@" and its name ("Inspection/Result/@code"). JSON: names of members; an array's elements stand at
/// its name. Empty: this machine does not say it.
struct SidecarFields {
    std::string scan, sequence, verdict, operator_id, view, time, tip;
};

/// The texts as they stand, blanks around them taken off; none where there is no such element or it is empty.
struct Sidecar {
    std::optional<std::string> scan, sequence, verdict, operator_id, view, time, tip;
    friend bool operator==(const Sidecar&, const Sidecar&) = default;
};

/// Reads `file`, which is all bytes there are, in memory bounded by its length.
[[nodiscard]] tl::expected<Sidecar, SidecarRefusal> read_sidecar(std::string_view file, SidecarForm form,
                                                                 const SidecarFields& fields);

}  // namespace hefang::codec
