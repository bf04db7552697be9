#include "sorter/sorter_rows.hpp"

#include "driver/settings.hpp"
#include "sorter/sorter.hpp"

#include <array>
#include <utility>
#include <variant>

namespace hefang::driver {
namespace {

// By docs/sorter-map.md the PLC drops the session when our heartbeat stands still for 1 s, and its own heartbeat goes
// on at least every 0.4 s. So a heartbeat and one slow answer stay below the first, and a silence is longer than the
// second with a poll; it may not be much longer, or commands would go on to a PLC whose program stands.
constexpr std::array sorter_keys{
    Setting{.name = "poll_ms", .form = Form::whole, .least = 5, .most = 200, .meaning = "period of reading the PLC"},
    Setting{
        .name = "heartbeat_ms", .form = Form::whole, .least = 50, .most = 300, .meaning = "period of our heartbeat"},
    Setting{.name = "answer_ms", .form = Form::whole, .least = 50, .most = 600, .meaning = "limit of each answer"},
    Setting{.name = "silence_ms",
            .form = Form::whole,
            .least = 800,
            .most = 2'000,
            .meaning = "a heartbeat unchanged for so long: the PLC counts as lost"},
};

Result<Made> sorter(const DeviceConfig& config, const Surroundings& around) {
    const auto* at = std::get_if<link::ModbusTcpAddress>(&config.link);
    if (at == nullptr) return fail(Errc::refused, "a sorter needs a modbus-tcp link");
    SorterSettings s;
    s.id = config.id;
    s.host = at->host;
    s.port = at->port;
    s.unit = at->unit;
    s.poll_ms = whole(config, "poll_ms", s.poll_ms);
    s.heartbeat_ms = whole(config, "heartbeat_ms", s.heartbeat_ms);
    s.answer_ms = whole(config, "answer_ms", s.answer_ms);
    s.silence_ms = whole(config, "silence_ms", s.silence_ms);
    auto driver = make_sorter(std::move(s), around.core_alive);
    SorterOutput* output = driver.get();
    return Made{.driver = std::move(driver), .sorter = output};
}

constexpr std::array table{
    Kind{"sorter", "", "modbus-tcp", sorter_keys, sorter},
};

}  // namespace

std::span<const Kind> sorter_rows() { return table; }

}  // namespace hefang::driver
