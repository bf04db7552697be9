#include "gate/gate_rows.hpp"

#include "gate/line_device.hpp"
#include "gate/plate_camera.hpp"
#include "gate/tag_reader.hpp"

#include <array>

namespace hefang::driver {
namespace {

constexpr Setting repeat{.name = "repeat_ms",
                         .form = Form::whole,
                         .least = 0,
                         .most = 3'600'000,
                         .meaning = "what is seen again within so long is told once; 0: each time"};
constexpr Setting most_per_minute{.name = "most_per_minute",
                                  .form = Form::whole,
                                  .least = 1,
                                  .most = 6'000,
                                  .meaning = "readings beyond it are refused and counted"};
constexpr Setting username{.name = "username", .form = Form::text, .most = 64, .meaning = "for digest access"};
constexpr Setting password_file{.name = "password_file",
                                .form = Form::text,
                                .most = 255,
                                .meaning = "the file whose first line is the password; not readable by everybody"};
constexpr Setting silence_s{.name = "silence_s",
                            .form = Form::whole,
                            .least = 0,
                            .most = 86'400,
                            .meaning = "nothing for so long: the device counts as lost; 0: never"};

constexpr std::array hikvision_keys{repeat, most_per_minute, username, password_file, silence_s};
constexpr std::array dahua_keys{
    repeat,
    most_per_minute,
    username,
    password_file,
    Setting{.name = "heartbeat_s",
            .form = Form::whole,
            .least = 1,
            .most = 60,
            .meaning = "asked of the camera; twice that without a byte, and it counts as lost"},
};
constexpr std::array llrp_keys{
    repeat,
    most_per_minute,
    Setting{.name = "keepalive_s",
            .form = Form::whole,
            .least = 1,
            .most = 60,
            .meaning = "asked of the reader; twice that without a byte, and it counts as lost"},
    Setting{.name = "rospec",
            .form = Form::word,
            .words = "own reader",
            .meaning = "own: the gateway tells the reader to read; reader: it was told by others"},
};
constexpr std::array sides_keys{repeat, most_per_minute, silence_s};
constexpr std::array alarm_keys{
    repeat,
    most_per_minute,
    Setting{.name = "alarm",
            .form = Form::list,
            .required = true,
            .most = 32,
            .meaning = "how a line begins that says an alarm, from the maker's manual"},
    Setting{.name = "clear",
            .form = Form::list,
            .required = true,
            .most = 32,
            .meaning = "how a line begins that says there is none; nothing else counts as clear"},
    Setting{
        .name = "reading", .form = Form::list, .most = 32, .meaning = "how a line begins that says a measured value"},
    Setting{.name = "ignore", .form = Form::list, .most = 32, .meaning = "how other lines begin: signs of life"},
    Setting{.name = "silence_ms",
            .form = Form::whole,
            .least = 500,
            .most = 600'000,
            .meaning = "no line for so long: the device counts as lost, and its lane is locked"},
    Setting{.name = "clear_after_ms",
            .form = Form::whole,
            .least = 100,
            .most = 600'000,
            .meaning = "clear counts only so long after the last line of an alarm"},
};

template <class DriverOf>
Result<Made> over_http(const DeviceConfig& config, const Surroundings&) {
    return Made{std::make_unique<DriverOf>(plate_camera_settings(config)), nullptr};
}

constexpr std::array table{
    Kind{"plate-reader", "hikvision-anpr", "http-listen", hikvision_keys, over_http<HikvisionDriver>, true},
    Kind{"plate-reader", "dahua-anpr", "http", dahua_keys, over_http<DahuaDriver>, true},
    Kind{"rfid", "llrp", "tcp tcp-listen", llrp_keys, over_stream<TagReaderDriver, tag_reader_settings>, true},
    Kind{"container-reader", "side-lines", stream_links, sides_keys,
         over_stream<ContainerReaderDriver, container_reader_settings>, true},
    Kind{"radiation-portal", "text-lines", stream_links, alarm_keys, over_stream<AlarmLineDriver, alarm_line_settings>,
         true},
    Kind{"trace-detector", "text-lines", stream_links, alarm_keys, over_stream<AlarmLineDriver, alarm_line_settings>,
         true},
};

}  // namespace

std::span<const Kind> gate_rows() { return table; }

}  // namespace hefang::driver
