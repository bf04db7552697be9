// hefang-sim: simulated devices, a demonstration site, stories with a known end, and crashes on purpose.
#include "hil/commands.hpp"
#include "hil/scale_sim.hpp"

#include <csignal>

#include <CLI/CLI.hpp>

namespace {

hefang::link::Stop* stop_request = nullptr;  // set before the signals are caught

extern "C" void on_stop_signal(int) { stop_request->request(); }  // only stores and writes: safe here

void add_where(CLI::App& app, hefang::hil::Where& where) {
    auto* group = app.add_option_group("how the gateway reaches it");
    group->add_option("--pty", where.terminal, "a new terminal behind this name (a symbolic link)");
    group->add_option("--listen", where.listen, "the gateway connects to this port of 127.0.0.1");
    group->add_option("--connect", where.connect, "the gateway listens on this port of 127.0.0.1");
    group->require_option(1);
}

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

    ScannerOptions scanner_options;
    auto* scanner_app = program.add_subcommand("scanner", "a bar code reader: each line of the input is a telegram");
    add_where(*scanner_app, scanner_options.where);
    scanner_app->add_option("--prefix", scanner_options.prefix, "bytes before each telegram");
    scanner_app->add_option("--separator", scanner_options.separator,
                            "between the codes of one telegram; input: blanks");
    scanner_app->add_option("--sequence", scanner_options.sequence,
                            "send the induction's number, and this after it; input: #NUMBER first");
    scanner_app->footer(
        "Lines: CODE [CODE …] · no-read · !unplug · !plug · !noise N · !split N MS\n"
        "Example: hefang-sim scanner --pty /tmp/reader   (link = \"serial:///tmp/reader?baud=115200\")\n"
        "         seq -f 'YT%08g' 100 | hefang-sim scanner --connect 2112");
    scanner_app->callback([&] { code = scanner_by_hand(scanner_options, stop); });

    ScaleOptions scale_options;
    auto* scale_app = program.add_subcommand("scale", "an indicator that sends its display all the time");
    add_where(*scale_app, scale_options.where);
    scale_app->add_option("--protocol", scale_options.protocol, "the indicator's")
        ->check(CLI::IsMember(scale_protocols()))
        ->capture_default_str();
    scale_app->footer(
        "Lines: GRAMS (put on the plate; 0: empty) · !silence on|off · !checksum N · !noise N · !unplug · !plug\n"
        "Example: hefang-sim scale --pty /tmp/scale   (link = \"serial:///tmp/scale?baud=9600&parity=even&bits=7\")\n"
        "         hefang-sim scale --protocol cas-continuous --pty /tmp/scale   (link = \"serial:///tmp/scale\")");
    scale_app->callback([&] { code = scale_by_hand(scale_options, stop); });

    SorterOptions sorter_options;
    auto* sorter_app = program.add_subcommand("sorter", "a sorter's PLC by docs/sorter-map.md");
    sorter_app->add_option("--listen", sorter_options.port, "port of 127.0.0.1; 0: a free one");
    sorter_app->add_option("--travel", sorter_options.travel_ms, "ms from the eye to the divert")
        ->check(CLI::Range(1, 600'000))
        ->capture_default_str();
    sorter_app->footer(
        "Lines: induct [NUMBER] · restart · reset · full CHUTE on|off · manual on|off · freeze on|off · beat on|off ·\n"
        "       drop N (confirmations) · miss N (diverts) · skip N (numbers)\n"
        "Example: hefang-sim sorter --listen 1502   (link = \"modbus-tcp://127.0.0.1:1502?unit=1\")");
    sorter_app->callback([&] { code = sorter_by_hand(sorter_options, stop); });

    try {
        program.parse(argc, argv);
    } catch (const CLI::ParseError& wrong) {
        return program.exit(wrong) == 0 ? 0 : 2;
    }
    return code;
}
