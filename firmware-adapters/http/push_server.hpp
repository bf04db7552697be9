#pragma once
#include "base/counters.hpp"
#include "base/result.hpp"
#include "http/digest_access.hpp"
#include "http/message.hpp"
#include "link/address.hpp"
#include "link/tcp_link.hpp"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace hefang::http {

struct PushLimits {
    std::size_t body_bytes = std::size_t{8} << 20;
    std::chrono::milliseconds request{10'000};  ///< from the first byte of a request to its last
    std::chrono::milliseconds idle{60'000};     ///< a kept connection without a request
    std::chrono::milliseconds write{2'000};
};

/// What a device pushed.
struct Push {
    std::string content_type;
    std::string body;
};

/// A server for one device that pushes: one connection at a time, on the thread that calls it. Another connection waits
/// in the kernel; it takes the place of one that has no request under way. Whoever asks for something else is answered
/// (404 another path, 405 no POST, 401 no or wrong digest access, 400, 408, 413, 431) and counted as
/// refused-http-<status>.
class PushServer {
  public:
    PushServer(link::HttpListenAddress address, std::optional<Credentials> who, PushLimits limits = {});
    /// Binds unless it is bound; the port, which the kernel chose when the address says 0.
    [[nodiscard]] Result<std::uint16_t> listen();
    /// The next push; it must be answered before the next call. Fails with timeout (none within `limit`), closed (stop
    /// requested), and as Endpoint::open() does.
    [[nodiscard]] Result<Push> next(std::chrono::milliseconds limit, Counters& counters, const link::Stop& stop);
    /// Answers the push that next() gave: "200 OK", or refuses it with `status` and counts that.
    void answer(int status, Counters& counters, const link::Stop& stop);

  private:
    using Clock = std::chrono::steady_clock;
    [[nodiscard]] Result<void> read_some(Clock::time_point until, Counters& counters, const link::Stop& stop);
    [[nodiscard]] bool fits(Counters& counters, const link::Stop& stop);
    void refuse(int status, Counters& counters, const link::Stop& stop);
    void give_up(Fault fault, Counters& counters, const link::Stop& stop);
    void send(int status, const std::string& fields, bool keep, const link::Stop& stop);
    void hang_up();

    link::HttpListenAddress address_;
    std::optional<Gate> gate_;
    PushLimits limits_;
    link::TcpListenEndpoint endpoint_;
    std::unique_ptr<link::TcpListenLink> link_;
    RequestReader reader_;
    Clock::time_point began_{};  // of the request, or of the wait for it
    bool waits_ = true;          // for the first byte of a request
};

}  // namespace hefang::http
