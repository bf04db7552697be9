#include "gatewire/plate_event.hpp"

#include <catch2/catch.hpp>

using namespace hefang::codec;

namespace {

std::string alert(const std::string& inner) {
    return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<EventNotificationAlert version=\"2.0\" "
           "xmlns=\"http://www.isapi.org/ver20/XMLSchema\">" +
           inner + "</EventNotificationAlert>";
}

std::string anpr(const std::string& members) {
    return alert(
        "<channelID>1</channelID><dateTime>2026-11-25T10:00:00+08:00</dateTime><eventType>ANPR</eventType>"
        "<eventState>active</eventState><ANPR>" +
        members + "</ANPR>");
}

}  // namespace

TEST_CASE("plate: the text of a plate, whatever the vendor writes it in") {
    struct Row {
        const char* why;
        std::string raw;
        tl::expected<std::string, PlateRefusal> plate;
    };
    const auto refused = [](PlateRefusal r) { return tl::unexpected(r); };
    using enum PlateRefusal;
    const auto row = GENERATE_COPY(values<Row>({
        {"UTF-8", "京A12345", "京A12345"},
        {"GBK",
         "\xBE\xA9"
         "A12345",
         "京A12345"},
        {"GBK whose first pair is a sequence of UTF-8 as well",
         "\xC2\xB3"
         "B12345",
         "鲁B12345"},
        {"the same, 豫",
         "\xD4\xA5"
         "B12345",
         "豫B12345"},
        {"two ideograms in GBK",
         "\xD4\xC1"
         "Z1234"
         "\xB8\xDB",
         "粤Z1234港"},
        {"a new-energy plate, 8 characters", "粤BD12345", "粤BD12345"},
        {"a plate of another country", "А123ВС77", "А123ВС77"},
        {"latin letters alone", "XA12345", "XA12345"},
        {"space at both ends", " XA 123\t\r\n", "XA 123"},
        {"no plate", "无车牌", ""},
        {"no plate in GBK", "\xCE\xDE\xB3\xB5\xC5\xC6", ""},
        {"no plate in English", "Unknown", ""},
        {"nothing at all", "", ""},
        {"bytes that are neither",
         "\xFF\xFE"
         "A1",
         refused(plate_not_text)},
        {"GBK of a character that no plate has",
         "\xB0\xA1"
         "A1",
         refused(plate_not_text)},
        {"half a pair", "A1\xBE", refused(plate_not_text)},
        {"a control character within",
         "A\x01"
         "1",
         refused(plate_not_text)},
        {"the longest", std::string(longest_plate, 'A'), std::string(longest_plate, 'A')},
        {"too long", std::string(longest_plate + 1, 'A'), refused(plate_too_long)},
        {"what could not be read stays unread",
         "\xEF\xBF\xBD"
         "A1",
         refused(plate_not_text)},
    }));
    INFO(row.why);
    CHECK(plate_text(row.raw) == row.plate);
}

TEST_CASE("hikvision: events of a camera") {
    const auto said = decode_hikvision(
        anpr("<country>1</country><licensePlate>XA12345</licensePlate><line>2</line><direction>reverse</direction>"
             "<confidenceLevel>100</confidenceLevel><plateColor>yellow</plateColor>"));
    REQUIRE(said);
    const auto* event = std::get_if<PlateEvent>(&*said);
    REQUIRE(event != nullptr);
    CHECK(*event == PlateEvent{"XA12345", "yellow", 100, 2, "reverse", "2026-11-25T10:00:00+08:00",
                               "1/2026-11-25T10:00:00+08:00/XA12345"});
}

TEST_CASE("hikvision: what else comes, and what is refused") {
    struct Row {
        const char* why;
        std::string xml;
        tl::expected<CameraSaid, CameraRefusal> said;
    };
    const auto none = [](bool heartbeat) { return CameraSaid(NoPlateEvent{heartbeat}); };
    const auto refused = [](CameraRefusal r) { return tl::unexpected(r); };
    const auto plate = [](std::string text) {
        PlateEvent e;
        e.plate = std::move(text);
        return CameraSaid(e);
    };
    using enum CameraRefusal;
    const std::string bare = "<eventType>ANPR</eventType><ANPR><licensePlate>";
    const std::string end = "</licensePlate></ANPR>";
    const auto row = GENERATE_COPY(values<Row>({
        {"a heartbeat", alert("<eventType>videoloss</eventType><eventState>inactive</eventState>"), none(true)},
        {"a lost picture is an event, no heartbeat",
         alert("<eventType>videoloss</eventType><eventState>active</eventState>"), none(false)},
        {"motion is not asked for", alert("<eventType>VMD</eventType>"), none(false)},
        {"the letter case of the type",
         alert("<eventType>anpr</eventType><ANPR><licensePlate>A1</licensePlate></ANPR>"), plate("A1")},
        {"a vehicle without a plate", alert(bare + "无车牌" + end), plate("")},
        {"a plate in GBK makes the whole document no UTF-8",
         alert("<a>\xB0\xA1</a>" + bare +
               "\xBE\xA9"
               "A1" +
               end),
         plate("京A1")},
        {"a plate in GBK that is UTF-8 too",
         alert(bare +
               "\xC2\xB3"
               "A1" +
               end),
         plate("鲁A1")},
        {"a plate that cannot be told",
         alert(bare +
               "\xB0\xA1"
               "A1" +
               end),
         refused(plate_not_text)},
        {"a plate without end", alert(bare + std::string(33, 'A') + end), refused(plate_too_long)},
        {"no kind of event", alert("<ANPR><licensePlate>A1</licensePlate></ANPR>"), refused(no_event_type)},
        {"another document", "<x><eventType>ANPR</eventType></x>", refused(no_event_type)},
        {"no member for the plate", alert("<eventType>ANPR</eventType><ANPR/>"), refused(no_plate)},
        {"no XML", "A1", refused(bad_markup)},
        {"XML with entities", "<!DOCTYPE x><x/>", refused(bad_markup)},
    }));
    INFO(row.why);
    CHECK(decode_hikvision(row.xml) == row.said);
}

