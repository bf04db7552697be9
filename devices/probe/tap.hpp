#pragma once
#include "link/link.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::probe {

/// Who listens to a line; called on the thread that reads it.
struct Listener {
    std::function<void()> opened = [] {};
    std::function<void(std::string_view)> received = [](std::string_view) {};
    std::function<void(std::string_view)> sent = [](std::string_view) {};
    /// The reader has done what it does with all that was received.
    std::function<void()> taken = [] {};
};

/// An endpoint whose links tell `listener` what goes over them. `listener` outlives it and its links.
[[nodiscard]] std::unique_ptr<link::Endpoint> tapped(std::unique_ptr<link::Endpoint> endpoint,
                                                     const Listener& listener);

/// What came over a line, in the pieces in which it came. Outlives the endpoints that play it.
using Recording = std::vector<std::string>;

/// An endpoint whose links say the recording and hang up; what is sent to them is dropped.
[[nodiscard]] std::unique_ptr<link::Endpoint> played(const Recording& recording);

}  // namespace hefang::probe
