#include "app/commands.hpp"
#include "app/probe_print.hpp"
#include "app/stop_signal.hpp"
#include "base/text.hpp"
#include "catalog/catalog.hpp"
#include "link/modbus.hpp"
#include "probe/reading_text.hpp"
#include "probe/speaker.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <thread>

namespace hefang::app {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t most_recorded = 64 * 1024;     // of what came; what speaks there is found in the first second
constexpr auto between_looks = 500ms;                // at the registers
constexpr auto connect_limit = 3s;                   // of a Modbus device, and of each answer
constexpr auto between_lives = 500ms;                // of a link that broke while it was listened to
constexpr std::array led_kinds{"scanner", "scale"};  // a driver of any other kind acts on its device

/// Requests `stop` after so many seconds; 0: never. Ends with the object.
class Limit {
  public:
    Limit(int seconds, link::Stop& stop)
        : seconds_(seconds), stop_(stop), thread_([this] {
              if (seconds_ > 0 && !stop_.wait_for(std::chrono::seconds(seconds_))) stop_.request();
          }) {}
    ~Limit() { stop_.request(); }
    Limit(const Limit&) = delete;
    Limit& operator=(const Limit&) = delete;

  private:
    int seconds_;
    link::Stop& stop_;
    std::jthread thread_;
};

int failed(const Error& error) {
    std::fprintf(stderr, "hefang probe: %s\n", error.detail.c_str());
    return exit_failed;
}

int wrong(const std::string& what) {
    std::fprintf(stderr, "hefang probe: %s\n", what.c_str());
    return exit_usage;
}

/// Everything that comes, as it is; at the end which protocol it may be.
int listen_raw(const link::LinkAddress& address, const ProbeOptions& options, ProbePrint& print) {
    auto& stop = stop_on_signals();
    const Limit limit(options.seconds, stop);
    probe::Recording heard;
    std::size_t recorded = 0;
    auto link = link::open_link(address, std::chrono::hours(24), stop);
    if (!link) return failed(link.error());
    print.opened(address);
    std::array<char, 4096> buffer{};
    for (;;) {
        const auto n = (*link)->read_some(buffer, std::chrono::hours(1), stop);
        if (!n && n.error().code == Errc::timeout) continue;
        if (!n) {
            if (!stop.requested()) print.lost(n.error());
            break;
        }
        const std::string_view bytes(buffer.data(), *n);
        print.bytes("in", bytes);
        if (recorded < most_recorded) heard.emplace_back(bytes.substr(0, most_recorded - recorded));
        recorded = std::min(most_recorded, recorded + bytes.size());
    }
    link->reset();  // the line is free while the protocols are tried
    print.speakers(probe::speakers_of(heard), !heard.empty());
    return heard.empty() ? exit_failed : exit_ok;
}

struct PrintSink final : driver::Sink {
    explicit PrintSink(ProbePrint& to) : print(to) {}
    bool post(reading::Reading&& reading, const link::Stop& stop) override {
        print.reading(probe::text_of(reading));
        return !stop.requested();
    }
    ProbePrint& print;
};

/// What one driver makes of it, beside the bytes.
int listen_as(const driver::DeviceConfig& config, const ProbeOptions& options, ProbePrint& print) {
    bool opened = false;
    std::uint64_t valid = 0;
    Counters counters;
    probe::Listener listener;
    listener.opened = [&] {
        if (!std::exchange(opened, true)) print.opened(config.link);
    };
    listener.received = [&](std::string_view bytes) { print.bytes("in", bytes); };
    listener.sent = [&](std::string_view bytes) { print.bytes("out", bytes); };
    listener.taken = [&] { print.refusals(counters); };
    driver::Surroundings around;
    around.endpoint = [&](const link::LinkAddress& address) -> Result<std::unique_ptr<link::Endpoint>> {
        auto endpoint = link::make_endpoint(address);
        if (!endpoint) return endpoint;
        return probe::tapped(std::move(*endpoint), listener);
    };
    auto made = driver::make(config, around);
    if (!made) return wrong(made.error().detail);
    auto& stop = stop_on_signals();
    const Limit limit(options.seconds, stop);
    SystemClock clock;
    PrintSink sink(print);
    const auto alive = [&](driver::Sign sign) { valid += sign == driver::Sign::data ? 1 : 0; };
    driver::Driver::Context context{clock, sink, counters, stop, alive};
    context.condition = [&](std::string_view text) { print.reading(printable(text)); };
    while (!stop.requested()) {
        const auto error = made->driver->live(context);
        print.refusals(counters);
        if (stop.requested()) break;
        if (!opened) return failed(error);
        print.lost(error);
        (void)stop.wait_for(between_lives);
    }
    print.totals(valid, counters);
    return valid > 0 ? exit_ok : exit_failed;
}

struct Block {
    int first = 0;
    std::size_t count = 2;
};

std::optional<Block> block_of(std::string_view text) {
    Block block;
    const auto colon = text.find(':');
    const auto whole = [](std::string_view digits, auto& into) {
        const int base = digits.starts_with("0x") ? 16 : 10;
        if (base == 16) digits.remove_prefix(2);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), into, base);
        return error == std::errc{} && end == digits.data() + digits.size();
    };
    if (!whole(text.substr(0, colon), block.first)) return std::nullopt;
    if (colon != std::string_view::npos && !whole(text.substr(colon + 1), block.count)) return std::nullopt;
    const bool fits = block.count >= 1 && block.count <= 125 && block.first >= 0 &&
                      static_cast<std::size_t>(block.first) + block.count <= 65'536;
    return fits ? std::optional(block) : std::nullopt;
}

