#include "hil/board_sim.hpp"

#include <array>
#include <chrono>
#include <utility>

namespace hefang::hil {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t mbap = 6;  // transaction, protocol, length; the unit follows
constexpr std::size_t rtu_request = 8;

std::uint8_t byte(std::string_view bytes, std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); }

/// CRC-16 of Modbus, low byte first as it is sent.
std::string checksum(std::string_view bytes) {
    std::uint16_t crc = 0xFFFF;
    for (const char c : bytes) {
        crc = static_cast<std::uint16_t>(crc ^ static_cast<std::uint8_t>(c));
        for (int i = 0; i < 8; ++i) crc = static_cast<std::uint16_t>((crc & 1U) != 0 ? crc >> 1U ^ 0xA001U : crc >> 1U);
    }
    return {static_cast<char>(crc), static_cast<char>(crc >> 8U)};
}

}  // namespace

Result<std::unique_ptr<BoardSim>> BoardSim::listen(const codec::board::Map& map, std::uint8_t unit,
                                                   std::uint16_t port) {
    std::unique_ptr<BoardSim> sim(new BoardSim(map, unit));
    sim->endpoint_ = std::make_unique<link::TcpListenEndpoint>(link::TcpListenAddress{"127.0.0.1", port});
    const auto got = sim->endpoint_->listen();
    if (!got) return tl::unexpected(got.error());
    sim->port_ = *got;
    sim->thread_ = std::thread([self = sim.get()] { self->serve_tcp(); });
    return sim;
}

Result<std::unique_ptr<BoardSim>> BoardSim::on_terminal(const codec::board::Map& map, std::uint8_t unit,
                                                        std::string name) {
    std::unique_ptr<BoardSim> sim(new BoardSim(map, unit));
    auto pty = Pty::open(std::move(name));
    if (!pty) return tl::unexpected(pty.error());
    sim->terminal_ = pty->path();
    sim->pty_ = std::move(*pty);
    sim->thread_ = std::thread([self = sim.get()] { self->serve_terminal(); });
    return sim;
}

BoardSim::~BoardSim() {
    stop_.request();
    if (thread_.joinable()) thread_.join();
}

std::string BoardSim::address() const {
    const auto unit = "?unit=" + std::to_string(unit_);
    return terminal_.empty() ? "modbus-tcp://127.0.0.1:" + std::to_string(port_) + unit
                             : "modbus-rtu://" + terminal_ + unit;
}

void BoardSim::set_input(int channel, bool closed) {
    const std::lock_guard lock(mutex_);
    model_.set_input(channel, closed);
}
bool BoardSim::output(int channel) const {
    const std::lock_guard lock(mutex_);
    return model_.output(channel, clock_.now().boot);
}
unsigned BoardSim::rises(int channel) const {
    const std::lock_guard lock(mutex_);
    return model_.rises(channel);
}
void BoardSim::refuse_all(bool on) {
    const std::lock_guard lock(mutex_);
    model_.refuse_all(on);
}
void BoardSim::jam(int channel, std::optional<bool> at) {
    const std::lock_guard lock(mutex_);
    model_.jam(channel, at);
}

std::string BoardSim::answer(std::string_view request) {
    const std::lock_guard lock(mutex_);
    return model_.answer(request, clock_.now().boot);
}

std::string BoardSim::answer_tcp(std::string& held) {
    std::string out;
    while (held.size() > mbap) {
        const std::size_t length = std::size_t{byte(held, 4)} << 8U | byte(held, 5);
        if (length < 2 || held.size() < mbap + length) break;
        const auto unit = byte(held, mbap);
        const auto body = answer(std::string_view(held).substr(mbap + 1, length - 1));
        if (unit == unit_ && !silent_) {
            const auto size = body.size() + 1;
            out += held.substr(0, 4) + std::string{static_cast<char>(size >> 8U), static_cast<char>(size)} +
                   held[mbap] + body;
        }
        held.erase(0, mbap + length);
    }
    return out;
}

/// Requests of this module have 8 bytes; what is none is thrown away whole, as a receiver does after a pause.
std::string BoardSim::answer_rtu(std::string& held) {
    std::string out;
    while (held.size() >= rtu_request) {
        const auto frame = held.substr(0, rtu_request);
        held.erase(0, rtu_request);
        if (checksum(frame.substr(0, 6)) != frame.substr(6)) {
            held.clear();
            break;
        }
        if (byte(frame, 0) != unit_) continue;
        const auto body = frame.substr(0, 1) + answer(std::string_view(frame).substr(1, 5));
        if (!silent_) out += body + checksum(body);
    }
    return out;
}

void BoardSim::serve_tcp() {
    while (!stop_.requested()) {
        if (!plugged_) {
            (void)stop_.wait_for(5ms);
            continue;
        }
        auto peer = endpoint_->open(50ms, stop_);
        if (!peer) continue;
        std::string held;
        while (plugged_) {
            std::array<char, 512> buffer{};
            const auto n = (*peer)->read_some(buffer, 20ms, stop_);
            if (!n && n.error().code == Errc::timeout) continue;
            if (!n) break;
            held.append(buffer.data(), *n);
            const auto out = answer_tcp(held);
            if (!out.empty() && !(*peer)->write_all(out, 1000ms, stop_)) break;
        }
    }
}

void BoardSim::serve_terminal() {
    std::string held;
    while (!stop_.wait_for(1ms)) {
        if (!plugged_) {
            pty_->unplug();
            continue;
        }
        if (!pty_->plugged()) {
            auto pty = Pty::open(terminal_);
            if (!pty) continue;
            pty_ = std::move(*pty);
            held.clear();
        }
        held += pty_->read();
        const auto out = answer_rtu(held);
        if (!out.empty()) (void)pty_->write(out);
    }
}

}  // namespace hefang::hil
