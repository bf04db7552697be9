#include "app/doctor.hpp"
#include "link/link.hpp"
#include "link/modbus.hpp"
#include "link/stable_name.hpp"

#include <filesystem>
#include <future>

#include <nlohmann/json.hpp>

namespace hefang::app {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto connect_limit = 2s;  // for a device that has to connect to us; what we connect to has 3 s

/// What to do about a link that does not open.
std::string advice(Errc code, bool serial) {
    if (code == Errc::not_found)
        return serial ? "plug it in and compare the name with those in /dev/serial/by-id" : "correct the name";
    if (code == Errc::busy) return serial ? "end that program" : "end the program that has this port";
    if (code == Errc::refused) return serial ? "give the right that is missing, then log in anew" : "correct the link";
    return "is it switched on and connected? is the address right?";
}

/// Opens a link for a moment, as its driver would.
struct Opened {
    const link::LinkAddress& address;
    link::ModbusLines& lines;  // units on one line take turns here as in the gateway
    link::Stop never;

    Result<void> operator()(const link::ModbusTcpAddress&) const { return modbus(); }
    Result<void> operator()(const link::ModbusRtuAddress&) const { return modbus(); }
    Result<void> operator()(const link::FolderAddress& at) const {
        std::error_code error;
        (void)std::filesystem::directory_iterator(at.path, error);
        if (!error) return {};
        const bool missing = error == std::errc::no_such_file_or_directory;
        return fail(missing ? Errc::not_found : Errc::refused, at.path + ": " + error.message());
    }
    Result<void> operator()(const link::HttpListenAddress& at) const {
        return stream(link::TcpListenAddress{at.host, at.port});
    }
    Result<void> operator()(const link::HttpAddress& at) const { return stream(link::TcpAddress{at.host, at.port}); }
    Result<void> operator()(const auto& at) const { return stream(at); }

  private:
    Result<void> modbus() const {
        const auto unit = link::Modbus::open(address, lines, connect_limit, never);
        if (!unit) return tl::unexpected(unit.error());
        return {};
    }
    Result<void> stream(const link::LinkAddress& at) const {
        const auto link = link::open_link(at, connect_limit, never);
        if (!link) return tl::unexpected(link.error());
        return {};
    }
};

Finding tried(const driver::DeviceConfig& device, link::ModbusLines& lines) {
    Finding out{"device " + device.id.text(), Found::works, link::to_text(device.link) + " opens", {}};
    const auto done = std::visit(Opened{device.link, lines, {}}, device.link);
    if (done) return out;
    out.detail = done.error().detail;
    const bool awaited = std::holds_alternative<link::TcpListenAddress>(device.link) ||
                         std::holds_alternative<link::HttpListenAddress>(device.link);
    if (awaited && done.error().code == Errc::timeout) {
        out.found = Found::remark;
        out.todo = "the device has to connect to this machine: look at it there";
    } else {
        out.found = Found::fails;
        out.todo = advice(done.error().code, std::holds_alternative<link::SerialAddress>(device.link));
    }
    return out;
}

Finding asked(const driver::DeviceConfig& device, const json& board) {
    Finding out{"device " + device.id.text(), Found::fails, "the running gateway does not know it",
                "start the gateway anew with this configuration"};
    for (const auto& row : board.value("devices", json::array())) {
        if (row.value("id", "") != device.id.text()) continue;
        const auto state = row.value("state", ""), error = row.value("error", "");
        const auto age = row.value("age_ms", std::int64_t{-1});
        out.detail = state + (age < 0 ? ", never heard" : ", last sign of life " + std::to_string(age) + " ms ago") +
                     (error.empty() ? "" : ", " + error);
        out.found = state == "up" ? Found::works : Found::fails;
        out.todo = out.found == Found::works ? "" : "stop the gateway and look with 'hefang probe'";
    }
    return out;
}

std::optional<Finding> named_by_chance(const driver::DeviceConfig& device) {
    const auto* serial = std::get_if<link::SerialAddress>(&device.link);
    if (serial == nullptr || !link::is_by_chance(serial->path)) return std::nullopt;
    const auto name = link::stable_name(serial->path);
    return Finding{"name of device " + device.id.text(), Found::remark,
                   serial->path + " is another device when another adapter is found first",
                   name.empty() ? "name it by /dev/serial/by-id/… once it is plugged in" : "name it " + name};
}

}  // namespace

std::vector<Finding> examine_devices(const Config& config, const json* board) {
    std::vector<Finding> out;
    link::ModbusLines lines;  // outlives the tries
    std::vector<std::future<Finding>> tries;
    for (const auto& device : config.devices) {
        if (board == nullptr)
            tries.push_back(std::async(std::launch::async, tried, std::cref(device), std::ref(lines)));
    }
    for (std::size_t i = 0; i < config.devices.size(); ++i) {
        const auto& device = config.devices[i];
        out.push_back(board == nullptr ? tries[i].get() : asked(device, *board));
        if (auto name = named_by_chance(device)) out.push_back(std::move(*name));
    }
    return out;
}

}  // namespace hefang::app
