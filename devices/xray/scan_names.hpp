#pragma once
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace hefang::driver {

enum class DropKind { picture, xml, json, other };

/// What a file's name says: "A17_2.PNG" of a machine of two views is view 2 of scan "A17".
struct DropName {
    DropKind kind = DropKind::other;
    std::string scan;
    std::optional<std::uint8_t> view;  ///< none: the name has none; with one view always 1
};

/// Reads a file name. The view is the one digit behind the last `separator` before the extension.
[[nodiscard]] DropName read_drop_name(std::string_view name, std::uint8_t views, std::string_view separator);

/// The name under which the words on one scan are joined: that of its files. A later judgement may come in a file of
/// another name and is known by the machine's own scan id. Remembers the last `most` ids.
class ScanNames {
  public:
    static constexpr std::size_t most = 1'024;
    /// `id`: the machine's, as this side-car says it.
    [[nodiscard]] std::string name_of(const std::string& file_scan, const std::optional<std::string>& id);

  private:
    std::map<std::string, std::pair<std::string, std::uint64_t>> by_id_;  ///< → scan, and when it was learned
    std::map<std::uint64_t, std::string> by_age_;
    std::uint64_t learned_ = 0;
};

}  // namespace hefang::driver
