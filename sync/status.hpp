#pragma once
#include "base/clock.hpp"
#include "sync/window.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace hefang::sync {

enum class LinkState : std::uint8_t {
    offline,     ///< no broker; `detail` says why
    connecting,  ///< the broker is there, the platform has not answered yet, or no longer
    online,      ///< the platform answers
    alarm,       ///< the platform's record and the journal contradict each other: nothing is sent until a new epoch
};

[[nodiscard]] std::string_view name_of(LinkState state);

struct SyncStatus {
    LinkState state = LinkState::offline;
    std::optional<BootTime> last_ack;  ///< when the platform last answered; none since the start
    std::uint64_t acked = 0;           ///< the cursor
    std::uint64_t last = 0;            ///< newest committed sequence that the link has seen
    std::string detail;                ///< in words, may be empty
    friend bool operator==(const SyncStatus&, const SyncStatus&) = default;
};

struct UplinkSettings {
    std::string broker;   ///< "mqtt://127.0.0.1:1883"; see check_broker()
    std::string gateway;  ///< also the MQTT client id
    std::string version;
    std::string boot;   ///< the kernel's boot id
    std::string start;  ///< UUIDv7 of the process; empty: made at start()
    WindowLimits window;
    std::int64_t presence_every_ms = 60000;
    std::int64_t connect_timeout_ms = 5000;
    std::int64_t confirm_timeout_ms = 15000;  ///< a broker that confirms nothing for so long is given up
    std::int64_t silence_ms = 10000;          ///< a presence without the platform's answer for so long: not online
    std::int64_t reconnect_first_ms = 1000, reconnect_most_ms = 60000;
    std::int64_t settled_ms = 10000;  ///< a connection that stood so long starts the back-off anew
    std::uint64_t seed = 0;           ///< of the back-off; 0: from the clock
};

}  // namespace hefang::sync
