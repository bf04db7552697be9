#include "hil/sorter_sim.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <random>
#include <string>

#include <modbus.h>
#include <poll.h>
#include <unistd.h>

namespace hefang::hil {

namespace map = codec::sorter;

namespace {

constexpr int register_end = map::reg_command_block + static_cast<int>(map::command_size);
constexpr std::uint8_t read_holding = 3;
constexpr std::uint8_t write_multiple = 16;

std::uint16_t word(const std::uint8_t* bytes) { return static_cast<std::uint16_t>(bytes[0] << 8U | bytes[1]); }

int fail_closing(int fd) {
    const int cause = errno;
    ::close(fd);
    errno = cause;
    return -1;
}

int listen_on_loopback(std::uint16_t port) {
    const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) return -1;
    const int on = 1;
    ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_port = htons(port);
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::bind(fd, reinterpret_cast<const sockaddr*>(&at), sizeof at) != 0) return fail_closing(fd);
    if (::listen(fd, 8) != 0) return fail_closing(fd);
    return fd;
}

int port_of(int fd) {
    sockaddr_in at{};
    socklen_t size = sizeof at;
    ::getsockname(fd, reinterpret_cast<sockaddr*>(&at), &size);
    return ntohs(at.sin_port);
}

/// Closes with a reset instead of an orderly end.
void slam(int fd) {
    const linger hard{1, 0};
    ::setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
    ::close(fd);
}

std::uint16_t random_start() { return static_cast<std::uint16_t>(std::random_device{}()); }

}  // namespace

/// Runs `act` on the PLC as it is now.
template <class Act>
auto SorterSim::locked(Act&& act) {
    const std::lock_guard lock(mutex_);
    plc_.advance(clock_.now().boot);
    return act(plc_);
}

Result<std::unique_ptr<SorterSim>> SorterSim::start(SorterPlcSettings settings, std::uint16_t port) {
    const int listener = listen_on_loopback(port);
    if (listener < 0) {
        return fail(Errc::unreachable, "sorter simulator: port " + std::to_string(port) + ": " + std::strerror(errno));
    }
    return std::unique_ptr<SorterSim>(new SorterSim(settings, listener, port_of(listener)));
}

SorterSim::SorterSim(SorterPlcSettings settings, int listener, int port)
    : listener_(listener),
      port_(port),
      wake_fd_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)),
      context_(modbus_new_tcp("127.0.0.1", port)),
      plc_(settings, clock_.now().boot, random_start()),
      thread_([this] { run(); }) {}

SorterSim::~SorterSim() {
    stop_ = true;
    wake();
    thread_.join();
    modbus_free(static_cast<modbus_t*>(context_));
    ::close(listener_);
    ::close(wake_fd_);
}

void SorterSim::wake() const {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto n = ::write(wake_fd_, &one, sizeof one);
}

int SorterSim::wait_ms() const {
    const std::lock_guard lock(mutex_);
    // Never 0: what stays due (a watchdog that is ignored) must not make this thread spin.
    return static_cast<int>(std::clamp<std::int64_t>(plc_.next_due() - clock_.now().boot, 1, 100));
}

void SorterSim::run() {
    std::vector<pollfd> watched;
    while (!stop_) {
        watched.assign({{wake_fd_, POLLIN, 0}, {listener_, POLLIN, 0}});
        if (!frozen_) {
            for (const int fd : connections_) watched.push_back({fd, POLLIN, 0});
        }
        ::poll(watched.data(), watched.size(), wait_ms());
        std::uint64_t woken = 0;
        [[maybe_unused]] const auto n = ::read(wake_fd_, &woken, sizeof woken);
        locked([](SorterPlc&) {});
        if (reset_.exchange(false)) {
            std::for_each(connections_.begin(), connections_.end(), slam);
            connections_.clear();
            continue;
        }
        if ((watched[1].revents & POLLIN) != 0) accept_one();
        for (std::size_t i = 2; i < watched.size() && !frozen_; ++i) {
            if (watched[i].revents == 0 || serve(watched[i].fd)) continue;
            ::close(watched[i].fd);
            std::erase(connections_, watched[i].fd);
        }
    }
    std::for_each(connections_.begin(), connections_.end(), ::close);
}

void SorterSim::accept_one() {
    const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (fd < 0) return;
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);  // the answers are small and must not wait
    connections_.push_back(fd);
}

