#include "hil/by_hand.hpp"
#include "hil/xray_sim.hpp"

#include <cstdio>
#include <memory>

#include <CLI/CLI.hpp>

namespace hefang::hil {
namespace {

struct XrayOptions {
    XraySimSettings settings;
    std::int64_t after_ms = 600;
};

void xray_line(XraySim& xray, const std::string& line) {
    const auto words = words_of(line);
    if (words.empty()) return;
    const auto manner = words.size() > 1 ? manner_named(words[1]) : XrayManner::clear;
    if (number(words, 0) == 0 || !manner) return not_understood(line);
    xray.pass(static_cast<std::uint16_t>(number(words, 0)), *manner);
}

int run(const XrayOptions& options, const link::Stop& stop) {
    auto settings = options.settings;
    settings.after = std::chrono::milliseconds(options.after_ms);
    auto xray = XraySim::start(settings);
    if (!xray) return complain(xray.error());
    print_link((*xray)->address());
    std::printf("%s", (*xray)->settings_text().c_str());
    std::fflush(stdout);
    each_line(stop, [&](const std::string& line) { xray_line(**xray, line); });
    return 0;
}

}  // namespace

void add_xray_by_hand(CLI::App& program, const link::Stop& stop, int& code) {
    auto options = std::make_shared<XrayOptions>();
    auto* app = program.add_subcommand("xray", "an inspection machine that drops pictures and side-cars into a folder");
    app->add_option("--folder", options->settings.folder, "where it drops them: an absolute path")->required();
    app->add_option("--views", options->settings.views, "pictures of one parcel")
        ->check(CLI::Range(1, 4))
        ->capture_default_str();
    app->add_option("--after-ms", options->after_ms, "from the eye to the files")
        ->check(CLI::Range(0, 60'000))
        ->capture_default_str();
    app->footer("Lines: SEQUENCE [MANNER] (a parcel passes the eye). Manners: " + manner_names() +
                "\nExample: hefang-sim xray --folder /tmp/xray   (link = \"folder:///tmp/xray\")");
    app->callback([options, &stop, &code] { code = run(*options, stop); });
}

}  // namespace hefang::hil
