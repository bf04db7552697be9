// Cameras, reader and portal over real sockets, led by the simulators.
#include "catalog/catalog.hpp"
#include "digest/sha256.hpp"
#include "driver/supervisor.hpp"
#include "gate/plate_camera.hpp"
#include "hil/gate_sim.hpp"
#include "played/played.hpp"

#include <sys/stat.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace hefang;
using namespace hefang::driver;
using codec::PlateEvent;
using reading::DeviceLost;
using reading::DeviceRestored;
using reading::PlateRead;
using reading::TagRead;
using std::chrono::milliseconds;

namespace {

/// One device under its supervisor, as in the gateway, in a hurry.
struct Running {
    explicit Running(DeviceConfig with) : config(std::move(with)) {
        auto made = make(config);
        REQUIRE(made);
        supervisor.add(config, std::move(made->driver), posted);
        supervisor.start();
    }
    [[nodiscard]] std::uint64_t count(std::string_view name) const {
        const auto status = supervisor.status();
        for (const auto& row : status[0].counters)
            if (row.name == name) return row.value;
        return 0;
    }
    /// At most 5 s.
    [[nodiscard]] static bool eventually(const std::function<bool()>& holds) {
        for (int i = 0; i < 500; ++i) {
            if (holds()) return true;
            std::this_thread::sleep_for(milliseconds(10));
        }
        return false;
    }
    SystemClock clock;
    test::Posted posted;
    DeviceConfig config;
    Supervisor supervisor{clock, {milliseconds(20), milliseconds(60)}};
};

std::uint16_t free_port() {
    link::TcpListenEndpoint endpoint({"127.0.0.1", 0});
    return endpoint.listen().value();
}

DeviceConfig device(std::string kind, std::string protocol, link::LinkAddress at,
                    std::map<std::string, std::string> settings = {}) {
    return {DeviceId("d-1"), std::move(kind), std::move(protocol), std::move(at), std::move(settings)};
}

PlateEvent vehicle(std::string plate, std::string time) {
    return {std::move(plate), "blue", 97, 2, "forward", std::move(time), ""};
}

/// A file with a secret, gone with the object.
struct Secret {
    explicit Secret(const std::string& text) {
        char name[] = "/tmp/hefang-secret-XXXXXX";
        const int fd = ::mkstemp(name);
        REQUIRE(fd >= 0);
        path = name;
        std::ofstream(path) << text << "\n";
    }
    ~Secret() { std::remove(path.c_str()); }
    std::string path;
};

}  // namespace

