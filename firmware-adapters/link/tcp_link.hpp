#pragma once
#include "link/fd_link.hpp"
#include "link/resolve.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace hefang::link {

/// A connected socket, non-blocking, with keep-alive. Fails with closed (stop requested), timeout or unreachable.
[[nodiscard]] Result<Descriptor> connect_tcp(const SocketAddress& to, std::chrono::steady_clock::time_point until,
                                             const Stop& stop);

/// We connect to the device. Keep-alive finds a peer that went silent within about 11 s.
class TcpClientLink final : public FdLink {
  public:
    static constexpr std::chrono::milliseconds connect_limit{3000};

    /// Looks the name up, tries its addresses in turn, all within connect_limit. Ends at once when `stop` is requested.
    [[nodiscard]] static Result<std::unique_ptr<Link>> open(const TcpAddress& address, const Stop& stop);
    TcpClientLink(Descriptor fd, std::string name)
        : FdLink(std::move(fd), std::move(name), {Errc::closed, "the device hung up"}) {}
};

class TcpListenLink;

/// A listening socket, which outlives the connections it accepts: a device that connects while nobody reads waits in
/// the kernel, bytes and all.
class TcpListenEndpoint final : public Endpoint {
  public:
    explicit TcpListenEndpoint(TcpListenAddress address) : address_(std::move(address)) {}
    /// Binds unless it is bound; the port, which the kernel chose when the address says 0. open() does it too.
    [[nodiscard]] Result<std::uint16_t> listen();
    /// Waits for the device; of several connections that wait, the first: what it sent is read before the next one's.
    [[nodiscard]] Result<std::unique_ptr<Link>> open(std::chrono::milliseconds limit, const Stop& stop) override;
    /// The same, as what it is.
    [[nodiscard]] Result<std::unique_ptr<TcpListenLink>> accept(std::chrono::milliseconds limit, const Stop& stop);

  private:
    TcpListenAddress address_;
    std::shared_ptr<Descriptor> listener_;
};

/// The device connected to us. One at a time: a newer connection ends this one (a device that lost power comes back
/// on a new connection, and its old one would stay half-open for minutes), once all that this one sent was read.
class TcpListenLink final : public FdLink {
  public:
    TcpListenLink(Descriptor fd, std::string name, std::shared_ptr<Descriptor> listener);
    /// Whether a newer connection ends this one; from the begin on it does. For a conversation with a protocol that
    /// says where a message ends.
    void may_be_replaced(bool may);

  private:
    std::shared_ptr<Descriptor> listener_;
};

}  // namespace hefang::link
