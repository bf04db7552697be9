#pragma once
#include "link/fd_link.hpp"

namespace hefang::link {

/// A terminal in raw mode, owned exclusively: flock(), and TIOCEXCL on a real line against programs that do not ask.
/// What the kernel held from before the opening is dropped: it belongs to parcels that have gone by. Closing leaves the
/// modem lines as they are (HUPCL off: some devices restart when DTR drops).
class SerialLink final : public FdLink {
  public:
    /// Fails with not_found, busy, refused (no terminal, no right, a setting that the device does not take).
    [[nodiscard]] static Result<std::unique_ptr<SerialLink>> open(const SerialAddress& address);
    SerialLink(Descriptor fd, std::string name)
        : FdLink(std::move(fd), std::move(name), {Errc::unreachable, "unplugged"}) {}
    ~SerialLink() override { close_port(); }
    void close() noexcept override { close_port(); }
    /// For a library that speaks over the open line by itself; the link stays its owner. −1 once closed.
    [[nodiscard]] int fd() const { return descriptor().get(); }
    [[nodiscard]] std::optional<LineErrors> line_errors() const override;

  private:
    void close_port() noexcept;
};

}  // namespace hefang::link
