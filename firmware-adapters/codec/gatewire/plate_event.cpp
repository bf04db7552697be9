#include "gatewire/plate_event.hpp"

#include "base/text.hpp"
#include "markup/markup.hpp"

#include <algorithm>
#include <charconv>

namespace hefang::codec {
namespace {

constexpr std::size_t longest_same = 128;

/// A whole number from 0 to `most`, also of a text like "97.0".
std::optional<std::int32_t> whole(std::string_view text, std::int32_t most) {
    std::int32_t value = -1;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool whole_part = end == text.data() + text.size() || *end == '.';
    if (error != std::errc{} || !whole_part || value < 0 || value > most) return std::nullopt;
    return value;
}
constexpr std::int32_t most_confidence = 100, most_line = 255;

std::string lowered(std::string_view text) {
    std::string out(text);
    for (auto& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

CameraRefusal refusal_of(PlateRefusal reason) {
    return reason == PlateRefusal::plate_too_long ? CameraRefusal::plate_too_long : CameraRefusal::plate_not_text;
}

std::string cut(std::string text) {
    if (text.size() > longest_same) text.resize(longest_same);
    return text;
}

std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (c == '<')
            out += "&lt;";
        else if (c == '&')
            out += "&amp;";
        else
            out += c;
    }
    return out;
}

/// The lines of one event of Dahua, as far as they are used.
struct DahuaFields {
    std::string_view code, number, text, colour, confidence, lane, direction, utc, utc_ms, id;

    void take(std::string_view key, std::string_view value) {
        struct Row {
            std::string_view key;
            std::string_view DahuaFields::*field;
        };
        constexpr Row rows[] = {
            {"Code", &DahuaFields::code},
            {"TrafficCar.PlateNumber", &DahuaFields::number},
            {"Object.Text", &DahuaFields::text},
            {"TrafficCar.PlateColor", &DahuaFields::colour},
            {"Object.Confidence", &DahuaFields::confidence},
            {"Lane", &DahuaFields::lane},
            {"JunctionDirection", &DahuaFields::direction},
            {"UTC", &DahuaFields::utc},
            {"UTCMS", &DahuaFields::utc_ms},
            {"EventID", &DahuaFields::id},
        };
        for (const auto& row : rows)
            if (row.key == key) this->*row.field = value;
    }
};

/// Splits the lines; only those of the first event count: a part holds one.
std::optional<DahuaFields> dahua_fields(std::string_view text) {
    constexpr std::string_view first = "Events[0].";
    DahuaFields out;
    for (std::size_t lines = 0; !text.empty(); ++lines) {
        if (lines == dahua_lines) return std::nullopt;
        auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(text.size(), line.size() + 1));
        if (line.size() > dahua_line_bytes) return std::nullopt;
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto equal = line.find('=');
        if (equal == std::string_view::npos || !line.starts_with(first)) continue;
        out.take(line.substr(first.size(), equal - first.size()), line.substr(equal + 1));
    }
    return out;
}

}  // namespace

std::string_view name(CameraRefusal reason) {
    switch (reason) {
        case CameraRefusal::plate_too_long: return name(PlateRefusal::plate_too_long);
        case CameraRefusal::plate_not_text: return name(PlateRefusal::plate_not_text);
        case CameraRefusal::no_event_type: return "event-without-type";
        case CameraRefusal::no_plate: return "event-without-plate";
        case CameraRefusal::bad_markup: break;
    }
    return "event-bad-markup";
}

