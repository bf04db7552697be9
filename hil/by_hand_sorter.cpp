#include "hil/by_hand.hpp"
#include "hil/sorter_sim.hpp"

#include <cstdio>
#include <cstdlib>
#include <memory>

#include <CLI/CLI.hpp>

namespace hefang::hil {
namespace {

struct SorterOptions {
    std::uint16_t port = 0;
    std::int64_t travel_ms = 3000;
};

void sorter_line(SorterSim& sorter, const std::string& line) {
    const auto words = words_of(line);
    if (words.empty()) return;
    const auto& verb = words[0];
    const auto n = number(words, 1);
    if (verb == "induct") {
        const auto forced = n == 0 ? std::nullopt : std::optional(static_cast<std::uint16_t>(n));
        std::printf("inducted %u\n", static_cast<unsigned>(sorter.induct(forced)));
    } else if (verb == "restart") {
        sorter.restart();
    } else if (verb == "reset") {
        sorter.reset_connections();
    } else if (verb == "full") {
        sorter.set_full(static_cast<std::uint16_t>(n), is_on(words, 2));
    } else if (verb == "manual") {
        sorter.set_manual(is_on(words, 1));
    } else if (verb == "freeze") {
        sorter.freeze(is_on(words, 1));
    } else if (verb == "beat") {
        sorter.freeze_heartbeat(!is_on(words, 1));
    } else if (verb == "drop") {
        sorter.drop_confirmations(n);
    } else if (verb == "miss") {
        sorter.miss_diverts(n);
    } else if (verb == "skip") {
        sorter.skip_sequences(n);
    } else {
        not_understood(line);
    }
    std::fflush(stdout);
}

int run(const SorterOptions& options, const link::Stop& stop) {
    SorterPlcSettings settings;
    settings.travel_ms = options.travel_ms;
    auto sorter = SorterSim::start(settings, options.port);
    if (!sorter) return complain(sorter.error());
    print_link("modbus-tcp://127.0.0.1:" + std::to_string((*sorter)->port()) + "?unit=1");
    std::size_t commands = 0, left = 0;
    each_line(
        stop, [&](const std::string& line) { sorter_line(**sorter, line); },
        [&] {
            const auto received = (*sorter)->received();
            for (; commands < received.size(); ++commands)
                std::printf("command: item %u to chute %u, revision %u, answer %u\n", received[commands].entry.sequence,
                            received[commands].entry.chute, received[commands].entry.revision, received[commands].code);
            const auto gone = (*sorter)->diversions();
            for (; left < gone.size(); ++left)
                std::printf("left: item %u by chute %u%s\n", gone[left].sequence, gone[left].chute,
                            gone[left].by_default ? " (default)" : "");
            std::fflush(stdout);
        });
    return 0;
}

}  // namespace

void add_sorter_by_hand(CLI::App& program, const link::Stop& stop, int& code) {
    auto options = std::make_shared<SorterOptions>();
    auto* app = program.add_subcommand("sorter", "a sorter's PLC by docs/sorter-map.md");
    app->add_option("--listen", options->port, "port of 127.0.0.1; 0: a free one");
    app->add_option("--travel", options->travel_ms, "ms from the eye to the divert")
        ->check(CLI::Range(1, 600'000))
        ->capture_default_str();
    app->footer(
        "Lines: induct [NUMBER] · restart · reset · full CHUTE on|off · manual on|off · freeze on|off · beat on|off ·\n"
        "       drop N (confirmations) · miss N (diverts) · skip N (numbers)\n"
        "Example: hefang-sim sorter --listen 1502   (link = \"modbus-tcp://127.0.0.1:1502?unit=1\")");
    app->callback([options, &stop, &code] { code = run(*options, stop); });
}

}  // namespace hefang::hil