/// One request of one connection; false when the connection is to be closed.
bool SorterSim::serve(int connection) {
    const auto first_byte = std::chrono::steady_clock::now();
    auto* const context = static_cast<modbus_t*>(context_);
    std::array<std::uint8_t, MODBUS_TCP_MAX_ADU_LENGTH> request{};
    modbus_set_socket(context, connection);
    const int size = modbus_receive(context, request.data());
    if (size == 0) return true;
    if (size < 12) return false;
    const std::uint8_t* const body = request.data() + modbus_get_header_length(context);
    const int first = word(body + 1);
    const int count = word(body + 3);
    const bool inside = first + count <= register_end;

    std::array<std::uint16_t, register_end> registers{};
    bool known = false;
    locked([&](SorterPlc& plc) {
        if (body[0] == write_multiple && inside && size >= 13 + 2 * count) {
            std::vector<std::uint16_t> values;
            for (int i = 0; i < count; ++i) values.push_back(word(body + 6 + 2 * i));
            const auto before = plc.received_count();
            known = plc.write(first, values);
            const auto fresh = plc.received_count() - before;
            const auto& all = plc.received();
            for (std::size_t i = all.size() - std::min(fresh, all.size()); watch_ && i < all.size(); ++i)
                watch_(all[i].entry.sequence, first_byte);
        } else {
            known = body[0] == read_holding && inside;
        }
        const auto status = map::encode_status(plc.status());
        const auto commands = plc.command_registers();
        std::copy(status.begin(), status.end(), registers.begin());
        std::copy(commands.begin(), commands.end(), registers.begin() + map::reg_command_block);
    });
    if (!known) {
        return modbus_reply_exception(context, request.data(), MODBUS_EXCEPTION_ILLEGAL_DATA_ADDRESS) >= 0;
    }
    modbus_mapping_t mapping{};
    mapping.nb_registers = register_end;
    mapping.tab_registers = registers.data();
    return modbus_reply(context, request.data(), size, &mapping) >= 0;
}

std::uint16_t SorterSim::induct(std::optional<std::uint16_t> sequence, std::uint16_t length_mm) {
    const auto number = locked([&](SorterPlc& plc) { return plc.induct(sequence, length_mm); });
    wake();
    return number;
}

void SorterSim::induct_burst(unsigned count) {
    locked([&](SorterPlc& plc) {
        for (unsigned i = 0; i < count; ++i) plc.induct(std::nullopt, 300);
    });
    wake();
}

void SorterSim::freeze(bool on) {
    frozen_ = on;
    wake();
}

void SorterSim::reset_connections() {
    reset_ = true;
    wake();
}

void SorterSim::restart() {
    locked([](SorterPlc& plc) { plc.restart(); });
}
void SorterSim::freeze_heartbeat(bool on) {
    locked([&](SorterPlc& plc) { plc.freeze_heartbeat(on); });
}
void SorterSim::freeze_echo(bool on) {
    locked([&](SorterPlc& plc) { plc.freeze_echo(on); });
}
void SorterSim::ignore_watchdog(bool on) {
    locked([&](SorterPlc& plc) { plc.ignore_watchdog(on); });
}
void SorterSim::set_manual(bool on) {
    locked([&](SorterPlc& plc) { plc.set_manual(on); });
}
void SorterSim::set_full(std::uint16_t chute, bool on) {
    locked([&](SorterPlc& plc) { plc.set_full(chute, on); });
}
void SorterSim::drop_confirmations(unsigned count) {
    locked([&](SorterPlc& plc) { plc.drop_confirmations(count); });
}
void SorterSim::miss_diverts(unsigned count) {
    locked([&](SorterPlc& plc) { plc.miss_diverts(count); });
}
void SorterSim::skip_sequences(unsigned count) {
    locked([&](SorterPlc& plc) { plc.skip_sequences(count); });
}

void SorterSim::watch_commands(CommandWatch watch) {
    const std::lock_guard lock(mutex_);
    watch_ = std::move(watch);
}

std::vector<ReceivedCommand> SorterSim::received() const {
    const std::lock_guard lock(mutex_);
    return plc_.received();
}
std::vector<Diversion> SorterSim::diversions() const {
    const std::lock_guard lock(mutex_);
    return plc_.diversions();
}
std::size_t SorterSim::on_belt() const {
    const std::lock_guard lock(mutex_);
    return plc_.on_belt();
}
map::Status SorterSim::status() const {
    const std::lock_guard lock(mutex_);
    return plc_.status();
}

}  // namespace hefang::hil
