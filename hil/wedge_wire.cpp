#include "hil/wedge_wire.hpp"

#include "telegram/wedge.hpp"

#include <sys/stat.h>

#include <cerrno>
#include <system_error>

#include <fcntl.h>
#include <poll.h>
#include <unistd.h>

namespace hefang::hil {
namespace {

constexpr int patience_ms = 1000;

tl::unexpected<Error> failed(const std::string& what) {
    return fail(Errc::unreachable, what + ": " + std::generic_category().message(errno));
}

}  // namespace

Result<std::unique_ptr<WedgeWire>> WedgeWire::open(std::string name) {
    std::unique_ptr<WedgeWire> wire(new WedgeWire(std::move(name)));
    if (const auto done = wire->plug(); !done) return tl::unexpected(done.error());
    return wire;
}

Result<void> WedgeWire::plug() {
    unplug();
    struct stat s {};
    if (::lstat(name_.c_str(), &s) == 0) {
        if (!S_ISFIFO(s.st_mode)) return fail(Errc::refused, name_ + ": is there already, and no FIFO");
        ::unlink(name_.c_str());
    }
    if (::mkfifo(name_.c_str(), 0600) != 0) return failed(name_);
    plugged_ = true;
    return {};
}

void WedgeWire::unplug() {
    fd_.reset();
    if (plugged_) ::unlink(name_.c_str());
    plugged_ = false;
}

Result<void> WedgeWire::send(std::string_view text) { return write(codec::encode_typed(text, overlapping)); }

Result<void> WedgeWire::lose() {
    using namespace codec::wedge;
    return write(codec::encode_event({ev_syn, syn_dropped, 0}) + codec::encode_event({ev_syn, syn_report, 0}));
}

Result<void> WedgeWire::write(std::string_view events) {
    if (!plugged_) return fail(Errc::closed, address() + ": unplugged");
    // Without a reader there is nowhere to write to, as a keyboard keeps nothing for a program that comes later.
    if (!fd_.valid()) fd_ = link::Descriptor(::open(name_.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC));
    if (!fd_.valid()) return fail(Errc::closed, address() + ": nobody reads");
    while (!events.empty()) {
        const auto n = ::write(fd_.get(), events.data(), events.size());
        if (n > 0) {
            events.remove_prefix(static_cast<std::size_t>(n));
        } else if (errno == EAGAIN) {
            pollfd p{fd_.get(), POLLOUT, 0};
            if (::poll(&p, 1, patience_ms) == 0) return fail(Errc::timeout, address() + ": nobody reads");
        } else if (errno != EINTR) {
            fd_.reset();
            return failed(address());
        }
    }
    return {};
}

}  // namespace hefang::hil
