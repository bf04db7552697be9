#include "hil/by_hand.hpp"
#include "hil/scanner_sim.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <CLI/CLI.hpp>

namespace hefang::hil {
namespace {

struct ScannerOptions {
    Where where;
    std::string prefix, separator, sequence;
};

void scanner_line(ScannerSim& scanner, const ScannerOptions& options, const std::string& line) {
    auto words = words_of(line);
    if (words.empty()) return;
    if (words[0] == "!unplug") return scanner.unplug();
    if (words[0] == "!plug") return tell(scanner.plug());
    if (words[0] == "!noise") return tell(scanner.noise(number(words, 1)));
    if (words[0] == "!split") return scanner.split(number(words, 1), std::chrono::milliseconds(number(words, 2)));
    if (words[0][0] == '!') return not_understood(line);
    std::optional<std::uint16_t> sequence;
    if (!options.sequence.empty() && words[0][0] == '#') {
        sequence = static_cast<std::uint16_t>(std::strtoul(words[0].c_str() + 1, nullptr, 10));
        words.erase(words.begin());
    }
    std::vector<codec::ScanCode> codes;
    for (const auto& word : words)
        if (word != "no-read") codes.push_back({word, ""});
    tell(scanner.scan(std::move(codes), sequence));
}

int run(const ScannerOptions& options, const link::Stop& stop) {
    auto wire = wire_at(options.where);
    if (!wire) return complain(wire.error());
    codec::ScanFraming framing;
    framing.prefix = options.prefix;
    codec::ScanFormat format;
    format.separator = options.separator;
    format.sequence = options.sequence;
    ScannerSim scanner(std::move(*wire), framing, format);
    print_link(scanner.address());
    each_line(stop, [&](const std::string& line) { scanner_line(scanner, options, line); });
    return 0;
}

}  // namespace

void add_scanner_by_hand(CLI::App& program, const link::Stop& stop, int& code) {
    auto options = std::make_shared<ScannerOptions>();
    auto* app = program.add_subcommand("scanner", "a bar code reader: each line of the input is a telegram");
    add_where(*app, options->where);
    app->add_option("--prefix", options->prefix, "bytes before each telegram");
    app->add_option("--separator", options->separator, "between the codes of one telegram; input: blanks");
    app->add_option("--sequence", options->sequence,
                    "send the induction's number, and this after it; input: #NUMBER first");
    app->footer(
        "Lines: CODE [CODE …] · no-read · !unplug · !plug · !noise N · !split N MS\n"
        "Example: hefang-sim scanner --pty /tmp/reader   (link = \"serial:///tmp/reader?baud=115200\")\n"
        "         seq -f 'YT%08g' 100 | hefang-sim scanner --connect 2112");
    app->callback([options, &stop, &code] { code = run(*options, stop); });
}

}  // namespace hefang::hil
