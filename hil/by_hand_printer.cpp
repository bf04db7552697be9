#include "hil/by_hand.hpp"
#include "hil/printer_sim.hpp"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace hefang::hil {
namespace {

struct PrinterOptions {
    std::string language = "zpl";
    std::uint16_t port = 0;
    std::int64_t label_ms = 500;
};

void printer_line(PrinterSim& printer, codec::print::Status& faults, const std::string& line) {
    const auto words = words_of(line);
    if (words.empty()) return;
    const auto& verb = words[0];
    if (verb == "silence") return printer.silence(is_on(words, 1));
    if (verb == "hang-up") return printer.hang_up_at_label();
    if (verb == "paper-out") {
        faults.paper_out = is_on(words, 1);
    } else if (verb == "ribbon-out") {
        faults.ribbon_out = is_on(words, 1);
    } else if (verb == "head-open") {
        faults.head_open = is_on(words, 1);
    } else if (verb == "paused") {
        faults.paused = is_on(words, 1);
    } else {
        return not_understood(line);
    }
    printer.set_faults(faults);
}

int run(const PrinterOptions& options, const link::Stop& stop) {
    const auto language = options.language == "tspl" ? codec::print::Language::tspl : codec::print::Language::zpl;
    auto printer = PrinterSim::listen(language, options.label_ms, options.port);
    if (!printer) return complain(printer.error());
    print_link("tcp://127.0.0.1:" + std::to_string((*printer)->port()));
    codec::print::Status faults;
    std::size_t shown = 0;
    each_line(
        stop, [&](const std::string& line) { printer_line(**printer, faults, line); },
        [&] {
            const auto labels = (*printer)->labels();
            for (; shown < labels.size(); ++shown) std::printf("label %zu:\n%s\n", shown + 1, labels[shown].c_str());
            std::fflush(stdout);
        });
    return 0;
}

}  // namespace

void add_printer_by_hand(CLI::App& program, const link::Stop& stop, int& code) {
    auto options = std::make_shared<PrinterOptions>();
    auto* app = program.add_subcommand("printer", "a label printer on a TCP port");
    app->add_option("--language", options->language, "zpl or tspl")
        ->check(CLI::IsMember({"zpl", "tspl"}))
        ->capture_default_str();
    app->add_option("--listen", options->port, "port of 127.0.0.1; 0: a free one");
    app->add_option("--label-ms", options->label_ms, "for one label")
        ->check(CLI::Range(1, 60'000))
        ->capture_default_str();
    app->footer(
        "Lines: paper-out · ribbon-out · head-open · paused, each with on|off · silence on|off ·\n"
        "       hang-up (with the next label)\n"
        "Example: hefang-sim printer --listen 9100   (link = \"tcp://127.0.0.1:9100\")");
    app->callback([options, &stop, &code] { code = run(*options, stop); });
}

}  // namespace hefang::hil
