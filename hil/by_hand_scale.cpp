#include "hil/by_hand.hpp"
#include "hil/scale_sim.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <CLI/CLI.hpp>

namespace hefang::hil {
namespace {

struct ScaleOptions {
    Where where;
    std::string protocol = "toledo-continuous";
};

void scale_line(ScaleSim& scale, const std::string& line) {
    const auto words = words_of(line);
    if (words.empty()) return;
    if (words[0] == "!unplug") return scale.unplug();
    if (words[0] == "!plug") return tell(scale.plug());
    if (words[0] == "!silence") return scale.silence(is_on(words, 1));
    if (words[0] == "!checksum") return scale.wrong_checksum(number(words, 1));
    if (words[0] == "!tare") return scale.tare(Grams{number(words, 1)}, words.size() > 2 && words[2] == "preset");
    if (words[0] == "!late") return scale.late(number(words, 1));
    if (words[0] == "!split") return scale.split(number(words, 1), std::chrono::milliseconds(number(words, 2)));
    if (words[0] == "!noise") return tell(scale.noise(number(words, 1)));
    if (words[0].find_first_not_of("0123456789") != std::string::npos) return not_understood(line);
    scale.put(Grams{number(words, 0)});
}

int run(const ScaleOptions& options, const link::Stop& stop) {
    auto wire = wire_at(options.where);
    if (!wire) return complain(wire.error());
    ScaleSimSettings settings;
    settings.protocol = options.protocol;
    ScaleSim scale(std::move(*wire), settings);
    print_link(scale.address());
    scale.run();
    each_line(stop, [&](const std::string& line) { scale_line(scale, line); });
    return 0;
}

}  // namespace

void add_scale_by_hand(CLI::App& program, const link::Stop& stop, int& code) {
    auto options = std::make_shared<ScaleOptions>();
    auto* app = program.add_subcommand("scale", "an indicator that sends its display all the time, or when asked");
    add_where(*app, options->where);
    app->add_option("--protocol", options->protocol, "the indicator's")
        ->check(CLI::IsMember(scale_protocols()))
        ->capture_default_str();
    app->footer(
        "Lines: GRAMS (put on the plate; 0: empty) · !tare GRAMS [preset] (0: none) · !silence on|off · !checksum N ·\n"
        "       !noise N · !late ANSWERS · !split BYTES MS · !unplug · !plug\n"
        "Example: hefang-sim scale --pty /tmp/scale   (link = \"serial:///tmp/scale?baud=9600&parity=even&bits=7\")\n"
        "         hefang-sim scale --protocol mt-sics --pty /tmp/scale   (link = \"serial:///tmp/scale\")\n"
        "         hefang-sim scale --protocol cas-continuous --pty /tmp/scale   (link = \"serial:///tmp/scale\")");
    app->callback([options, &stop, &code] { code = run(*options, stop); });
}

}  // namespace hefang::hil
