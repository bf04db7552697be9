#include "hil/board_sim.hpp"
#include "hil/by_hand.hpp"

#include <array>
#include <cstdio>
#include <memory>
#include <utility>

#include <CLI/CLI.hpp>

namespace hefang::hil {
namespace {

struct BoardOptions {
    std::string board = "waveshare-relay";
    std::string terminal;
    std::uint16_t port = 0;
    std::uint16_t unit = 1;
};

void board_line(BoardSim& board, const std::string& line) {
    const auto words = words_of(line);
    if (words.empty()) return;
    const auto& verb = words[0];
    const auto channel = static_cast<int>(number(words, 1) % BoardModel::channels);
    if (verb == "input") {
        board.set_input(channel, is_on(words, 2));
    } else if (verb == "jam") {
        board.jam(channel, words.size() > 2 && words[2] == "free" ? std::nullopt : std::optional(is_on(words, 2)));
    } else if (verb == "silence") {
        board.silence(is_on(words, 1));
    } else if (verb == "refuse") {
        board.refuse_all(is_on(words, 1));
    } else if (verb == "unplug") {
        board.unplug();
    } else if (verb == "plug") {
        board.plug();
    } else {
        not_understood(line);
    }
}

int run(const BoardOptions& options, const link::Stop& stop) {
    const auto* map = codec::board::map_named(options.board);
    if (map == nullptr) {
        std::string names;
        for (const auto& one : codec::board::maps()) names += " " + std::string(one.name);
        return complain({Errc::refused, "--board is one of:" + names});
    }
    const auto unit = static_cast<std::uint8_t>(options.unit);
    auto board = options.terminal.empty() ? BoardSim::listen(*map, unit, options.port)
                                          : BoardSim::on_terminal(*map, unit, options.terminal);
    if (!board) return complain(board.error());
    print_link((*board)->address());
    std::array<bool, BoardModel::channels> shown{};
    each_line(
        stop, [&](const std::string& line) { board_line(**board, line); },
        [&] {
            for (std::size_t i = 0; i < shown.size(); ++i) {
                const bool on = (*board)->output(static_cast<int>(i));
                if (on == std::exchange(shown[i], on)) continue;
                std::printf("relay %zu %s\n", i, on ? "on" : "off");
                std::fflush(stdout);
            }
        });
    return 0;
}

}  // namespace

void add_board_by_hand(CLI::App& program, const link::Stop& stop, int& code) {
    auto options = std::make_shared<BoardOptions>();
    auto* app = program.add_subcommand("board", "a module with relays and inputs on Modbus");
    app->add_option("--board", options->board, "its map, by its name in the configuration")->capture_default_str();
    auto* port = app->add_option("--listen", options->port, "Modbus TCP on this port of 127.0.0.1; 0: a free one");
    app->add_option("--pty", options->terminal, "Modbus RTU on a new terminal behind this name")->excludes(port);
    app->add_option("--unit", options->unit, "its unit")->check(CLI::Range(1, 247))->capture_default_str();
    app->footer(
        "Lines: input N on|off (circuit closed or open) · jam N on|off|free (a relay that does not obey) ·\n"
        "       silence on|off · refuse on|off (exceptions) · unplug · plug\n"
        "Example: hefang-sim board --listen 1502   (link = \"modbus-tcp://127.0.0.1:1502?unit=1\")");
    app->callback([options, &stop, &code] { code = run(*options, stop); });
}

}  // namespace hefang::hil
