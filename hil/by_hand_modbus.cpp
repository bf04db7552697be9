#include "hil/by_hand.hpp"
#include "hil/modbus_scale_sim.hpp"

#include <memory>

#include <CLI/CLI.hpp>

namespace hefang::hil {
namespace {

struct ModbusScaleOptions {
    std::string map = "laumas-tlb";
    std::string terminal;
    std::uint16_t port = 0;
    std::uint8_t unit = 1;
};

void scale_line(ModbusScaleSim& scale, const std::string& line) {
    const auto words = words_of(line);
    if (words.empty()) return;
    if (words[0] == "!unplug") return scale.unplug();
    if (words[0] == "!plug") return tell(scale.plug());
    if (words[0] == "!silence") return scale.silence(is_on(words, 1));
    if (words[0] == "!freeze") return scale.freeze(is_on(words, 1));
    if (words[0] == "!overload") return scale.overload(is_on(words, 1));
    if (words[0] == "!fault") return scale.fault(is_on(words, 1));
    if (words[0] == "!late") return scale.late(std::chrono::milliseconds(number(words, 1)));
    if (words[0] == "!busy") return scale.exceptions(number(words, 1));
    if (words[0].find_first_not_of("0123456789") != std::string::npos) return not_understood(line);
    scale.put(Grams{number(words, 0)});
}

int run(const ModbusScaleOptions& options, const link::Stop& stop) {
    auto scale = options.terminal.empty() ? ModbusScaleSim::over_tcp(options.map, options.port)
                                          : ModbusScaleSim::over_line(options.map, options.terminal, options.unit);
    if (!scale) return complain(scale.error());
    print_link((*scale)->address());
    each_line(stop, [&](const std::string& line) { scale_line(**scale, line); });
    return 0;
}

}  // namespace

void add_modbus_scale_by_hand(CLI::App& program, const link::Stop& stop, int& code) {
    auto options = std::make_shared<ModbusScaleOptions>();
    auto* app = program.add_subcommand("modbus-scale", "an indicator that is asked over Modbus");
    app->add_option("--map", options->map, "whose registers")
        ->check(CLI::IsMember(modbus_scale_maps()))
        ->capture_default_str();
    auto* where = app->add_option_group("how the gateway reaches it");
    where->add_option("--listen", options->port, "port of 127.0.0.1; 0: a free one");
    where->add_option("--pty", options->terminal, "a new terminal behind this name (a symbolic link)");
    where->require_option(1);
    app->add_option("--unit", options->unit, "of the line")->check(CLI::Range(1, 247))->capture_default_str();
    app->footer(
        "Lines: GRAMS (put on the plate; 0: empty) · !silence on|off · !freeze on|off · !overload on|off ·\n"
        "       !fault on|off · !late MS (the next answer) · !busy N (exceptions) · !unplug · !plug\n"
        "Example: hefang-sim modbus-scale --map laumas-tlb --listen 1502\n"
        "         hefang-sim modbus-scale --map dini-dgt4 --pty /tmp/scale   (link = \"modbus-rtu:///tmp/scale\")");
    app->callback([options, &stop, &code] { code = run(*options, stop); });
}

}  // namespace hefang::hil