TEST_CASE("hikvision: a push becomes a reading with the hash of its picture, a repeat of it none") {
    const auto port = free_port();
    Running gateway(device("plate-reader", "hikvision-anpr", link::HttpListenAddress{"127.0.0.1", port, "/anpr/1"}));
    hil::HikvisionSim camera(port, "/anpr/1");
    REQUIRE(Running::eventually([&] { return camera.heartbeat().value_or(0) == 200; }));
    CHECK(camera.push(vehicle("京A12345", "t1")).value() == 200);
    CHECK(camera.push(vehicle("京A12345", "t1"), 2).value() == 200);
    CHECK(camera.push(vehicle("京A12345", "t2")).value() == 200);
    camera.split(7, milliseconds(0));
    CHECK(camera.push(vehicle("", "t3"), 1, 6).value() == 200);
    CHECK(camera.push(vehicle("", "t3"), 2, 6).value() == 200);
    const auto read = gateway.posted.all<PlateRead>();
    REQUIRE(read.size() == 2);
    CHECK(read[0].plate == "京A12345");
    CHECK(read[0].line == 2);
    REQUIRE(read[0].pictures.size() == 1);
    CHECK(read[0].pictures[0].sha256 == hex(sha256(hil::jpeg_like(2'000, 0))));
    CHECK(read[0].pictures[0].bytes == 2'000);
    CHECK(read[1].plate.empty());
    CHECK(read[1].pictures.size() == reading::most_pictures);
    CHECK(gateway.count("repeated") == 3);
    CHECK(gateway.posted.all<DeviceRestored>().size() == 1);
}

TEST_CASE("hikvision: what is unusable is refused, what was cut is sent again, and the next push is served") {
    const auto port = free_port();
    Running gateway(device("plate-reader", "hikvision-anpr", link::HttpListenAddress{"127.0.0.1", port, "/anpr"}));
    hil::HikvisionSim camera(port, "/anpr");
    REQUIRE(Running::eventually([&] { return camera.heartbeat().value_or(0) == 200; }));
    CHECK(camera.push_body("application/json", "{}").value() == 415);
    CHECK(camera.push_body("application/xml", "<a/>").value() == 400);
    CHECK(camera.push_body("multipart/form-data; boundary=b", "no part").value() == 400);
    hil::HikvisionSim other(port, "/other");
    CHECK(other.heartbeat().value() == 404);
    camera.cut_next();
    CHECK_FALSE(camera.push(vehicle("A1", "t1")));
    CHECK(camera.push(vehicle("A1", "t1")).value() == 200);
    CHECK(gateway.posted.all<PlateRead>().size() == 1);
    CHECK(gateway.count("refused-event-without-type") == 1);
    CHECK(gateway.count("refused-http-415") == 1);
    CHECK(gateway.posted.all<DeviceLost>().empty());
}

TEST_CASE("hikvision: with a password only the camera that has it is heard") {
    const Secret secret("pass");
    const auto port = free_port();
    Running gateway(device("plate-reader", "hikvision-anpr", link::HttpListenAddress{"127.0.0.1", port, "/anpr"},
                           {{"username", "cam"}, {"password_file", secret.path}}));
    hil::HikvisionSim wrong(port, "/anpr", http::Credentials{"cam", "other"});
    REQUIRE(Running::eventually([&] { return wrong.heartbeat().value_or(0) == 401; }));
    wrong.unplug();
    hil::HikvisionSim camera(port, "/anpr", http::Credentials{"cam", "pass"});
    CHECK(camera.push(vehicle("A1", "t1")).value() == 200);
    CHECK(gateway.posted.all<PlateRead>().size() == 1);
}

TEST_CASE("dahua: the stream is opened with digest access and read; silence and a cut are healed") {
    const Secret secret("pass");
    hil::DahuaSim camera(http::Credentials{"cam", "pass"});
    REQUIRE(camera.plug());
    Running gateway(device("plate-reader", "dahua-anpr", link::HttpAddress{"127.0.0.1", camera.port()},
                           {{"username", "cam"}, {"password_file", secret.path}, {"heartbeat_s", "1"}}));
    REQUIRE(Running::eventually([&] { return camera.served() == 1; }));
    camera.event(vehicle("粤B12345", "1"));
    camera.event(vehicle("粤B54321", "2"), false);
    REQUIRE(gateway.posted.wait_for<PlateRead>(2));
    const auto read = gateway.posted.all<PlateRead>();
    CHECK(read[0].plate == "粤B12345");
    CHECK(read[0].pictures.size() == 1);
    CHECK(read[1].pictures.empty());
    camera.raw("--nonsense\r\n\r\n");
    camera.silence(true);
    REQUIRE(gateway.posted.wait_for<DeviceLost>(1));
    camera.silence(false);
    REQUIRE(Running::eventually([&] { return camera.served() >= 2; }));
    camera.event(vehicle("A2", "3"));
    REQUIRE(gateway.posted.wait_for<PlateRead>(3));
    camera.unplug();
    REQUIRE(gateway.posted.wait_for<DeviceLost>(2));
    REQUIRE(camera.plug());
    REQUIRE(gateway.posted.wait_for<DeviceRestored>(2));
}

TEST_CASE("dahua: a wrong password is said, and never sent in clear") {
    hil::DahuaSim camera(http::Credentials{"cam", "pass"});
    REQUIRE(camera.plug());
    const Secret secret("other");
    Running gateway(device("plate-reader", "dahua-anpr", link::HttpAddress{"127.0.0.1", camera.port()},
                           {{"username", "cam"}, {"password_file", secret.path}}));
    REQUIRE(gateway.posted.wait_for<DeviceLost>(1));
    CHECK(gateway.posted.all<DeviceLost>()[0].detail.find("is wrong") != std::string::npos);
    CHECK(camera.served() == 0);
}

TEST_CASE("llrp: connect, set up, tags, signs of life; every loss heals") {
    hil::LlrpSim reader;
    REQUIRE(reader.plug());
    Running gateway(device("rfid", "llrp", link::TcpAddress{"127.0.0.1", reader.port()}, {{"keepalive_s", "1"}}));
    REQUIRE(Running::eventually([&] { return reader.served() == 1; }));
    auto heard = reader.heard();
    std::erase(heard, 72);  // the answer to a sign of life comes in between
    CHECK(heard == std::vector<std::uint16_t>{3, 21, 20, 24, 22});
    reader.report(
        {{"e2801160", 1, std::int8_t{-60}, {}, 1}, {"e2801160", 1, std::int8_t{-58}, {}, 1}, {"aa", 2, {}, {}, {}}});
    REQUIRE(gateway.posted.wait_for<TagRead>(2));
    const auto tags = gateway.posted.all<TagRead>();
    CHECK(tags[0].epc == "e2801160");
    CHECK(tags[0].antenna == 1);
    CHECK(tags[0].rssi_dbm == -60);
    REQUIRE(Running::eventually([&] { return gateway.count("keepalives") > 0; }));
    REQUIRE(Running::eventually([&] { return reader.heard().back() == 72; }));
    CHECK(gateway.count("repeated") == 1);
    reader.raw("HTTP/1.1 400 no reader\r\n\r\n");
    REQUIRE(gateway.posted.wait_for<DeviceLost>(1));
    REQUIRE(Running::eventually([&] { return reader.served() >= 2; }));
    reader.silence(true);
    REQUIRE(gateway.posted.wait_for<DeviceLost>(2));
    CHECK(gateway.posted.all<DeviceLost>()[1].detail.find("signs of life") != std::string::npos);
    reader.silence(false);
    REQUIRE(Running::eventually([&] { return reader.served() >= 3; }));
    reader.report({{"bb", 1, {}, {}, {}}});
    REQUIRE(gateway.posted.wait_for<TagRead>(3));
}

TEST_CASE("llrp: a reader that another client has, or that refuses the RO spec, is lost with the reason") {
    const auto busy = GENERATE(true, false);
    hil::LlrpSim reader;
    if (busy) reader.refuse_connections(1);
    if (!busy) reader.refuse_rospec(409);
    REQUIRE(reader.plug());
    Running gateway(device("rfid", "llrp", link::TcpAddress{"127.0.0.1", reader.port()}));
    REQUIRE(gateway.posted.wait_for<DeviceLost>(1));
    CHECK(gateway.posted.all<DeviceLost>()[0].detail.find(busy ? "status 1" : "status 409") != std::string::npos);
    reader.refuse_connections(0);
    reader.refuse_rospec(0);
    REQUIRE(Running::eventually([&] { return reader.served() > 0; }));
}

TEST_CASE("portal: alarm, silence and unplugging over a terminal") {
    const std::string name = "/tmp/hefang-portal-" + std::to_string(::getpid());
    auto wire = hil::PtyWire::open(name);
    REQUIRE(wire);
    hil::PortalSim portal(std::move(*wire), "GB,000250", milliseconds(20));
    Running gateway(device("radiation-portal", "text-lines", link::SerialAddress{name},
                           {{"alarm", "GA"}, {"clear", "GB"}, {"silence_ms", "500"}, {"clear_after_ms", "100"}}));
    using reading::AlarmState;
    REQUIRE(gateway.posted.wait_for<AlarmState>(1));
    CHECK_FALSE(gateway.posted.all<AlarmState>()[0].alarm);
    portal.say("GA,000999");
    REQUIRE(gateway.posted.wait_for<AlarmState>(2));
    CHECK(gateway.posted.all<AlarmState>()[1].alarm);
    portal.silence(true);
    REQUIRE(gateway.posted.wait_for<DeviceLost>(1));
    portal.silence(false);
    portal.say("GB,000250");
    REQUIRE(gateway.posted.wait_for<AlarmState>(3));
    CHECK(Running::eventually([&] { return !gateway.posted.all<AlarmState>().back().alarm; }));
    portal.unplug();
    REQUIRE(gateway.posted.wait_for<DeviceLost>(2));
    REQUIRE(portal.plug());
    REQUIRE(gateway.posted.wait_for<DeviceRestored>(3));
}
