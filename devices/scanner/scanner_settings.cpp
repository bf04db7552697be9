#include "driver/settings.hpp"
#include "scanner/scanner.hpp"

namespace hefang::driver {
namespace {

using Ms = std::chrono::milliseconds;

/// What ends a telegram; `standard` where the configuration does not say.
void set_ends(const DeviceConfig& config, codec::ScanFraming& framing) {
    const auto suffix = text(config, "suffix", "");
    if (suffix.empty()) return;
    framing.stx_etx = suffix == "stx-etx";
    framing.ends = suffix == "crlf"           ? "\r\n"
                   : suffix == "cr"           ? "\r"
                   : suffix == "lf"           ? "\n"
                   : suffix == "etx"          ? "\x03"
                   : suffix == "tab"          ? "\t"
                   : suffix == "enter"        ? "\r"
                   : suffix == "enter-or-tab" ? "\r\t"
                                              : "";
}

/// What every kind of reader has; `profile`: where the configuration does not say.
ScannerSettings common(const DeviceConfig& config, const codec::ReaderProfile& profile) {
    ScannerSettings s;
    s.id = config.id;
    s.profile = profile;
    s.framing = codec::framing_of(profile);
    set_ends(config, s.framing);
    s.framing.prefix = text(config, "prefix", "");
    s.framing.length = static_cast<std::size_t>(whole(config, "length", 0));
    s.format = codec::format_of(profile);
    s.format.aim = text(config, "aim", "false") == "true";
    s.format.separator = text(config, "separator", s.format.separator);
    s.format.position = text(config, "position", "");
    s.format.gs = text(config, "gs", "");
    s.format.sequence = text(config, "sequence", "");
    s.format.no_read = list(config, "no_read", s.format.no_read);
    s.ignored = list(config, "ignore", {});
    // A lost segment on TCP comes again after 200 ms and more; on a line a pause is an end.
    const auto scheme = link::scheme(config.link);
    const bool line = scheme == "serial" || scheme == "hid";
    s.gap = Ms(whole(config, "gap_ms", line ? 100 : 2000));
    // A reader that dials in begins with a telegram. A line is joined wherever it is, also behind a device server.
    s.joins_midway = scheme != "tcp-listen";
    s.silence = std::chrono::seconds(whole(config, "silence_s", 0));
    return s;
}

std::optional<TriggerSettings> trigger_of(const DeviceConfig& config, const codec::ReaderProfile& profile) {
    const auto own = text(config, "trigger_on", "");
    if (own.empty() && text(config, "trigger", "external") == "external") return std::nullopt;
    TriggerSettings t;
    t.on = own.empty() ? std::string(profile.trigger_on) : own;
    t.off = text(config, "trigger_off", own.empty() ? profile.trigger_off : "");
    t.look = Ms(whole(config, "look_ms", t.look.count()));
    return t;
}

codec::DwsMass mass_of(const std::string& word) {
    if (word == "g") return codec::DwsMass::gram;
    return word == "lb" ? codec::DwsMass::pound : codec::DwsMass::kilogram;
}

codec::DwsLength length_of(const std::string& word) {
    if (word == "cm") return codec::DwsLength::centimetre;
    if (word == "m") return codec::DwsLength::metre;
    return word == "in" ? codec::DwsLength::inch : codec::DwsLength::millimetre;
}

}  // namespace

ScannerSettings scanner_settings(const DeviceConfig& config) {
    const auto* profile = codec::reader_profile(config.protocol);
    auto s = common(config, profile != nullptr ? *profile : codec::reader_profiles().front());
    s.trigger = trigger_of(config, s.profile);
    s.acknowledge = text(config, "acknowledge", s.profile.acknowledged ? "true" : "false") == "true";
    return s;
}

ScannerSettings wedge_settings(const DeviceConfig& config) {
    auto s = common(config, codec::reader_profiles().front());
    if (!config.settings.contains("suffix")) s.framing.ends = "\r\t";
    s.wedge = codec::WedgeKeys{text(config, "f8_is_gs", "false") == "true"};
    return s;
}

ScannerSettings dws_settings(const DeviceConfig& config) {
    auto s = common(config, codec::reader_profiles().front());
    codec::DwsFormat dws;
    const auto names = list(config, "fields", {});
    if (!names.empty()) dws.fields.clear();
    for (const auto& name : names) dws.fields.push_back(codec::dws_field(name).value_or(codec::DwsField::ignored));
    dws.optional = static_cast<std::size_t>(whole(config, "optional_fields", 0));
    dws.separator = text(config, "separator", dws.separator);
    dws.decimal = text(config, "decimal", "point") == "comma" ? ',' : '.';
    dws.mass = mass_of(text(config, "weight_unit", "kg"));
    dws.length = length_of(text(config, "size_unit", "mm"));
    dws.codes = s.format;
    dws.codes.separator = text(config, "code_separator", "");
    s.dws = std::move(dws);
    return s;
}

}  // namespace hefang::driver
