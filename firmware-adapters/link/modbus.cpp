#include "link/modbus.hpp"

#include "link/resolve.hpp"
#include "link/tcp_link.hpp"

#include <sys/select.h>

#include <cerrno>
#include <utility>

#include <modbus.h>

namespace hefang::link {
namespace {

modbus_t* of(void* context) { return static_cast<modbus_t*>(context); }

/// An exception answer of the device: it lives, but refuses this request.
bool is_exception(int cause) { return cause >= EMBXILFUN && cause <= EMBXGTAR; }

std::string words(int cause) { return cause == ETIMEDOUT ? "no answer in time" : modbus_strerror(cause); }

Error error_of(int cause, std::string what) {
    if (cause == ETIMEDOUT) return {Errc::timeout, std::move(what)};
    if (is_exception(cause)) return {Errc::refused, std::move(what)};
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

}  // namespace

void ModbusTcp::Closer::operator()(void* context) const {
    modbus_close(of(context));
    modbus_free(of(context));
}

Result<ModbusTcp> ModbusTcp::connect(const std::string& host, int port, int unit, std::chrono::milliseconds limit,
                                     const Stop& stop) {
    const bool v6 = host.find(':') != std::string::npos;
    std::string address =
        "modbus-tcp://" + (v6 ? "[" + host + "]" : host) + ":" + std::to_string(port) + "?unit=" + std::to_string(unit);
    if (host.empty() || port < 1 || port > 65535 || unit < 0 || (unit > 247 && unit != 255)) {
        return fail(Errc::refused, address + ": host, port 1…65535 and unit 0…247 or 255 are needed");
    }
    if (limit.count() < 1 || limit.count() > 60'000) return fail(Errc::refused, address + ": limit out of range");

    Context context(modbus_new_tcp_pi(host.c_str(), std::to_string(port).c_str()));
    if (!context) return fail(Errc::refused, address + ": " + words(errno));
    const auto seconds = static_cast<std::uint32_t>(limit.count() / 1000);
    const auto micros = static_cast<std::uint32_t>(limit.count() % 1000 * 1000);
    modbus_set_error_recovery(of(context.get()), MODBUS_ERROR_RECOVERY_NONE);
    modbus_set_response_timeout(of(context.get()), seconds, micros);
    modbus_set_byte_timeout(of(context.get()), 0, 0);  // the whole answer within the response timeout
    if (modbus_set_slave(of(context.get()), unit) != 0) return fail(Errc::refused, address + ": " + words(errno));
    auto fd = connect_to_host(host, port, limit, stop);
    if (!fd) return fail(fd.error().code, address + ": connect: " + fd.error().detail);
    // libmodbus waits with select(): a descriptor from FD_SETSIZE on would write beyond its set.
    if (fd->get() >= FD_SETSIZE) return fail(Errc::full, address + ": too many open descriptors for a Modbus link");
    modbus_set_socket(of(context.get()), fd->release());
    return ModbusTcp(std::move(context), std::move(address));
}

tl::unexpected<Error> ModbusTcp::broken(int cause, const char* act, int first, std::size_t count) {
    close();
    return tl::unexpected(error_of(cause, address_ + ": " + act + " " + std::to_string(count) + " registers at " +
                                              std::to_string(first) + ": " + words(cause)));
}

Result<void> ModbusTcp::read_registers(int first, std::span<std::uint16_t> out) {
    if (!context_) return fail(Errc::closed, address_ + ": the connection is closed");
    if (out.empty()) return broken(EINVAL, "read", first, 0);
    const int n = modbus_read_registers(of(context_.get()), first, static_cast<int>(out.size()), out.data());
    if (n == static_cast<int>(out.size())) return {};
    return broken(n < 0 ? errno : EMBBADDATA, "read", first, out.size());
}

Result<void> ModbusTcp::write_registers(int first, std::span<const std::uint16_t> values) {
    if (!context_) return fail(Errc::closed, address_ + ": the connection is closed");
    if (values.empty()) return broken(EINVAL, "write", first, 0);
    const int n = modbus_write_registers(of(context_.get()), first, static_cast<int>(values.size()), values.data());
    if (n == static_cast<int>(values.size())) return {};
    return broken(n < 0 ? errno : EMBBADDATA, "write", first, values.size());
}

}  // namespace hefang::link
