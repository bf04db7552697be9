#pragma once
#include "base/result.hpp"
#include "link/stop.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace hefang::link {

/// One Modbus TCP connection, the client's side; one thread at a time. After any error the connection is closed and
/// stays so: a late answer must never be taken for the next one, so the caller backs off and connects anew.
class ModbusTcp {
  public:
    /// `host`: name, IPv4 or IPv6 without brackets; `unit` 0…247 or 255. `limit` (1 ms to 60 s) bounds the connect to
    /// each address of the host and, later, each whole answer; looking a name up has TcpClientLink::connect_limit. Ends
    /// at once (closed) when `stop` is requested; a request that waits for its answer is not interrupted.
    [[nodiscard]] static Result<ModbusTcp> connect(const std::string& host, int port, int unit,
                                                   std::chrono::milliseconds limit, const Stop& stop);

    /// Holding registers (FC3) `first`… into `out`, 1 to 125 of them in one request.
    [[nodiscard]] Result<void> read_registers(int first, std::span<std::uint16_t> out);
    /// Holding registers (FC16) `first`…, 1 to 123 of them in one request.
    [[nodiscard]] Result<void> write_registers(int first, std::span<const std::uint16_t> values);

    [[nodiscard]] bool connected() const { return context_ != nullptr; }
    void close() { context_.reset(); }

  private:
    struct Closer {
        void operator()(void* context) const;
    };
    using Context = std::unique_ptr<void, Closer>;

    ModbusTcp(Context context, std::string address) : context_(std::move(context)), address_(std::move(address)) {}
    tl::unexpected<Error> broken(int cause, const char* act, int first, std::size_t count);

    Context context_;
    std::string address_;  // for error texts
};

}  // namespace hefang::link
