#include "hil/wire.hpp"

#include <array>
#include <utility>

namespace hefang::hil {
namespace {

constexpr std::chrono::milliseconds patience{1000};
constexpr std::chrono::milliseconds at_once{0};

/// True while the other side has not hung up; what it sent goes to `heard`.
bool alive(link::Link& peer, const link::Stop& stop, std::string& heard) {
    std::array<char, 256> answers{};
    for (;;) {
        const auto n = peer.read_some(answers, at_once, stop);
        if (!n) return n.error().code == Errc::timeout;
        heard.append(answers.data(), *n);
        if (heard.size() > Wire::most_heard) heard.erase(0, heard.size() - Wire::most_heard);
    }
}

}  // namespace

Result<std::unique_ptr<PtyWire>> PtyWire::open(std::string name) {
    auto pty = Pty::open(name);
    if (!pty) return tl::unexpected(pty.error());
    return std::unique_ptr<PtyWire>(new PtyWire(std::move(name), std::move(*pty)));
}

Result<void> PtyWire::plug() {
    pty_.unplug();
    auto pty = Pty::open(name_);
    if (!pty) return tl::unexpected(pty.error());
    pty_ = std::move(*pty);
    return {};
}

Result<std::unique_ptr<TcpServerWire>> TcpServerWire::open(std::uint16_t port) {
    auto wire = std::make_unique<TcpServerWire>();
    wire->port_ = port;
    if (const auto done = wire->plug(); !done) return tl::unexpected(done.error());
    return wire;
}

/// Takes the gateway that knocks, where none is connected.
Result<void> TcpServerWire::meet() {
    if (!endpoint_) return fail(Errc::closed, address() + ": unplugged");
    if (peer_ && !alive(*peer_, stop_, heard_)) peer_.reset();
    if (peer_) return {};
    auto peer = endpoint_->open(at_once, stop_);
    if (!peer) return fail(Errc::closed, peer.error().detail);
    peer_ = std::move(*peer);
    heard_.clear();
    return {};
}

std::string TcpServerWire::received() {
    (void)meet();
    return std::exchange(heard_, {});
}

Result<void> TcpServerWire::send(std::string_view bytes) {
    if (auto met = meet(); !met) return met;
    auto sent = peer_->write_all(bytes, patience, stop_);
    if (!sent) peer_.reset();
    return sent;
}

void TcpServerWire::unplug() {
    peer_.reset();
    endpoint_.reset();
}

Result<void> TcpServerWire::plug() {
    auto endpoint = std::make_unique<link::TcpListenEndpoint>(link::TcpListenAddress{"127.0.0.1", port_});
    const auto port = endpoint->listen();
    if (!port) return tl::unexpected(port.error());
    port_ = *port;
    endpoint_ = std::move(endpoint);
    return {};
}

Result<void> TcpClientWire::plug() {
    auto peer = link::TcpClientLink::open({"127.0.0.1", port_}, stop_);
    if (!peer) return tl::unexpected(peer.error());
    peer_ = std::move(*peer);
    return {};
}

Result<void> TcpClientWire::meet() {
    if (peer_ && !alive(*peer_, stop_, heard_)) peer_.reset();
    if (peer_) return {};
    heard_.clear();
    return plug();
}

std::string TcpClientWire::received() {
    (void)meet();
    return std::exchange(heard_, {});
}

Result<void> TcpClientWire::send(std::string_view bytes) {
    if (auto met = meet(); !met) return met;
    auto sent = peer_->write_all(bytes, patience, stop_);
    if (!sent) peer_.reset();
    return sent;
}

}  // namespace hefang::hil
