#pragma once
#include "sight/sight.hpp"

#include <string_view>

namespace hefang::vision {

/// What the worker answers to one message, whatever its bytes are.
[[nodiscard]] codec::SightAnswer answer_to(std::string_view message);

/// Says hello on `out`, then answers each request of `in` until it ends. 0: it ended between two messages.
/// `before_each` is called before a request is looked at.
[[nodiscard]] int serve(int in, int out, void (*before_each)());

}  // namespace hefang::vision
