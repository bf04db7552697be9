#include "link/name_watch.hpp"

#include "link/stable_name.hpp"

#include <filesystem>
#include <thread>

#include <catch2/catch.hpp>
#include <unistd.h>

using namespace hefang::link;
using namespace std::chrono_literals;
namespace fs = std::filesystem;
using Woken = NameWatch::Woken;

namespace {

/// A made-up /dev that goes with the test.
struct Dev {
    fs::path path = fs::temp_directory_path() / ("hefang-dev-" + std::to_string(::getpid()));
    Dev() { fs::create_directories(path); }
    ~Dev() { fs::remove_all(path); }
    [[nodiscard]] SerialAddress scale() const { return {path / "serial/by-id/usb-Scale_1-if00"}; }
    void plug() const {
        fs::create_directories(path / "serial/by-id");
        fs::create_symlink("/dev/null", scale().path);
    }
    void unplug() const { fs::remove_all(path / "serial"); }  // the folders go with the last adapter
};

}  // namespace

TEST_CASE("a name that appears wakes the wait, whatever of its folders was there before") {
    struct Row {
        const char* why;
        const char* folder;
    };
    const auto row = GENERATE(values<Row>({
        {"the folder is there: another adapter is plugged in", "serial/by-id"},
        {"there is no by-id, but by-path", "serial"},
        {"no adapter is plugged in: no folder at all", "."},
    }));
    INFO(row.why);
    const Dev dev;
    Stop stop;
    fs::create_directories(dev.path / row.folder);
    CHECK_FALSE(has_name(dev.scale()));
    for (int round = 0; round < 3; ++round) {
        NameWatch arrival(dev.scale());
        CHECK(arrival.wait_for(0ms, stop) == Woken::nothing);
        dev.plug();
        CHECK(arrival.wait_for(60s, stop) == Woken::arrived);
        CHECK(has_name(dev.scale()));
        CHECK(arrival.wait_for(0ms, stop) == Woken::nothing);  // said once
        dev.unplug();
        CHECK(arrival.wait_for(1ms, stop) == Woken::nothing);
        dev.plug();
        CHECK(arrival.wait_for(60s, stop) == Woken::arrived);  // also once the watched folder itself was gone
        dev.unplug();
    }
}

TEST_CASE("what happens to other names wakes nobody") {
    const Dev dev;
    Stop stop;
    fs::create_directories(dev.path / "serial/by-id");
    NameWatch arrival(dev.scale());
    fs::create_symlink("/dev/null", dev.path / "serial/by-id/usb-Scale_2-if00");
    fs::create_directories(dev.path / "input");
    CHECK(arrival.wait_for(1ms, stop) == Woken::nothing);
}

TEST_CASE("rights that are given later count as an arrival") {
    const Dev dev;
    Stop stop;
    dev.plug();
    const fs::path name = dev.path / "ttyUSB0";
    fs::copy_file("/proc/self/comm", name);
    NameWatch arrival(SerialAddress{name});
    fs::permissions(name, fs::perms::owner_all);
    CHECK(arrival.wait_for(60s, stop) == Woken::arrived);
}

TEST_CASE("a stop ends the wait, and a link without a name only waits") {
    const Dev dev;
    Stop stop;
    NameWatch named(dev.scale());
    NameWatch nameless(TcpAddress{"127.0.0.1", 4001});
    CHECK_FALSE(has_name(TcpAddress{"127.0.0.1", 4001}));
    CHECK(nameless.wait_for(1ms, stop) == Woken::nothing);
    std::thread later([&] { stop.request(); });
    CHECK(named.wait_for(60s, stop) == Woken::stopped);
    CHECK(nameless.wait_for(60s, stop) == Woken::stopped);
    later.join();
}

TEST_CASE("the name of a device that stays: by its serial number, else by its position") {
    const Dev dev;
    const auto tty = dev.path / "ttyUSB0", other = dev.path / "ttyUSB1";
    fs::copy_file("/proc/self/comm", tty);
    fs::copy_file("/proc/self/comm", other);
    const auto names = dev.path / "serial";
    CHECK(stable_name(tty, names).empty());  // no folder at all
    fs::create_directories(names / "by-id");
    fs::create_directories(names / "by-path");
    fs::create_symlink("../../ttyUSB1", names / "by-id/usb-Other-if00");
    fs::create_symlink("../../gone", names / "by-id/usb-Gone-if00");
    CHECK(stable_name(tty, names).empty());
    fs::create_symlink("../../ttyUSB0", names / "by-path/pci-0000:00:14.0-usb-0:1:1.0");
    CHECK(stable_name(tty, names) == names / "by-path/pci-0000:00:14.0-usb-0:1:1.0");
    fs::create_symlink("../../ttyUSB0", names / "by-id/usb-Scale-if00");
    CHECK(stable_name(tty, names) == names / "by-id/usb-Scale-if00");
    CHECK(stable_name(dev.path / "none", names).empty());
    CHECK(is_by_chance("/dev/ttyUSB0"));
    CHECK(is_by_chance("/dev/ttyACM12"));
    CHECK_FALSE(is_by_chance("/dev/ttyS0"));
    CHECK_FALSE(is_by_chance("/dev/serial/by-id/ttyUSB0"));
}
