#include "config_text.hpp"

using namespace hefang;
using namespace hefang::app;
using namespace hefang::app::sample;

namespace {

const std::string gate = R"([[device]]
id = "cam-1"
kind = "plate-reader"
protocol = "hikvision-anpr"
link = "http-listen://0.0.0.0:8090/anpr/1"
username = "cam"
password_file = "/etc/hefang/cam-1.secret"
[[device]]
id = "rpm-1"
kind = "radiation-portal"
protocol = "text-lines"
link = "tcp://10.20.1.9:1001"
alarm = ["GA", "NA"]
clear = "GB"
[[device]]
id = "etd-1"
kind = "trace-detector"
protocol = "text-lines"
link = "serial:///dev/ttyS9"
alarm = "ALARM"
clear = "OK"
)";

}  // namespace

TEST_CASE("a device of the gate needs no lane, and a lane names those whose alarm locks it") {
    const auto alone = parse(good + gate, "/etc/hefang/site.toml");
    REQUIRE(alone);
    CHECK(alone->devices.size() == 6);
    CHECK(alone->lanes[0].alarms.empty());
    const auto watched = parse(good + "alarms = [\"rpm-1\", \"etd-1\", \"rpm-1\"]\n" + gate, "/etc/hefang/site.toml");
    REQUIRE(watched);
    using core::AlarmModel;
    CHECK(watched->lanes[0].alarms == std::vector{AlarmModel{DeviceId("rpm-1"), core::Reason::radiation_alarm},
                                                  AlarmModel{DeviceId("etd-1"), core::Reason::security_hold}});
}

TEST_CASE("alarms that would never lock a lane are refused") {
    CHECK(problems(good + "alarms = [\"scale-1\"]\n" + gate) ==
          std::vector<std::string>{"30:11: lane 'line-1': alarms is 'scale-1', which is no radiation-portal and no "
                                   "trace-detector; the id of such a [[device]]"});
    CHECK(problems(good + "alarms = [\"rpm-2\"]\n" + gate).size() == 1);
    CHECK(problems(good + "alarms = 1\n").size() == 1);
    auto wordless = gate;
    wordless.erase(wordless.find("clear = \"GB\"\n"), 13);
    CHECK(problems(good + wordless).size() == 1);
}
