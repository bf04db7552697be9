#include "platform_probe.hpp"

#include "receiver/slices.hpp"
#include "sync/topics.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <stdexcept>

#include <unistd.h>

namespace hefang::test {
namespace {

constexpr std::size_t recent_limit = 1 << 18;  // two of the largest batches

std::string sized(const std::string& text) {
    return {std::string{static_cast<char>(text.size() >> 8), static_cast<char>(text.size() & 255)} + text};
}

}  // namespace

PlatformProbe::PlatformProbe(int port, std::string client_id) : fd_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0)
        throw std::runtime_error("probe: no broker");
    if (client_id.empty()) client_id = "probe-" + std::to_string(fd_);
    unsigned char type = 0;
    std::string body;
    send_packet(0x10, sized("MQTT") + std::string("\x04\x02\x00\x00", 4) + sized(client_id));
    if (!read_packet(type, body) || type != 0x20 || body.size() != 2 || body[1] != 0)
        throw std::runtime_error("probe: no CONNACK");
    send_packet(0x82, std::string("\x00\x01", 2) + sized("hefang/v1/+/up/#") + std::string(1, '\0'));
    if (!read_packet(type, body) || type != 0x90) throw std::runtime_error("probe: no SUBACK");
    thread_ = std::thread([this] { listen(); });
}

PlatformProbe::~PlatformProbe() {
    ::shutdown(fd_, SHUT_RDWR);
    if (thread_.joinable()) thread_.join();
    ::close(fd_);
}

void PlatformProbe::send_packet(unsigned char type, const std::string& body) {
    std::string out(1, static_cast<char>(type));
    std::size_t left = body.size();
    do {
        const std::size_t digit = left % 128;
        left /= 128;
        out += static_cast<char>(left > 0 ? digit | 128 : digit);
    } while (left > 0);
    out += body;
    if (::send(fd_, out.data(), out.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(out.size())) {
        throw std::runtime_error("probe: cannot send");
    }
}

bool PlatformProbe::read_exactly(char* to, std::size_t size) {
    while (size > 0) {
        const ssize_t n = ::recv(fd_, to, size, 0);
        if (n <= 0) return false;
        to += n;
        size -= static_cast<std::size_t>(n);
    }
    return true;
}

bool PlatformProbe::read_packet(unsigned char& type, std::string& body) {
    char byte = 0;
    if (!read_exactly(&byte, 1)) return false;
    type = static_cast<unsigned char>(byte);
    std::size_t size = 0;
    for (unsigned shift = 0;; shift += 7) {
        if (shift > 21 || !read_exactly(&byte, 1)) return false;
        size |= (static_cast<std::size_t>(static_cast<unsigned char>(byte)) & 127U) << shift;
        if ((static_cast<unsigned char>(byte) & 128U) == 0) break;
    }
    body.resize(size);
    return read_exactly(body.data(), size);
}

void PlatformProbe::listen() {
    unsigned char type = 0;
    std::string body;
    while (read_packet(type, body)) {
        if ((type & 0xF0) != 0x30 || body.size() < 2) continue;
        const std::size_t name =
            static_cast<std::size_t>(static_cast<unsigned char>(body[0])) * 256 + static_cast<unsigned char>(body[1]);
        if (body.size() < 2 + name) continue;
        hear(std::string_view(body).substr(2, name), std::string_view(body).substr(2 + name));
    }
}

void PlatformProbe::hear(std::string_view topic, std::string_view payload) {
    const std::lock_guard lock(mutex_);
    if (topic.ends_with(sync::presence_leaf)) {
        if (const auto p = sync::parse_presence(payload)) presences_.push_back(*p);
    } else if (topic.ends_with(sync::events_leaf)) {
        bytes_ += payload.size();
        recent_.append(payload);
        if (recent_.size() > recent_limit) recent_.erase(0, recent_.size() - recent_limit);
        largest_ = std::max(largest_, payload.size());
        const auto slices = receiver::slice_array(payload, sync::batch_facts);
        if (!slices || slices->empty()) return;
        if (const auto last = receiver::read_envelope(slices->back(), "g1")) {
            auto& newest = newest_[std::string(last->epoch)];
            newest = std::max(newest, last->sequence);
        }
    }
}

void PlatformProbe::say(const std::string& topic, const std::string& payload) {
    send_packet(0x30, sized(topic) + payload);
}

void PlatformProbe::ack(const std::string& gateway, const std::string& epoch, std::uint64_t through,
                        const std::string& head) {
    say(sync::topic_of(gateway, sync::ack_leaf), R"({"aud":")" + gateway + R"(","epoch":")" + epoch +
                                                     R"(","through":")" + std::to_string(through) + R"(","head":")" +
                                                     head + "\"}");
}

std::uint64_t PlatformProbe::newest_of(const std::string& epoch) {
    const std::lock_guard lock(mutex_);
    return newest_[epoch];
}

bool PlatformProbe::heard(const std::string& text) {
    const std::lock_guard lock(mutex_);
    return recent_.find(text) != std::string::npos;
}

std::size_t PlatformProbe::bytes() {
    const std::lock_guard lock(mutex_);
    return bytes_;
}

std::size_t PlatformProbe::largest_batch() {
    const std::lock_guard lock(mutex_);
    return largest_;
}

std::size_t PlatformProbe::presences(const std::string& state) {
    const std::lock_guard lock(mutex_);
    return static_cast<std::size_t>(
        std::count_if(presences_.begin(), presences_.end(), [&](const auto& p) { return p.state == state; }));
}

sync::Presence PlatformProbe::last_presence() {
    const std::lock_guard lock(mutex_);
    return presences_.empty() ? sync::Presence{} : presences_.back();
}

}  // namespace hefang::test
