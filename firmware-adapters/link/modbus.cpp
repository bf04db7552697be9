#include "link/modbus.hpp"

#include "link/resolve.hpp"
#include "link/tcp_link.hpp"

#include <sys/select.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>
#include <variant>

#include <modbus.h>

namespace hefang::link {
namespace {

modbus_t* of(void* context) { return static_cast<modbus_t*>(context); }

/// An exception answer of the device: it lives, but refuses this request.
bool is_exception(int cause) { return cause >= EMBXILFUN && cause <= EMBXGTAR; }

std::string words(int cause) {
    if (cause == ETIMEDOUT) return "no answer in time";
    return cause == EINVAL ? "no such addresses" : modbus_strerror(cause);
}

/// Refused here, before anything was sent.
bool is_unsent(int cause) { return cause == EINVAL || cause == EMBMDATA; }

/// The line or socket failed, not what came over it.
bool is_of_the_system(int cause) { return cause != ETIMEDOUT && cause < MODBUS_ENOBASE; }

Error error_of(int cause, std::string what) {
    if (cause == ETIMEDOUT) return {Errc::timeout, std::move(what)};
    if (is_exception(cause) || is_unsent(cause)) return {Errc::refused, std::move(what)};
    return {Errc::unreachable, std::move(what)};
}

/// libmodbus would look names up and connect without an ear for `stop`.
Result<Descriptor> connect_to_host(const std::string& host, int port, std::chrono::milliseconds limit,
                                   const Stop& stop) {
    const auto addresses = resolve(host, static_cast<std::uint16_t>(port), TcpClientLink::connect_limit, stop);
    if (!addresses) return tl::unexpected(addresses.error());
    Error last{Errc::not_found, "the name has no address"};
    for (const auto& to : *addresses) {
        auto fd = connect_tcp(to, std::chrono::steady_clock::now() + limit, stop);
        if (fd) return fd;
        last = fd.error();
        if (last.code == Errc::closed) break;
    }
    return tl::unexpected(last);
}

bool is_rtu(modbus_t* context) { return modbus_get_header_length(context) == 1; }

constexpr auto least_limit = std::chrono::milliseconds(1);
constexpr auto most_limit = std::chrono::milliseconds(60'000);

/// What TCP and RTU have in common.
Result<void> prepare(modbus_t* context, int unit, std::chrono::milliseconds limit) {
    if (limit < least_limit || limit > most_limit) return fail(Errc::refused, "limit out of range");
    const auto seconds = static_cast<std::uint32_t>(limit.count() / 1000);
    const auto micros = static_cast<std::uint32_t>(limit.count() % 1000 * 1000);
    modbus_set_error_recovery(context, MODBUS_ERROR_RECOVERY_NONE);
    modbus_set_response_timeout(context, seconds, micros);
    modbus_set_byte_timeout(context, 0, 0);  // the whole answer within the response timeout
    if (modbus_set_slave(context, unit) != 0) return fail(Errc::refused, words(errno));
    return {};
}

char parity_of(Parity parity) {
    switch (parity) {
        case Parity::none: return 'N';
        case Parity::even: return 'E';
        case Parity::odd: return 'O';
    }
    return 'N';
}

std::uint8_t high(int word) { return static_cast<std::uint8_t>(word >> 8 & 0xFF); }
std::uint8_t low(int word) { return static_cast<std::uint8_t>(word & 0xFF); }

/// FC5 by hand: the library's own call knows two values only. 1, or −1 and errno, as the library does. The library
/// compares no transaction number here; there is no late answer that one would have to be told from, for every error
/// ends the conversation, and the answer must repeat the whole request.
int write_single_coil(modbus_t* context, int unit, int coil, int value) {
    const std::array<std::uint8_t, 6> asked{low(unit), 5, high(coil), low(coil), high(value), low(value)};
    if (modbus_send_raw_request(context, asked.data(), static_cast<int>(asked.size())) < 0) return -1;
    std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> answer{};
    const int n = modbus_receive_confirmation(context, answer.data());
    if (n < 0) return -1;
    const int header = modbus_get_header_length(context);
    const auto* said = answer.data() + header;
    const int length = n - header - (is_rtu(context) ? 2 : 0);
    errno = EMBBADDATA;
    if (is_rtu(context) && answer[0] != low(unit)) return -1;
    if (length == 2 && said[0] == (asked[1] | 0x80)) return errno = MODBUS_ENOBASE + said[1], -1;
    return length == 5 && std::equal(asked.begin() + 1, asked.end(), said) ? 1 : -1;
}

}  // namespace

void Modbus::Closer::operator()(void* context) const {
    if (!is_rtu(of(context))) modbus_close(of(context));  // a serial line is its owner's
    modbus_free(of(context));
}

Result<Modbus> Modbus::connect(const std::string& host, int port, int unit, std::chrono::milliseconds limit,
                               const Stop& stop) {
    const bool v6 = host.find(':') != std::string::npos;
    std::string address =
        "modbus-tcp://" + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port) + "?unit=" + std::to_string(unit);
    if (host.empty() || port < 1 || port > 65535 || unit < 0 || (unit > 247 && unit != 255)) {
        return fail(Errc::refused, address + ": host, port 1…65535 and unit 0…247 or 255 are needed");
    }
    Context context(modbus_new_tcp_pi(host.c_str(), std::to_string(port).c_str()));
    if (!context) return fail(Errc::refused, address + ": " + words(errno));
    if (const auto ready = prepare(of(context.get()), unit, limit); !ready)
        return fail(ready.error().code, address + ": " + ready.error().detail);
    auto fd = connect_to_host(host, port, limit, stop);
    if (!fd) return fail(fd.error().code, address + ": connect: " + fd.error().detail);
    // libmodbus waits with select(): a descriptor from FD_SETSIZE on would write beyond its set.
    if (fd->get() >= FD_SETSIZE) return fail(Errc::full, address + ": too many open descriptors for a Modbus link");
    modbus_set_socket(of(context.get()), fd->release());
    return Modbus(std::move(context), std::move(address), unit);
}

Result<Modbus> Modbus::open(const ModbusRtuAddress& at, ModbusLines& lines, std::chrono::milliseconds limit,
                            const Stop& stop) {
    std::string address = to_text(at);
    if (at.unit < 1 || at.unit > 247) return fail(Errc::refused, address + ": unit 1…247 is needed");
    Context context(modbus_new_rtu(at.line.path.c_str(), static_cast<int>(at.line.baud), parity_of(at.line.parity),
                                   at.line.bits, at.line.stop));
    if (!context) return fail(Errc::refused, address + ": " + words(errno));
    if (const auto ready = prepare(of(context.get()), at.unit, limit); !ready)
        return fail(ready.error().code, address + ": " + ready.error().detail);
    auto line = lines.open(at.line, limit);
    if (!line) return tl::unexpected(line.error());
    Modbus out(std::move(context), std::move(address), at.unit);
    out.line_ = std::move(*line);
    out.limit_ = limit;
    out.stop_ = &stop;
    return out;
}

Result<Modbus> Modbus::open(const LinkAddress& address, ModbusLines& lines, std::chrono::milliseconds limit,
                            const Stop& stop) {
    if (const auto* tcp = std::get_if<ModbusTcpAddress>(&address))
        return connect(tcp->host, tcp->port, tcp->unit, limit, stop);
    if (const auto* rtu = std::get_if<ModbusRtuAddress>(&address)) return open(*rtu, lines, limit, stop);
    return fail(Errc::refused, to_text(address) + " is no Modbus link");
}

tl::unexpected<Error> Modbus::broken(int cause, const Request& request) {
    close();
    return tl::unexpected(error_of(cause, address_ + ": " + request.act + " " + std::to_string(request.count) + " " +
                                              request.what + " at " + std::to_string(request.first) + ": " +
                                              words(cause)));
}

Result<void> Modbus::run(const Request& request, const std::function<int(void* context)>& act) {
    if (!context_) return fail(Errc::closed, address_ + ": the connection is closed");
    const auto count = static_cast<int>(std::min<std::size_t>(request.count, 0x10000));
    if (count == 0 || request.first < 0 || request.first + count > 0x10000) return broken(EINVAL, request);
    if (request.count > request.most) return broken(EMBMDATA, request);
    const auto outcome = [&] {
        const int n = act(context_.get());
        return n == count ? 0 : n < 0 ? errno : EMBBADDATA;
    };
    if (!line_) {  // TCP
        const int cause = outcome();
        return cause == 0 ? Result<void>{} : broken(cause, request);
    }
    const auto line = line_;  // until the turn is over, whatever closes this
    auto turn = line->turn(*stop_);
    if (!turn) return close(), tl::unexpected(Error{turn.error().code, address_ + ": " + turn.error().detail});
    if (turn->fd() >= FD_SETSIZE) return close(), fail(Errc::full, address_ + ": too many open descriptors");
    modbus_set_socket(of(context_.get()), turn->fd());
    const int cause = outcome();
    if (cause == 0) return {};
    if (is_of_the_system(cause)) turn->broken();
    if (!is_exception(cause)) turn->failed(limit_);
    return broken(cause, request);
}

Result<void> Modbus::read_coils(int first, std::span<std::uint8_t> out) {
    return run({"read", "coils", first, out.size(), most_bits_read},
               [&](void* c) { return modbus_read_bits(of(c), first, static_cast<int>(out.size()), out.data()); });
}

Result<void> Modbus::read_inputs(int first, std::span<std::uint8_t> out) {
    return run({"read", "inputs", first, out.size(), most_bits_read},
               [&](void* c) { return modbus_read_input_bits(of(c), first, static_cast<int>(out.size()), out.data()); });
}

Result<void> Modbus::read_registers(int first, std::span<std::uint16_t> out) {
    return run({"read", "registers", first, out.size(), most_registers_read},
               [&](void* c) { return modbus_read_registers(of(c), first, static_cast<int>(out.size()), out.data()); });
}

Result<void> Modbus::read_input_registers(int first, std::span<std::uint16_t> out) {
    return run({"read", "input registers", first, out.size(), most_registers_read}, [&](void* c) {
        return modbus_read_input_registers(of(c), first, static_cast<int>(out.size()), out.data());
    });
}

Result<void> Modbus::write_coil(int coil, bool on) { return write_coil_value(coil, on ? 0xFF00 : 0); }

Result<void> Modbus::write_coil_value(int coil, std::uint16_t value) {
    return run({"write", "coils", coil, 1, 1}, [&](void* c) { return write_single_coil(of(c), unit_, coil, value); });
}

Result<void> Modbus::write_register(int at, std::uint16_t value) {
    return run({"write", "registers", at, 1, 1}, [&](void* c) { return modbus_write_register(of(c), at, value); });
}

Result<void> Modbus::write_coils(int first, std::span<const std::uint8_t> bits) {
    return run({"write", "coils", first, bits.size(), most_bits_written},
               [&](void* c) { return modbus_write_bits(of(c), first, static_cast<int>(bits.size()), bits.data()); });
}

Result<void> Modbus::write_registers(int first, std::span<const std::uint16_t> values) {
    return run({"write", "registers", first, values.size(), most_registers_written}, [&](void* c) {
        return modbus_write_registers(of(c), first, static_cast<int>(values.size()), values.data());
    });
}

}  // namespace hefang::link
