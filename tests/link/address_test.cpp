#include "link/address.hpp"

#include <catch2/catch.hpp>

using namespace hefang;
using namespace hefang::link;

TEST_CASE("a link's text is read whole and said back") {
    struct Row {
        const char* why;
        const char* text;
        LinkAddress want;
    };
    const auto row = GENERATE(values<Row>({
        {"defaults", "serial:///dev/ttyS1", SerialAddress{"/dev/ttyS1", 9600, 8, Parity::none, 1}},
        {"all said", "serial:///dev/serial/by-id/usb-FTDI_X-if00-port0?baud=115200&bits=7&parity=even&stop=2",
         SerialAddress{"/dev/serial/by-id/usb-FTDI_X-if00-port0", 115200, 7, Parity::even, 2}},
        {"odd parity", "serial:///dev/a?parity=odd", SerialAddress{"/dev/a", 9600, 8, Parity::odd, 1}},
        {"smallest port", "tcp://10.20.1.5:1", TcpAddress{"10.20.1.5", 1}},
        {"largest port", "tcp://reader.lan:65535", TcpAddress{"reader.lan", 65535}},
        {"IPv6", "tcp://[::1]:2112", TcpAddress{"::1", 2112}},
        {"the device connects", "tcp-listen://0.0.0.0:2112", TcpListenAddress{"0.0.0.0", 2112}},
        {"usual port", "modbus-tcp://10.20.1.5", ModbusTcpAddress{"10.20.1.5", 502, 1}},
        {"unit at its limit", "modbus-tcp://10.20.1.5:1502?unit=255", ModbusTcpAddress{"10.20.1.5", 1502, 255}},
        {"the largest unit behind a gateway", "modbus-tcp://plc:502?unit=247", ModbusTcpAddress{"plc", 502, 247}},
        {"a keyboard", "hid:///dev/input/by-id/usb-X-event-kbd", HidAddress{"/dev/input/by-id/usb-X-event-kbd"}},
        {"unit 0", "modbus-tcp://plc:502?unit=0", ModbusTcpAddress{"plc", 502, 0}},
        {"defaults of Modbus on a line", "modbus-rtu:///dev/ttyS1",
         ModbusRtuAddress{{"/dev/ttyS1", 9600, 8, Parity::none, 1}, 1}},
        {"all said of Modbus on a line", "modbus-rtu:///dev/ttyS1?baud=19200&bits=8&parity=even&stop=2&unit=247",
         ModbusRtuAddress{{"/dev/ttyS1", 19200, 8, Parity::even, 2}, 247}},
        {"a folder", "folder:///var/spool/hefang/xray-1", FolderAddress{"/var/spool/hefang/xray-1"}},
        {"a folder with a slash at its end is the same", "folder:///var/spool//", FolderAddress{"/var/spool"}},
        {"a camera pushes", "http-listen://127.0.0.1:8090/anpr/1", HttpListenAddress{"127.0.0.1", 8090, "/anpr/1"}},
        {"the same, IPv6", "http-listen://[::]:8090/a", HttpListenAddress{"::", 8090, "/a"}},
        {"a camera is asked", "http://cam.lan", HttpAddress{"cam.lan", 80}},
        {"another port", "http://10.0.0.9:8080/", HttpAddress{"10.0.0.9", 8080}},
    }));
    INFO(row.why);
    const auto got = parse_link(row.text);
    REQUIRE(got);
    CHECK(*got == row.want);
    const auto again = parse_link(to_text(*got));
    REQUIRE(again);
    CHECK(*again == row.want);
    CHECK(std::string(row.text).starts_with(std::string(scheme(*got)) + "://"));
}

