#include "app/commands.hpp"

#include <CLI/CLI.hpp>

using namespace hefang;

namespace {

/// What was wrong, of which command, and where to look: three things a stranger needs.
std::string complaint(const CLI::App* program, const CLI::Error& wrong) {
    std::string name = program->get_name(), text = wrong.what();
    if (const auto used = program->get_subcommands(); !used.empty()) {
        name += " " + used.front()->get_name();
    } else {
        std::string known;
        for (const auto* sub : program->get_subcommands([](const CLI::App*) { return true; }))
            known += (known.empty() ? "" : ", ") + sub->get_name();
        const auto left = program->remaining();
        text = (left.empty() ? "a command is missing" : "there is no command '" + left.front() + "'") +
               "; the commands are " + known;
    }
    return name + ": " + text + "\nRun '" + name + " --help' for what it takes.\n";
}

}  // namespace

int main(int argc, char** argv) {
    CLI::App program{"Hefang: decides release, inspect or hold for every parcel of a bonded site", "hefang"};
    program.require_subcommand(1);
    program.failure_message(complaint);
    program.set_version_flag("--version", HEFANG_VERSION);

    std::string config, number, device, by;
    std::vector<std::string> files;
    bool json = false;
    int wait_s = 30, code = app::exit_ok;

    app::ProbeOptions probed;
    const auto with_config = [&](const char* name, const char* help) {
        auto* sub = program.add_subcommand(name, help);
        sub->add_option("--config", config, "the site's configuration file (TOML)")->required();
        return sub;
    };
    const auto with_json = [&](CLI::App* sub) {
        sub->add_flag("--json", json, "answer as JSON, for a program to read");
        return sub;
    };

    with_config("run", "run the gateway until SIGTERM or SIGINT")->callback([&] { code = app::run_command(config); });
    with_json(with_config("check", "say everything that is wrong with a configuration"))->callback([&] {
        code = app::check_command(config, json);
    });
    auto* import = with_json(with_config("import", "hand customs messages to the inbox and tell what became of each"));
    import->add_option("files", files, "CEB621 or CEB622 messages")->required();
    import->add_option("--wait", wait_s, "seconds to wait for each outcome")->check(CLI::Range(1, 3600));
    import->callback([&] { code = app::import_command(config, files, json, wait_s);
});
auto* track = with_json(with_config("track", "show the whole time line of a number"));
track->add_option("number", number, "waybill, inventory or bill number, or a passage's id")->required();
track->callback([&] { code = app::track_command(config, number, json); });
auto* acknowledge = with_config("acknowledge", "answer for an alarm that locks a lane, while the gateway is stopped");
acknowledge->add_option("device", device, "the radiation portal or trace detector")->required();
acknowledge->add_option("--by", by, "who looked at the area")->required();
acknowledge->callback([&] { code = app::acknowledge_command(config, device, by); });
with_json(with_config("verify", "check the journal's hash chain, beside a running gateway"))->callback([&] {
    code = app::verify_command(config, json);
});
with_json(with_config("doctor", "say what a gateway needs that does not work; run it as the gateway's user"))
    ->callback([&] { code = app::doctor_command(config, json); });
auto* probe = with_json(program.add_subcommand("probe", "show what a device says: raw bytes and what they mean"));
probe->add_option("link", probed.link, "as in the configuration, e.g. serial:///dev/ttyUSB0?baud=9600")->required();
auto* as = probe->add_option("--as", probed.as, "KIND or KIND/PROTOCOL, e.g. scale/xk3190: decode with its driver");
probe->add_option("--set", probed.settings, "KEY=VALUE: a setting of that device")->needs(as);
probe->add_option("--registers", probed.registers, "ADDRESS or ADDRESS:COUNT: holding registers in all word orders")
    ->excludes(as);
probe->add_option("--seconds", probed.seconds, "how long to listen; 0: until Ctrl-C")
    ->check(CLI::Range(0, 86'400))
    ->capture_default_str();
probe->callback([&] {
    probed.json = json;
    code = app::probe_command(probed);
});
app::DecodeOptions decoding;
auto* decode = program.add_subcommand("decode", "read bar codes of pictures: paths on stdin, a line of JSON each");
decode->add_option("--budget-ms", decoding.budget_ms, "time for each picture")->check(CLI::Range(1, 5000));
decode->add_flag("--upc-e", decoding.upc_e, "tell UPC-E as well");
decode->add_option("--itf-length", decoding.itf_lengths, "length at which ITF is believed (default: even, 6 or more)");
decode->add_option("--worker", decoding.worker, "the image worker (default: hefang-vision beside this program)");
decode->callback([&] { code = app::decode_command(decoding); });

try {
    program.parse(argc, argv);
} catch (const CLI::ParseError& wrong) {
    const int shown = program.exit(wrong);
    return shown == 0 ? app::exit_ok : app::exit_usage;
}
return code;
}
