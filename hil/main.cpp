// hefang-sim: simulated devices, a demonstration site, stories with a known end, and crashes on purpose.
#include "hil/by_hand.hpp"
#include "hil/commands.hpp"

#include <csignal>

#include <CLI/CLI.hpp>

namespace {

hefang::link::Stop* stop_request = nullptr;  // set before the signals are caught

extern "C" void on_stop_signal(int) { stop_request->request(); }  // only stores and writes: safe here

}  // namespace

int main(int argc, char** argv) {
    using namespace hefang::hil;
    static hefang::link::Stop stop;
    stop_request = &stop;
    std::signal(SIGINT, on_stop_signal);
    std::signal(SIGTERM, on_stop_signal);
    std::signal(SIGPIPE, SIG_IGN);

    CLI::App program{"Simulated devices and whole sites for Hefang", "hefang-sim"};
    program.require_subcommand(1);
    int code = 0;

    DemoOptions demo_options;
    auto* demo_app = program.add_subcommand("demo", "a whole site with one parcel line, until Ctrl-C");
    demo_app->add_option("--seconds", demo_options.seconds, "end after so long; 0: never")
        ->check(CLI::Range(0, 1'000'000));
    demo_app->add_option("--port", demo_options.port, "of the page; 0: a free one");
    demo_app->add_option("--seed", demo_options.seed, "of the parcels");
    demo_app->add_option("--bin", demo_options.bin,
                         "folder of hefang and hefang-receiver, with '/'; default: beside this program");
    demo_app->callback([&] { code = demo(demo_options, stop); });

    ScenarioOptions scenario_options;
    auto* scenario_app =
        program.add_subcommand("scenario", "run stories (TOML) and compare what came out with what is true");
    scenario_app->add_option("files", scenario_options.files, "stories")->required();
    scenario_app->add_flag("--keep", scenario_options.keep, "leave the files also when all went well");
    scenario_app->add_option("--bin", scenario_options.bin, "folder of the programs, with '/'");
    scenario_app->callback([&] { code = scenario(scenario_options, stop); });

    CrashOptions crash_options;
    auto* crash_app = program.add_subcommand("crash", "kill -9 the gateway under load, again and again");
    crash_app->add_option("--cycles", crash_options.cycles, "how often")->check(CLI::Range(1, 100'000));
    crash_app->add_option("--seed", crash_options.seed, "of the moments");
    crash_app->add_option("--readers", crash_options.readers, "scanner connections")->check(CLI::Range(1, 32));
    crash_app
        ->add_option("--restart-limit", crash_options.restart_limit_ms,
                     "ms until the first scan after a start is on record")
        ->capture_default_str();
    crash_app->add_flag("--keep", crash_options.keep, "leave the files also when all went well");
    crash_app->add_option("--bin", crash_options.bin, "folder of the programs, with '/'");
    crash_app->callback([&] { code = crash(crash_options, stop); });

    add_scanner_by_hand(program, stop, code);
    add_wedge_by_hand(program, stop, code);
    add_dws_by_hand(program, stop, code);
    add_scale_by_hand(program, stop, code);
    add_modbus_scale_by_hand(program, stop, code);
    add_sorter_by_hand(program, stop, code);
    add_xray_by_hand(program, stop, code);
    add_gate_by_hand(program, stop, code);
    add_board_by_hand(program, stop, code);
    add_printer_by_hand(program, stop, code);

    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        return program.exit(wrong) == 0 ? 0 : 2;
    }
    return code;
}