TEST_CASE("a wrong link is refused by the name of what is wrong") {
    struct Row {
        const char* text;
        const char* names;
    };
    const auto row = GENERATE(values<Row>({
        {"", "begins with none of"},
        {"http-listen://127.0.0.1:8090", "path is missing"},
        {"http-listen://127.0.0.1:8090/", "path is missing"},
        {"http-listen://127.0.0.1/a", "port is missing"},
        {"http-listen://:80/a", "host is missing"},
        {"http-listen://127.0.0.1:8090/a b", "no path"},
        {"http-listen://127.0.0.1:8090/a?b=c", "unknown option"},
        {"http://cam/cgi-bin", "the protocol says the path"},
        {"http://user@cam", "no host"},
        {"http://cam:0", "port '0'"},
        {"/dev/ttyS0", "begins with none of"},
        {"usb:///dev/ttyS0", "begins with none of"},
        {"serial://dev/ttyS0", "whole path"},
        {"serial:///", "no path"},
        {"serial:///dev/tty\n", "no path"},
        {"serial:///dev/a?baud=9601", "baud '9601'"},
        {"serial:///dev/a?baud=", "baud ''"},
        {"serial:///dev/a?baud=99999999999", "baud"},
        {"serial:///dev/a?bits=6", "bits '6'"},
        {"serial:///dev/a?bits=9", "bits '9'"},
        {"serial:///dev/a?stop=0", "stop '0'"},
        {"serial:///dev/a?stop=3", "stop '3'"},
        {"serial:///dev/a?parity=mark", "parity 'mark'"},
        {"serial:///dev/a?baud", "has no value"},
        {"serial:///dev/a?speed=9600", "unknown option 'speed'; known: baud"},
        {"serial:///dev/a?baud=9600&baud=9600", "said twice"},
        {"tcp://host", "port is missing"},
        {"tcp://:80", "host is missing"},
        {"tcp://host:0", "port '0'"},
        {"tcp://host:65536", "port '65536'"},
        {"tcp://host:80x", "port '80x'"},
        {"tcp://host:", "port ''"},
        {"tcp://a b:80", "is no host"},
        {"tcp://host/x:80", "is no host"},
        {"tcp://::1:80", "brackets"},
        {"tcp://[::1:80", "without ']'"},
        {"tcp://host:80?unit=1", "unknown option 'unit'; this link has none"},
        {"tcp-listen://0.0.0.0", "port is missing"},
        {"modbus-tcp://plc?unit=256", "unit '256'"},
        {"modbus-tcp://plc?unit=248", "unit '248' is not 0 to 247, nor 255"},
        {"modbus-tcp://plc?unit=254", "unit '254'"},
        {"modbus-tcp://plc?unit=-1", "unit '-1'"},
        {"hid://dev/input/event3", "whole path: hid:///dev/input"},
        {"hid:///", "no path"},
        {"hid:///dev/input/event3?grab=1", "this link has none"},
        {"modbus-tcp://", "host is missing"},
        {"modbus-rtu://dev/ttyS1", "whole path: modbus-rtu:///dev/"},
        {"modbus-rtu:///dev/a?unit=0", "unit '0' is not 1 to 247"},
        {"modbus-rtu:///dev/a?unit=248", "unit '248' is not 1 to 247"},
        {"modbus-rtu:///dev/a?unit=255", "unit '255' is not 1 to 247"},
        {"modbus-rtu:///dev/a?bits=7", "cannot carry Modbus RTU"},
        {"modbus-rtu:///dev/a?baud=9601", "baud '9601'"},
        {"modbus-rtu:///dev/a?host=x", "unknown option 'host'; known: baud"},
        {"folder://var/spool", "whole path"},
        {"folder:///", "no path of a folder"},
        {"folder:///a\nb", "no path of a folder"},
        {"folder:///a?depth=2", "unknown option 'depth'; this link has none"},
    }));
    CAPTURE(row.text);
    const auto got = parse_link(row.text);
    REQUIRE_FALSE(got);
    CHECK(got.error().code == Errc::refused);
    CHECK_THAT(got.error().detail, Catch::Contains(row.names));
}
