#include "io/io_rows.hpp"

#include "driver/settings.hpp"
#include "io/barrier_driver.hpp"
#include "io/io.hpp"
#include "io/wiring.hpp"

#include <array>
#include <utility>
#include <vector>

namespace hefang::driver {
namespace {

constexpr Setting poll{
    .name = "poll_ms", .form = Form::whole, .least = 10, .most = 200, .meaning = "between two looks"};
constexpr Setting debounce{.name = "debounce_ms",
                           .form = Form::whole,
                           .least = 30,
                           .most = 100,
                           .meaning = "a contact stands for so long before its change is told"};
constexpr Setting answer{
    .name = "answer_ms", .form = Form::whole, .least = 50, .most = 1000, .meaning = "limit of each answer"};

constexpr std::array io_keys{
    poll,
    debounce,
    answer,
    Setting{.name = "inputs",
            .form = Form::list,
            .most = 64,
            .meaning = "\"CHANNEL NAME no\": active when the circuit closes; nc: when it opens or its cable breaks"},
    Setting{.name = "outputs",
            .form = Form::list,
            .most = 64,
            .meaning = "\"CHANNEL NAME\"; \"stays\" behind it on a board that cannot switch off by itself"},
};

constexpr Setting channel(std::string_view name, std::string_view meaning) {
    return {.name = name, .form = Form::whole, .least = 0, .most = 7, .meaning = meaning};
}

constexpr std::array barrier_keys{
    poll,
    debounce,
    Setting{.name = "answer_ms", .form = Form::whole, .least = 50, .most = 300, .meaning = "limit of each answer"},
    channel("loop", "input of the loop under the arm; its circuit is closed while nothing stands there"),
    channel("photo_eye", "input of the photo-eye; its circuit is closed while the beam is free"),
    channel("end_open", "input of the end contact: closed while the arm is fully open"),
    channel("end_closed", "input of the end contact: closed while the arm is fully closed"),
    channel("emergency",
            "input of the hard-wired emergency opening: its circuit opens when it is drawn; none: not wired"),
    channel("open", "relay whose pulse opens"),
    channel("close", "relay whose pulse closes"),
    channel("stop", "relay whose pulse stops"),
    channel("green", "relay of the green light; without current the light is red"),
    Setting{.name = "pulse_ms", .form = Form::whole, .least = 300, .most = 500, .meaning = "length of a pulse"},
    Setting{.name = "clear_ms",
            .form = Form::whole,
            .least = 100,
            .most = 60'000,
            .meaning = "loop and photo-eye are clear for so long before it closes"},
    Setting{.name = "move_ms",
            .form = Form::whole,
            .least = 1000,
            .most = 120'000,
            .meaning = "for one way of the arm; then the pulse is given again"},
};

IoSurroundings of(const Surroundings& around) { return {around.core_alive, around.lines}; }

Result<IoSettings> io_settings(const DeviceConfig& config) {
    IoSettings s;
    s.id = config.id;
    s.link = config.link;
    s.map = codec::board::map_named(config.protocol);
    s.poll_ms = whole(config, "poll_ms", s.poll_ms);
    s.debounce_ms = whole(config, "debounce_ms", s.debounce_ms);
    s.answer_ms = whole(config, "answer_ms", s.answer_ms);
    auto inputs = input_wires(list(config, "inputs", {}), *s.map);
    if (!inputs) return fail(Errc::refused, "inputs: " + inputs.error().detail);
    s.inputs = std::move(*inputs);
    auto outputs = output_wires(list(config, "outputs", {}), *s.map);
    if (!outputs) return fail(Errc::refused, "outputs: " + outputs.error().detail);
    s.outputs = std::move(*outputs);
    return s;
}

std::optional<Problem> io_fault(const DeviceConfig& config) {
    const auto& map = *codec::board::map_named(config.protocol);
    if (auto wires = input_wires(list(config, "inputs", {}), map); !wires)
        return Problem{"inputs", wires.error().detail};
    if (auto wires = output_wires(list(config, "outputs", {}), map); !wires)
        return Problem{"outputs", wires.error().detail};
    return std::nullopt;
}

Result<Made> make_io(const DeviceConfig& config, const Surroundings& around) {
    auto settings = io_settings(config);
    if (!settings) return tl::unexpected(settings.error());
    auto driver = std::make_unique<IoDriver>(std::move(*settings), of(around));
    RelayOutput* const output = driver.get();
    return Made{.driver = std::move(driver), .relays = output};
}

BarrierSettings barrier_settings(const DeviceConfig& config) {
    BarrierSettings s;
    const auto number = [&](std::string_view name, auto& value) {
        value = static_cast<std::decay_t<decltype(value)>>(whole(config, name, value));
    };
    s.id = config.id;
    s.link = config.link;
    s.map = codec::board::map_named(config.protocol);
    number("loop", s.loop), number("photo_eye", s.photo_eye);
    number("end_open", s.end_open), number("end_closed", s.end_closed);
    if (const auto at = whole(config, "emergency", -1); at >= 0) s.emergency = static_cast<int>(at);
    number("open", s.open), number("close", s.close), number("stop", s.stop), number("green", s.green);
    number("pulse_ms", s.pulse_ms), number("clear_ms", s.moves.clear_ms), number("move_ms", s.moves.move_ms);
    number("poll_ms", s.poll_ms), number("debounce_ms", s.debounce_ms), number("answer_ms", s.answer_ms);
    return s;
}

/// Two wires on one channel: a loop that is also an end contact would let the arm down on a truck.
std::optional<Problem> barrier_fault(const DeviceConfig& config) {
    const auto s = barrier_settings(config);
    using Named = std::pair<const char*, int>;
    std::vector<Named> inputs{
        {"loop", s.loop}, {"photo_eye", s.photo_eye}, {"end_open", s.end_open}, {"end_closed", s.end_closed}};
    if (s.emergency) inputs.emplace_back("emergency", *s.emergency);
    const std::vector<Named> relays{{"open", s.open}, {"close", s.close}, {"stop", s.stop}, {"green", s.green}};
    for (const auto& wires : {inputs, relays}) {
        for (std::size_t i = 0; i < wires.size(); ++i) {
            for (std::size_t j = 0; j < i; ++j) {
                if (wires[i].second == wires[j].second)
                    return Problem{wires[i].first, "is on channel " + std::to_string(wires[i].second) + ", where " +
                                                       wires[j].first + " is"};
            }
        }
    }
    return std::nullopt;
}

Result<Made> make_barrier(const DeviceConfig& config, const Surroundings& around) {
    auto driver = std::make_unique<BarrierDriver>(barrier_settings(config), of(around));
    BarrierOutput* const output = driver.get();
    return Made{.driver = std::move(driver), .barrier = output};
}

constexpr std::string_view modbus_links = "modbus-tcp modbus-rtu";

}  // namespace

/// A barrier stands behind no board that could leave "open" energised when nobody is there any more.
std::span<const Kind> io_rows() {
    static const auto table = [] {
        std::vector<Kind> rows;
        for (const auto& map : codec::board::maps())
            rows.push_back({"io", map.name, modbus_links, io_keys, make_io, true, io_fault});
        for (const auto& map : codec::board::maps()) {
            if (map.first_flash)
                rows.push_back({"barrier", map.name, modbus_links, barrier_keys, make_barrier, true, barrier_fault});
        }
        return rows;
    }();
    return table;
}

}  // namespace hefang::driver
