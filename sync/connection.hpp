#pragma once
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace hefang::sync {

struct Message {
    std::string topic;
    std::string payload;
    std::string content_type;
    bool retained = false;
};

struct ConnectionSettings {
    std::string broker;  ///< as check_broker() returns it
    std::string client_id;
    std::int64_t keep_alive_s = 20;
    std::int64_t connect_timeout_s = 5;
    std::int64_t most_in_flight = 64;  ///< messages the library holds; the caller keeps its own bound below
    std::size_t message_bytes = 0;     ///< of a message that arrives; a larger one comes as `oversized`
    Message will;                      ///< empty topic: none
};

/// What a connection says of itself.
struct LinkEvent {
    enum class Kind : std::uint8_t {
        connected,   ///< `number` = the broker's Receive Maximum
        failed,      ///< of connecting or subscribing; `bytes` says why. The connection is of no more use
        subscribed,  ///< every filter
        confirmed,   ///< the broker has the message that was published with `number`
        lost,        ///< the connection ended, or a publish failed; `bytes` says why
        message,     ///< `topic`, `bytes`
        oversized,   ///< `topic`; its payload of `number` bytes was dropped
    };
    Kind kind{};
    std::uint64_t number = 0;
    std::string topic, bytes;
};

/// One attempt to talk to a broker: MQTT 5, clean start, session expiry 0, no persistence, no automatic reconnect.
/// Owned and called by one thread; `post` is called on threads of the library's, until the destructor returns, and must
/// neither block nor call back. After `failed` or `lost` the owner destroys it and makes another.
class Connection {
  public:
    /// Begins to connect; the outcome comes as an event.
    Connection(ConnectionSettings settings, std::function<void(LinkEvent&&)> post);
    /// Without disconnect() before, the broker publishes the will, as for a connection that was lost.
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] Result<void> subscribe(const std::vector<std::string>& filters);
    /// QoS 1. `number` comes back with the broker's confirmation.
    [[nodiscard]] Result<void> publish(Message message, std::uint64_t number);
    /// Says goodbye, so that the broker does not publish the will; waits at most `limit_ms`.
    void disconnect(std::int64_t limit_ms);

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace hefang::sync
