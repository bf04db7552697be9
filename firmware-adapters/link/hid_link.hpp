#pragma once
#include "link/fd_link.hpp"

namespace hefang::link {

/// The events of a keyboard, whole records of `struct input_event` as the kernel writes them. An input device is
/// grabbed (EVIOCGRAB): what its reader types reaches this program alone and no console. A FIFO is taken as well, for
/// simulators and for readers behind a program of the site; flock() keeps a second gateway out of it. Nothing is ever
/// written.
class HidLink final : public FdLink {
  public:
    /// Fails with not_found, busy (another program has grabbed it), refused (neither input device nor FIFO, no right).
    [[nodiscard]] static Result<std::unique_ptr<Link>> open(const HidAddress& address);
    HidLink(Descriptor fd, std::string name)
        : FdLink(std::move(fd), std::move(name), {Errc::unreachable, "unplugged"}) {}
};

}  // namespace hefang::link
