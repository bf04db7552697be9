#include "io/contact.hpp"

namespace hefang::driver {

std::optional<bool> Contact::look(bool active, BootTime now) {
    if (state_ == active) {
        since_.reset();
        return std::nullopt;
    }
    if (!since_) since_ = now;
    if (state_ && now - *since_ < debounce_ms_) return std::nullopt;
    since_.reset();
    state_ = active;
    return active;
}

}  // namespace hefang::driver