tl::expected<CameraSaid, CameraRefusal> decode_hikvision(std::string_view xml) {
    auto read = read_markup(xml);
    if (!read && read.error() == MarkupRefusal::malformed) read = read_markup(utf8_of_gbk(xml));
    if (!read) return tl::unexpected(CameraRefusal::bad_markup);
    const auto at = [&](std::string_view path) {
        return text_at(*read, "EventNotificationAlert/" + std::string(path)).value_or(std::string_view{});
    };
    const auto type = lowered(at("eventType"));
    if (type.empty()) return tl::unexpected(CameraRefusal::no_event_type);
    if (type != "anpr") return NoPlateEvent{type == "videoloss" && lowered(at("eventState")) == "inactive"};
    if (!text_at(*read, "EventNotificationAlert/ANPR/licensePlate")) return tl::unexpected(CameraRefusal::no_plate);
    auto plate = plate_text(at("ANPR/licensePlate"));
    if (!plate) return tl::unexpected(refusal_of(plate.error()));
    PlateEvent event;
    event.plate = *std::move(plate);
    event.colour = word_of(at("ANPR/plateColor"));
    event.confidence = whole(at("ANPR/confidenceLevel"), most_confidence);
    event.line = whole(at("ANPR/line"), most_line);
    event.direction = word_of(at("ANPR/direction"));
    event.time = word_of(at("dateTime"));
    // activePostCount only counts the uploads of one alarm: the first may be the one that never came.
    if (const auto id = word_of(at("UUID"), 64); !id.empty()) {
        event.same = id;
    } else if (!event.time.empty()) {
        event.same = cut(word_of(at("channelID")) + "/" + event.time + "/" + event.plate);
    }
    return event;
}

tl::expected<CameraSaid, CameraRefusal> decode_dahua(std::string_view text) {
    if (word_of(text) == "Heartbeat") return NoPlateEvent{true};
    const auto fields = dahua_fields(text);
    if (!fields) return tl::unexpected(CameraRefusal::bad_markup);
    if (fields->code.empty()) return tl::unexpected(CameraRefusal::no_event_type);
    if (fields->code != "TrafficJunction") return NoPlateEvent{};
    if (fields->number.data() == nullptr && fields->text.data() == nullptr)
        return tl::unexpected(CameraRefusal::no_plate);
    auto plate = plate_text(fields->number.empty() ? fields->text : fields->number);
    if (!plate) return tl::unexpected(refusal_of(plate.error()));
    PlateEvent event;
    event.plate = *std::move(plate);
    event.colour = word_of(fields->colour);
    event.confidence = whole(fields->confidence, most_confidence);
    event.line = whole(fields->lane, most_line);
    event.direction = word_of(fields->direction);
    event.time = word_of(fields->utc);
    if (!event.time.empty()) {
        event.same = cut(event.time + "." + word_of(fields->utc_ms) + "/" + word_of(fields->id) + "/" + event.plate);
    }
    return event;
}

std::string encode_hikvision(const PlateEvent& event, int count) {
    std::string out =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\r\n"
        "<EventNotificationAlert version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">\r\n"
        "<ipAddress>192.0.2.64</ipAddress>\r\n<channelID>1</channelID>\r\n";
    const auto add = [&](const char* name, std::string_view text) {
        out += "<" + std::string(name) + ">" + escaped(text) + "</" + std::string(name) + ">\r\n";
    };
    add("dateTime", event.time);
    add("activePostCount", std::to_string(count));
    out += "<eventType>ANPR</eventType>\r\n<eventState>active</eventState>\r\n<ANPR>\r\n";
    add("licensePlate", event.plate.empty() ? "unknown" : event.plate);
    if (event.line) add("line", std::to_string(*event.line));
    if (!event.direction.empty()) add("direction", event.direction);
    if (event.confidence) add("confidenceLevel", std::to_string(*event.confidence));
    if (!event.colour.empty()) add("plateColor", event.colour);
    return out + "</ANPR>\r\n</EventNotificationAlert>\r\n";
}

std::string encode_hikvision_heartbeat() {
    return "<EventNotificationAlert version=\"2.0\" xmlns=\"http://www.isapi.org/ver20/XMLSchema\">\r\n"
           "<eventType>videoloss</eventType>\r\n<eventState>inactive</eventState>\r\n</EventNotificationAlert>\r\n";
}

std::string encode_dahua(const PlateEvent& event) {
    std::string out = "Events[0].Code=TrafficJunction\r\n";
    const auto add = [&](const char* key, std::string_view value) {
        if (!value.empty()) out += "Events[0]." + std::string(key) + "=" + std::string(value) + "\r\n";
    };
    add("TrafficCar.PlateNumber", event.plate.empty() ? "unknown" : event.plate);
    add("TrafficCar.PlateColor", event.colour);
    if (event.confidence) add("Object.Confidence", std::to_string(*event.confidence));
    if (event.line) add("Lane", std::to_string(*event.line));
    add("JunctionDirection", event.direction);
    add("UTC", event.time);
    return out;
}

}  // namespace hefang::codec
