#include "link/modbus_line.hpp"

#include <algorithm>
#include <array>

#include <termios.h>

namespace hefang::link {
namespace {

using Ms = std::chrono::milliseconds;

/// The silence that ends an RTU frame: 3.5 characters of 11 bits, at least 1.75 ms (Modbus over serial line 1.02,
/// 2.5.1.1), in whole milliseconds.
Ms between_frames(std::uint32_t baud) { return Ms(std::max<std::uint32_t>(2, (38'500 + baud - 1) / baud)); }

/// How soon one who waits hears of a stop request.
constexpr Ms look_for_stop{20};

}  // namespace

ModbusLine::ModbusLine(SerialAddress address, std::unique_ptr<SerialLink> port, Ms quiet)
    : address_(std::move(address)), port_(std::move(port)), quiet_(quiet), last_use_(Steady::now()) {}

Result<std::shared_ptr<ModbusLine>> ModbusLine::open(const SerialAddress& address, Ms quiet) {
    auto port = SerialLink::open(address);
    if (!port) return tl::unexpected(port.error());
    return std::make_shared<ModbusLine>(address, std::move(*port), quiet);
}

bool ModbusLine::broken() const {
    const std::lock_guard lock(mutex_);
    return broken_;
}

Result<void> ModbusLine::wait_in_row(const Stop& stop) {
    std::unique_lock lock(mutex_);
    const auto ticket = ++tickets_;
    row_.push_back(ticket);
    while (row_.front() != ticket && !broken_ && !stop.requested()) next_.wait_for(lock, look_for_stop);
    if (!broken_ && !stop.requested()) return {};
    row_.erase(std::find(row_.begin(), row_.end(), ticket));
    const bool gone = broken_;
    lock.unlock();
    next_.notify_all();
    if (gone) return fail(Errc::unreachable, address_.path + ": unplugged");
    return fail(Errc::closed, "stop requested");
}

Result<void> ModbusLine::drain(const Stop& stop) {
    const auto until = Steady::now() + quiet_ + noise_limit;
    std::array<char, 512> late{};
    while (Steady::now() < until) {
        const auto n = port_->read_some(late, quiet_, stop);
        if (n) continue;
        if (n.error().code != Errc::timeout) return tl::unexpected(n.error());
        quiet_ = Ms(0);
        return {};
    }
    return fail(Errc::unreachable, address_.path + ": the line is never silent: a second master, or a wrong baud?");
}

Result<ModbusLine::Turn> ModbusLine::turn(const Stop& stop) {
    if (const auto first = wait_in_row(stop); !first) return tl::unexpected(first.error());
    Turn mine(*this);
    if (quiet_.count() > 0) {
        if (const auto silent = drain(stop); !silent) {
            if (silent.error().code == Errc::unreachable) mine.broken();
            return tl::unexpected(silent.error());
        }
    } else {
        const auto left = std::chrono::ceil<Ms>(last_use_ + between_frames(address_.baud) - Steady::now());
        if (left.count() > 0 && stop.wait_for(left)) return fail(Errc::closed, "stop requested");
        ::tcflush(port_->fd(), TCIFLUSH);  // an answer that nobody waits for
    }
    return mine;
}

void ModbusLine::end_turn() {
    last_use_ = Steady::now();
    {
        const std::lock_guard lock(mutex_);
        row_.pop_front();
    }
    next_.notify_all();
}

void ModbusLine::Turn::failed(Ms quiet) { line_->quiet_ = std::max(line_->quiet_, quiet); }

void ModbusLine::Turn::broken() {
    line_->port_->close();
    const std::lock_guard lock(line_->mutex_);
    line_->broken_ = true;
}

Result<std::shared_ptr<ModbusLine>> ModbusLines::open(const SerialAddress& address, Ms quiet) {
    const std::lock_guard lock(mutex_);
    auto& known = lines_[address.path];
    if (auto line = known.lock(); line && !line->broken()) {
        if (line->address() == address) return line;
        return fail(Errc::refused, to_text(address) + ": the line is open as " + to_text(line->address()));
    }
    auto line = ModbusLine::open(address, quiet);
    if (line) known = *line;
    return line;
}

}  // namespace hefang::link
