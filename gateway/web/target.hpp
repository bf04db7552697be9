#pragma once
#include "base/result.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::web {

constexpr std::size_t target_limit = 2048;  ///< bytes of a request target; longer is 414
constexpr std::size_t query_limit = 8;      ///< parameters of a query

/// A request target taken apart, then decoded. "/" has no segments.
struct Target {
    std::vector<std::string> path;
    std::map<std::string, std::string> query;
    friend bool operator==(const Target&, const Target&) = default;
};

/// Strict: origin-form only, complete %XX, clean UTF-8 without control characters once decoded, no empty, "." or ".."
/// segment, no parameter twice; '+' stays '+'. `refused` for anything else, `full` for one that is too long.
[[nodiscard]] Result<Target> parse_target(std::string_view target);

/// The name of a Host value in lower case, without port; "[::1]" keeps its brackets. None when it is malformed.
[[nodiscard]] std::optional<std::string> host_name(std::string_view host);

}  // namespace hefang::web
