#include "hil/by_hand.hpp"
#include "hil/reader_sim.hpp"
#include "hil/wedge_wire.hpp"

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>

#include <CLI/CLI.hpp>

namespace hefang::hil {
namespace {

struct ScannerOptions {
    Where where;
    std::string profile = "generic";
    std::string separator, sequence;
};

std::vector<std::string> profiles() {
    std::vector<std::string> names;
    for (const auto& row : codec::reader_profiles()) names.emplace_back(row.name);
    return names;
}

codec::ScanFormat format_of(const ScannerOptions& options) {
    auto format = codec::format_of(*codec::reader_profile(options.profile));
    if (!options.separator.empty()) format.separator = options.separator;
    format.sequence = options.sequence;
    return format;
}

std::vector<codec::ScanCode> codes_of(const Words& words, std::size_t first) {
    std::vector<codec::ScanCode> codes;
    for (std::size_t i = first; i < words.size(); ++i)
        if (words[i] != "no-read") codes.push_back({words[i], ""});
    return codes;
}

void scanner_line(ScannerSim& scanner, const ScannerOptions& options, const std::string& line) {
    auto words = words_of(line);
    if (words.empty()) return;
    if (words[0] == "!unplug") return scanner.unplug();
    if (words[0] == "!plug") return tell(scanner.plug());
    if (words[0] == "!noise") return tell(scanner.noise(number(words, 1)));
    if (words[0] == "!split") return scanner.split(number(words, 1), std::chrono::milliseconds(number(words, 2)));
    if (words[0] == "!send") return tell(scanner.scan(codes_of(words, 1)));
    if (words[0][0] == '!') return not_understood(line);
    std::optional<std::uint16_t> sequence;
    if (!options.sequence.empty() && words[0][0] == '#') {
        sequence = static_cast<std::uint16_t>(std::strtoul(words[0].c_str() + 1, nullptr, 10));
        words.erase(words.begin());
    }
    tell(scanner.scan(codes_of(words, 0), sequence));
}

int run(const ScannerOptions& options, const link::Stop& stop) {
    auto wire = wire_at(options.where);
    if (!wire) return complain(wire.error());
    ReaderSim reader(std::move(*wire), *codec::reader_profile(options.profile), format_of(options));
    print_link(reader.scanner().address());
    const auto take = [&](const std::string& line) {
        const auto words = words_of(line);
        if (!words.empty() && words[0] == "show") return tell(reader.show(codes_of(words, 1)));
        if (!words.empty() && words[0] == "!deaf") return reader.deaf(is_on(words, 1));
        scanner_line(reader.scanner(), options, line);
    };
    each_line(stop, take, [&] { tell(reader.serve()); });
    return 0;
}

int type(const std::string& fifo, const ScannerOptions& options, const link::Stop& stop) {
    auto wire = WedgeWire::open(fifo);
    if (!wire) return complain(wire.error());
    auto& keys = **wire;
    ScannerSim scanner(std::move(*wire), {}, format_of(options));
    print_link(scanner.address());
    each_line(stop, [&](const std::string& line) {
        if (line == "!lose") return tell(keys.lose());
        scanner_line(scanner, options, line);
    });
    return 0;
}

}  // namespace

void add_scanner_by_hand(CLI::App& program, const link::Stop& stop, int& code) {
    auto options = std::make_shared<ScannerOptions>();
    auto* app = program.add_subcommand("scanner", "a bar code reader: each line of the input is a telegram");
    add_where(*app, options->where);
    app->add_option("--profile", options->profile, "the maker's, as the configuration's protocol")
        ->check(CLI::IsMember(profiles()))
        ->capture_default_str();
    app->add_option("--separator", options->separator, "between the codes of one telegram; input: blanks");
    app->add_option("--sequence", options->sequence,
                    "send the induction's number, and this after it; input: #NUMBER first");
    app->footer(
        "Lines: CODE [CODE …] · no-read · show [CODE …] (what lies there when the gateway triggers) · !send TEXT\n"
        "       (a heartbeat) · !deaf on|off (to triggers) · !unplug · !plug · !noise N · !split N MS\n"
        "Example: hefang-sim scanner --pty /tmp/reader   (link = \"serial:///tmp/reader?baud=115200\")\n"
        "         hefang-sim scanner --profile keyence-sr --listen 9004   (protocol = \"keyence-sr\",\n"
        "         trigger = \"gateway\", link = \"tcp://127.0.0.1:9004\")\n"
        "         seq -f 'YT%08g' 100 | hefang-sim scanner --connect 2112");
    app->callback([options, &stop, &code] { code = run(*options, stop); });
}

void add_wedge_by_hand(CLI::App& program, const link::Stop& stop, int& code) {
    struct WedgeOptions {
        std::string fifo;
        ScannerOptions scanner;
    };
    auto options = std::make_shared<WedgeOptions>();
    auto* app = program.add_subcommand("wedge", "a reader that types: each line of the input is typed, then ENTER");
    app->add_option("--fifo", options->fifo, "the FIFO that stands for its keyboard; it is made")->required();
    app->add_option("--separator", options->scanner.separator, "between the codes of one telegram; input: blanks");
    app->footer(
        "Lines: CODE [CODE …] · no-read · !lose (the kernel says that events are lost) · !unplug · !plug · !noise N ·\n"
        "       !split N MS\n"
        "Example: hefang-sim wedge --fifo /tmp/reader   (protocol = \"wedge\", link = \"hid:///tmp/reader\")");
    app->callback([options, &stop, &code] { code = type(options->fifo, options->scanner, stop); });
}

}  // namespace hefang::hil
