#include "hil/child.hpp"
#include "hil/modbus_scale_sim.hpp"
#include "played/played.hpp"
#include "scale/modbus_scale.hpp"

#include <cstdio>
#include <filesystem>
#include <thread>

#include <catch2/catch.hpp>
#include <unistd.h>

// Both ends of this project agreeing is not enough: a server and a client that others wrote. What is not installed is
// passed over with a word on stderr; `./dev test` installs it (apt-packages.txt).

using namespace hefang;
using namespace hefang::driver;
using namespace std::chrono_literals;

namespace {

constexpr const char* python = "/usr/bin/python3";
constexpr const char* server = HEFANG_SOURCE_DIR "/tests/foreign/pymodbus_scale.py";

struct Folder {
    std::string path = "/tmp/hefang-foreign-" + std::to_string(::getpid());
    Folder() { std::filesystem::create_directory(path); }
    ~Folder() { std::filesystem::remove_all(path); }
};

bool there(const char* what, bool is) {
    if (!is) std::fprintf(stderr, "not tested: %s is not installed\n", what);
    return is;
}
bool has_mbpoll() { return there("mbpoll", std::filesystem::exists("/usr/bin/mbpoll")); }
bool has_socat() { return there("socat", std::filesystem::exists("/usr/bin/socat")); }
bool has_pymodbus() {
    return there("python3-pymodbus", std::filesystem::exists("/usr/lib/python3/dist-packages/pymodbus") &&
                                         std::filesystem::exists("/usr/lib/python3/dist-packages/serial_asyncio"));
}

/// What a driver of a Laumas TLB at `link` weighs first; none within 20 s.
std::optional<reading::WeightRead> weighed(const std::string& link) {
    auto map = std::make_shared<codec::RegisterMap>();
    map->at = 7;
    map->form = codec::ValueForm::u32;
    map->divisions_at = 13;
    map->status = {{codec::RegisterStatus::stable, {6, 11}}};
    ModbusScaleSettings settings;
    settings.id = DeviceId("scale-1");
    settings.link = link::parse_link(link).value();
    settings.map = map;
    settings.answer = 1000ms;
    settings.rule.window_ms = 200;
    ModbusScaleDriver driver(settings, std::make_shared<link::ModbusLines>());
    test::Posted posted;
    Counters counters;
    link::Stop stop;
    const SystemClock clock;
    std::thread thread([&] {
        Driver::Context context{clock, posted, counters, stop, [](Sign) {}};
        while (!stop.wait_for(100ms)) (void)driver.live(context);
    });
    for (int i = 0; i < 4 && posted.all<reading::WeightRead>().empty(); ++i)
        (void)posted.wait_for<reading::WeightRead>(1);
    stop.request();
    thread.join();
    const auto all = posted.all<reading::WeightRead>();
    return all.empty() ? std::nullopt : std::optional(all.front());
}

hil::Child started(const std::vector<std::string>& arguments, const Folder& folder) {
    auto child = hil::Child::start(arguments, folder.path + "/out", folder.path + "/err");
    REQUIRE(child);
    return *std::move(child);
}

/// What mbpoll prints of 8 registers from 6 on.
std::string polled(const std::vector<std::string>& where, const Folder& folder) {
    std::vector<std::string> arguments{"/usr/bin/mbpoll", "-0", "-1", "-q", "-o", "2", "-t",
                                       "4:hex",           "-r", "6",  "-c", "8"};
    arguments.insert(arguments.end(), where.begin(), where.end());
    const auto ran = hil::run_to_end(arguments, folder.path, 20s);
    REQUIRE(ran);
    INFO(ran->error);
    CHECK(ran->code == 0);
    return ran->out;
}

}  // namespace

TEST_CASE("foreign: the driver reads a server of pymodbus over TCP") {
    if (!has_pymodbus()) return;
    const Folder folder;
    const auto port = hil::free_port();
    REQUIRE(port);
    const auto child = started({python, server, "tcp", std::to_string(*port)}, folder);
    const auto weight = weighed("modbus-tcp://127.0.0.1:" + std::to_string(*port));
    REQUIRE(weight);
    CHECK(weight->grams == Grams{1235});
    CHECK(weight->quality == reading::WeightQuality::stable);
}

TEST_CASE("foreign: the driver reads a server of pymodbus over a line of socat") {
    if (!has_pymodbus() || !has_socat()) return;
    const Folder folder;
    const auto near = folder.path + "/near", far = folder.path + "/far";
    const auto line = started({"/usr/bin/socat", "pty,raw,echo=0,link=" + near, "pty,raw,echo=0,link=" + far}, folder);
    const link::Stop never;
    REQUIRE(hil::eventually(never, 10s, [&] { return std::filesystem::exists(far); }));
    const auto child = started({python, server, "rtu", far}, folder);
    const auto weight = weighed("modbus-rtu://" + near);
    REQUIRE(weight);
    CHECK(weight->grams == Grams{1235});
}

TEST_CASE("foreign: mbpoll reads the simulator over TCP and over a line") {
    if (!has_mbpoll()) return;
    const Folder folder;
    const bool line = GENERATE(false, true);
    CAPTURE(line);
    auto sim = line ? hil::ModbusScaleSim::over_line("laumas-tlb", folder.path + "/tty", 5)
                    : hil::ModbusScaleSim::over_tcp("laumas-tlb");
    REQUIRE(sim);
    (*sim)->put(Grams{1235}, 0ms);
    const auto at = link::parse_link((*sim)->address()).value();
    const auto out = line ? polled({"-m", "rtu", "-b", "9600", "-P", "none", "-a", "5", folder.path + "/tty"}, folder)
                          : polled({"-m", "tcp", "-p", std::to_string(std::get<link::ModbusTcpAddress>(at).port), "-a",
                                    "1", "127.0.0.1"},
                                   folder);
    CAPTURE(out);
    CHECK_THAT(out, Catch::Contains("[6]: \t0x0800"));   // at rest
    CHECK_THAT(out, Catch::Contains("[8]: \t0x04D3"));   // 1235
    CHECK_THAT(out, Catch::Contains("[13]: \t0x000D"));  // of 0.005 kg
}
