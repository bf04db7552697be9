#pragma once
#include "base/result.hpp"
#include "link/address.hpp"
#include "link/modbus_line.hpp"
#include "link/stop.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <utility>

namespace hefang::link {

/// A conversation with one Modbus unit, the client's side, over TCP or over a serial line; one thread at a time. After
/// any error it is closed and stays so: a late answer must never be taken for the next one, so the caller backs off and
/// opens anew. Addresses are those of the wire, from 0; a request beyond its limits is refused unsent.
class Modbus {
  public:
    // The most that one request carries.
    static constexpr std::size_t most_bits_read = 2000;
    static constexpr std::size_t most_bits_written = 1968;
    static constexpr std::size_t most_registers_read = 125;
    static constexpr std::size_t most_registers_written = 123;

    /// `host`: name, IPv4 or IPv6 without brackets; `unit` 0…247 or 255. `limit` (1 ms to 60 s) bounds the connect to
    /// each address of the host and, later, each whole answer; looking a name up has TcpClientLink::connect_limit. Ends
    /// at once (closed) when `stop` is requested; a request that waits for its answer is not interrupted.
    [[nodiscard]] static Result<Modbus> connect(const std::string& host, int port, int unit,
                                                std::chrono::milliseconds limit, const Stop& stop);

    /// The line comes from `lines`, which other units may share; whether the unit is there shows with its first
    /// answer. `limit` (1 ms to 60 s) bounds each whole answer; the wait for the line comes on top, and hears `stop`,
    /// which must outlive this.
    [[nodiscard]] static Result<Modbus> open(const ModbusRtuAddress& address, ModbusLines& lines,
                                             std::chrono::milliseconds limit, const Stop& stop);

    /// connect() or the above; refused for a link that is no Modbus.
    [[nodiscard]] static Result<Modbus> open(const LinkAddress& address, ModbusLines& lines,
                                             std::chrono::milliseconds limit, const Stop& stop);

    // Each reads from `first` on what `out` has room for, in one request. Bits come one a byte, 0 or 1.
    [[nodiscard]] Result<void> read_coils(int first, std::span<std::uint8_t> out);             ///< FC1
    [[nodiscard]] Result<void> read_inputs(int first, std::span<std::uint8_t> out);            ///< FC2
    [[nodiscard]] Result<void> read_registers(int first, std::span<std::uint16_t> out);        ///< FC3, holding
    [[nodiscard]] Result<void> read_input_registers(int first, std::span<std::uint16_t> out);  ///< FC4

    [[nodiscard]] Result<void> write_coil(int coil, bool on);                               ///< FC5, FF00 or 0000
    [[nodiscard]] Result<void> write_register(int at, std::uint16_t value);                 ///< FC6
    [[nodiscard]] Result<void> write_coils(int first, std::span<const std::uint8_t> bits);  ///< FC15, 0: off
    [[nodiscard]] Result<void> write_registers(int first, std::span<const std::uint16_t> values);  ///< FC16
    /// FC5 with a value that the standard does not know and some relays do: 0x5500 to toggle, the duration of a flash.
    [[nodiscard]] Result<void> write_coil_value(int coil, std::uint16_t value);

    [[nodiscard]] bool connected() const { return context_ != nullptr; }
    void close() { context_.reset(), line_.reset(); }

  private:
    struct Closer {
        void operator()(void* context) const;
    };
    using Context = std::unique_ptr<void, Closer>;
    /// One request: what it does, for error texts, and how much of it there may be.
    struct Request {
        const char* act;
        const char* what;
        int first;
        std::size_t count;
        std::size_t most;
    };

    Modbus(Context context, std::string address, int unit)
        : context_(std::move(context)), address_(std::move(address)), unit_(unit) {}
    [[nodiscard]] Result<void> run(const Request& request, const std::function<int(void* context)>& act);
    [[nodiscard]] tl::unexpected<Error> broken(int cause, const Request& request);

    Context context_;
    std::string address_;  // for error texts
    int unit_;
    std::shared_ptr<ModbusLine> line_;  // RTU
    std::chrono::milliseconds limit_{};
    const Stop* stop_ = nullptr;  // RTU
};

}  // namespace hefang::link
