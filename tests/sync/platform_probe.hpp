#pragma once
#include "sync/presence.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace hefang::test {

/// A platform that acknowledges only what the test tells it to, and notes what it hears. Speaks the few bytes of
/// MQTT 3.1.1 that this needs by itself, so that the library under test is used by the uplink alone.
class PlatformProbe {
  public:
    explicit PlatformProbe(int port, std::string client_id = {});
    ~PlatformProbe();
    PlatformProbe(const PlatformProbe&) = delete;
    PlatformProbe& operator=(const PlatformProbe&) = delete;

    void say(const std::string& topic, const std::string& payload);
    void ack(const std::string& gateway, const std::string& epoch, std::uint64_t through, const std::string& head);

    [[nodiscard]] std::uint64_t newest() { return newest_of("e1"); }
    [[nodiscard]] std::uint64_t newest_of(const std::string& epoch);
    /// True when some batch so far had `text` in it.
    [[nodiscard]] bool heard(const std::string& text);
    [[nodiscard]] std::size_t bytes();
    [[nodiscard]] std::size_t largest_batch();
    [[nodiscard]] std::size_t presences(const std::string& state);
    [[nodiscard]] sync::Presence last_presence();

  private:
    void listen();
    void hear(std::string_view topic, std::string_view payload);
    bool read_exactly(char* to, std::size_t size);
    bool read_packet(unsigned char& type, std::string& body);
    void send_packet(unsigned char type, const std::string& body);

    int fd_ = -1;
    std::mutex mutex_;
    std::map<std::string, std::uint64_t> newest_;
    std::string recent_;  ///< the last batches, for heard()
    std::size_t bytes_ = 0, largest_ = 0;
    std::vector<sync::Presence> presences_;
    std::thread thread_;
};

}  // namespace hefang::test
