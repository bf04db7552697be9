#pragma once
#include "sidecar/sidecar.hpp"

#include <array>
#include <utility>

namespace hefang::codec {

/// Gathers the fields while a reader walks through a file, and keeps its limits. Everything answers whether to go on.
class Collector {
  public:
    explicit Collector(const SidecarFields& fields) : fields_(fields) {}

    /// One level down, to the element or member `name`.
    bool enter(std::string_view name);
    void leave();
    /// The text at the place where the walk is now, or at its attribute.
    bool text(std::string_view text) { return take(path_, text); }
    bool attribute(std::string_view name, std::string_view text);
    /// True when somebody asked for the text at this place.
    [[nodiscard]] bool wanted() const;

    bool refuse(SidecarRefusal reason);
    [[nodiscard]] const std::optional<SidecarRefusal>& refusal() const { return refusal_; }
    /// What was found; a field with an empty text is none.
    [[nodiscard]] Sidecar found() &&;

  private:
    bool take(std::string_view path, std::string_view text);
    bool count();

    const SidecarFields& fields_;
    Sidecar found_;
    std::optional<SidecarRefusal> refusal_;
    std::string path_;
    std::size_t depth_ = 0;
    std::size_t unnamed_ = 0;  ///< levels from one on at which no field can stand
    std::size_t count_ = 0;
};

[[nodiscard]] tl::expected<Sidecar, SidecarRefusal> read_xml(std::string_view file, const SidecarFields& fields);
[[nodiscard]] tl::expected<Sidecar, SidecarRefusal> read_json(std::string_view file, const SidecarFields& fields);

}  // namespace hefang::codec
