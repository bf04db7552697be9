#include "hil/by_hand.hpp"
#include "hil/scanner_sim.hpp"
#include "telegram/dws_telegram.hpp"

#include <chrono>
#include <memory>

#include <CLI/CLI.hpp>

namespace hefang::hil {
namespace {

struct DwsOptions {
    Where where;
    std::vector<std::string> fields{"barcode", "weight", "length", "width", "height", "volume", "time"};
    std::string separator = ",";
};

codec::DwsFormat format_of(const DwsOptions& options) {
    codec::DwsFormat format;
    format.separator = options.separator;
    format.fields.clear();
    for (const auto& name : options.fields)
        format.fields.push_back(codec::dws_field(name).value_or(codec::DwsField::ignored));
    return format;
}

/// "CODE GRAMS [LENGTH WIDTH HEIGHT]", millimetres.
codec::DwsTelegram parcel_of(const Words& words) {
    codec::DwsTelegram parcel;
    if (words[0] != "no-read") parcel.codes.codes.push_back({words[0], ""});
    if (const auto grams = number(words, 1); grams > 0) parcel.weight = Grams{grams};
    if (words.size() > 4) parcel.size = codec::DwsSize{number(words, 2), number(words, 3), number(words, 4)};
    return parcel;
}

void dws_line(ScannerSim& station, const codec::DwsFormat& format, const std::string& line) {
    const auto words = words_of(line);
    if (words.empty()) return;
    if (words[0] == "!unplug") return station.unplug();
    if (words[0] == "!plug") return tell(station.plug());
    if (words[0] == "!noise") return tell(station.noise(number(words, 1)));
    if (words[0] == "!split") return station.split(number(words, 1), std::chrono::milliseconds(number(words, 2)));
    if (words[0] == "!send") return tell(station.raw(words.size() > 1 ? words[1] + "\r\n" : "\r\n"));
    if (words[0][0] == '!') return not_understood(line);
    tell(station.raw(codec::encode_dws(parcel_of(words), format) + "\r\n"));
}

int run(const DwsOptions& options, const link::Stop& stop) {
    auto wire = wire_at(options.where);
    if (!wire) return complain(wire.error());
    ScannerSim station(std::move(*wire));
    print_link(station.address());
    const auto format = format_of(options);
    each_line(stop, [&](const std::string& line) { dws_line(station, format, line); });
    return 0;
}

}  // namespace

void add_dws_by_hand(CLI::App& program, const link::Stop& stop, int& code) {
    auto options = std::make_shared<DwsOptions>();
    auto* app = program.add_subcommand("dws", "a station that scans, weighs and measures: each line is a parcel");
    add_where(*app, options->where);
    app->add_option("--fields", options->fields, "the order of the fields")->delimiter(',')->capture_default_str();
    app->add_option("--separator", options->separator, "between two fields")->capture_default_str();
    app->footer(
        "Lines: CODE GRAMS [LENGTH WIDTH HEIGHT] · no-read GRAMS · !send TEXT (a heartbeat) · !unplug · !plug ·\n"
        "       !noise N · !split N MS\n"
        "Example: hefang-sim dws --listen 5000   (kind = \"dws\", link = \"tcp://127.0.0.1:5000\")");
    app->callback([options, &stop, &code] { code = run(*options, stop); });
}

}  // namespace hefang::hil