TEST_CASE("hikvision: figures out of range are none") {
    struct Row {
        const char* text;
        std::optional<std::int32_t> confidence;
    };
    const auto row = GENERATE(values<Row>({
        {"0", 0},
        {"100", 100},
        {"97.5", 97},
        {"101", {}},
        {"-1", {}},
        {"", {}},
        {"9x", {}},
        {"99999999999", {}},
    }));
    INFO(row.text);
    const auto said = decode_hikvision(
        anpr("<licensePlate>A1</licensePlate><confidenceLevel>" + std::string(row.text) + "</confidenceLevel>"));
    REQUIRE(said);
    CHECK(std::get<PlateEvent>(*said).confidence == row.confidence);
}

TEST_CASE("hikvision: an event's own id tells its repeats, whatever the count") {
    const auto same = [](const std::string& head) {
        const auto said =
            decode_hikvision(alert(head + "<eventType>ANPR</eventType><ANPR><licensePlate>A1</licensePlate></ANPR>"));
        return std::get<PlateEvent>(said.value()).same;
    };
    const std::string time = "<dateTime>2026-11-25T10:00:00+08:00</dateTime>";
    CHECK(same(time + "<activePostCount>1</activePostCount>") == same(time + "<activePostCount>2</activePostCount>"));
    CHECK(same(time + "<UUID>u-1</UUID>") == "u-1");
    CHECK(same("").empty());
}

TEST_CASE("dahua: parts of the stream") {
    struct Row {
        const char* why;
        std::string text;
        tl::expected<CameraSaid, CameraRefusal> said;
    };
    const auto none = [](bool heartbeat) { return CameraSaid(NoPlateEvent{heartbeat}); };
    const auto refused = [](CameraRefusal r) { return tl::unexpected(r); };
    using enum CameraRefusal;
    const std::string code = "Events[0].Code=TrafficJunction\r\n";
    const auto row = GENERATE_COPY(values<Row>({
        {"a heartbeat", "Heartbeat\r\n", none(true)},
        {"lines of the vendor's text",
         "Events[0].EventBaseInfo.Action=Pulse\r\n" + code +
             "Events[0].Lane=1\r\nEvents[0].JunctionDirection=Reverse\r\nEvents[0].Object.BoundingBox[0]=4544\r\n"
             "Events[0].TrafficCar.PlateNumber=XA12345\r\nEvents[0].TrafficCar.PlateColor=Blue\r\n"
             "Events[0].UTC=1764036000\r\nEvents[0].EventID=7\r\n",
         CameraSaid(PlateEvent{"XA12345", "Blue", {}, 1, "Reverse", "1764036000", "1764036000./7/XA12345"})},
        {"lines that end in LF, the plate as the object's text",
         "Events[0].Code=TrafficJunction\nEvents[0].Object.Text=A1",
         CameraSaid(PlateEvent{"A1", {}, {}, {}, {}, {}, {}})},
        {"a plate in GBK",
         code + "Events[0].TrafficCar.PlateNumber=\xBE\xA9"
                "A1",
         CameraSaid(PlateEvent{"京A1", {}, {}, {}, {}, {}, {}})},
        {"a value with '='", code + "Events[0].Object.Text=A=1", CameraSaid(PlateEvent{"A=1", {}, {}, {}, {}, {}, {}})},
        {"no plate", code + "Events[0].TrafficCar.PlateNumber=unknown", CameraSaid(PlateEvent{})},
        {"another kind of event", "Events[0].Code=VideoMotion", none(false)},
        {"no kind of event", "Events[0].Object.Text=A1", refused(no_event_type)},
        {"lines of another event in the part", "Events[1].Code=TrafficJunction", refused(no_event_type)},
        {"no plate member", code, refused(no_plate)},
        {"a plate that cannot be told", code + "Events[0].Object.Text=\xFF", refused(plate_not_text)},
        {"the longest line", code + "Events[0].Object.Text=A1\n" + std::string(dahua_line_bytes, 'x'),
         CameraSaid(PlateEvent{"A1", {}, {}, {}, {}, {}, {}})},
        {"a longer line", code + std::string(dahua_line_bytes + 1, 'x'), refused(bad_markup)},
        {"the most lines", std::string(dahua_lines - 1, '\n') + "Events[0].Code=X", none(false)},
        {"too many lines", std::string(dahua_lines, '\n') + "Events[0].Code=X", refused(bad_markup)},
        {"nothing", "", refused(no_event_type)},
    }));
    INFO(row.why);
    CHECK(decode_dahua(row.text) == row.said);
}

TEST_CASE("plate events: what is written is read back") {
    PlateEvent event{"粤B12345", "blue", 97, 3, "forward", "2026-11-25T10:00:00+08:00", ""};
    auto hikvision = std::get<PlateEvent>(decode_hikvision(encode_hikvision(event, 2)).value());
    CHECK_FALSE(hikvision.same.empty());
    hikvision.same.clear();
    CHECK(hikvision == event);
    auto dahua = std::get<PlateEvent>(decode_dahua(encode_dahua(event)).value());
    dahua.same.clear();
    CHECK(dahua == event);
    event.plate.clear();
    CHECK(std::get<PlateEvent>(decode_hikvision(encode_hikvision(event, 1)).value()).plate.empty());
    CHECK(std::get<NoPlateEvent>(decode_hikvision(encode_hikvision_heartbeat()).value()).heartbeat);
}
