#pragma once
#include <compare>
#include <functional>
#include <string>
#include <utility>

namespace hefang {

/// A text that will not mix with another kind of text: Strong<struct WaybillTag> is no Strong<struct LaneTag>.
/// Default: empty, which stands for "none".
template <class Tag>
class Strong {
  public:
    Strong() = default;
    explicit Strong(std::string value) : value_(std::move(value)) {}
    [[nodiscard]] const std::string& text() const noexcept { return value_; }
    [[nodiscard]] bool empty() const noexcept { return value_.empty(); }
    friend auto operator<=>(const Strong&, const Strong&) = default;

  private:
    std::string value_;
};

using DeviceId = Strong<struct DeviceIdTag>;
using LaneId = Strong<struct LaneIdTag>;

}  // namespace hefang

template <class Tag>
struct std::hash<hefang::Strong<Tag>> {
    std::size_t operator()(const hefang::Strong<Tag>& s) const noexcept { return std::hash<std::string>{}(s.text()); }
};