/// A block of registers, once at the begin and then whenever it changed.
int watch_registers(const link::LinkAddress& at, const Block& block, const ProbeOptions& options, ProbePrint& print) {
    auto& stop = stop_on_signals();
    const Limit limit(options.seconds, stop);
    link::ModbusLines lines;
    auto modbus = link::Modbus::open(at, lines, connect_limit, stop);
    if (!modbus) return failed(modbus.error());
    print.opened(at);
    std::vector<std::uint16_t> now(block.count), before;
    do {
        if (const auto read = modbus->read_registers(block.first, now); !read) return failed(read.error());
        if (now != before) print.registers(block.first, now);
        before = now;
    } while (!stop.wait_for(between_looks));
    return exit_ok;
}

/// "scale/xk3190" and the settings as a device of a configuration.
std::optional<driver::DeviceConfig> device_of(const ProbeOptions& options, const link::LinkAddress& address) {
    driver::DeviceConfig config;
    config.id = DeviceId("probe");
    config.kind = options.as.substr(0, options.as.find('/'));
    if (config.kind.size() < options.as.size()) config.protocol = options.as.substr(config.kind.size() + 1);
    config.link = address;
    for (const auto& setting : options.settings) {
        const auto equals = setting.find('=');
        if (equals == std::string::npos || equals == 0) {
            (void)wrong("--set " + setting + ": is not KEY=VALUE");
            return std::nullopt;
        }
        config.settings[setting.substr(0, equals)] = setting.substr(equals + 1);
    }
    return config;
}

}  // namespace

int probe_command(const ProbeOptions& options) {
    const auto address = link::parse_link(options.link);
    if (!address) return wrong(address.error().detail);
    ProbePrint print(options.json);
    const bool modbus = std::holds_alternative<link::ModbusTcpAddress>(*address) ||
                        std::holds_alternative<link::ModbusRtuAddress>(*address);
    if (!options.registers.empty()) {
        if (!modbus) return wrong("--registers: only of a modbus-tcp:// or modbus-rtu:// link");
        const auto block = block_of(options.registers);
        if (!block)
            return wrong("--registers " + options.registers + ": is not ADDRESS or ADDRESS:COUNT, COUNT 1 to 125");
        return watch_registers(*address, *block, options, print);
    }
    if (options.as.empty()) {
        if (modbus) return wrong("a Modbus device only answers: ask it with --registers ADDRESS:COUNT");
        return listen_raw(*address, options, print);
    }
    const auto config = device_of(options, *address);
    if (!config) return exit_usage;
    const auto problems = driver::check(*config);
    for (const auto& problem : problems) (void)wrong(problem.setting + ": " + problem.what);
    if (!problems.empty()) return exit_usage;
    if (std::find(led_kinds.begin(), led_kinds.end(), config->kind) == led_kinds.end()) {
        return wrong("a " + config->kind + " is not only read but moved: look at it with --registers or on its page");
    }
    return listen_as(*config, options, print);
}

}  // namespace hefang::app
