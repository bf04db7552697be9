#include "scanner/scanner_rows.hpp"

#include "driver/settings.hpp"
#include "scanner/scanner.hpp"

#include <algorithm>
#include <array>

namespace hefang::driver {
namespace {

constexpr Setting suffix{.name = "suffix",
                         .form = Form::word,
                         .words = "crlf cr lf etx tab stx-etx none",
                         .meaning =
                             "what ends a telegram; crlf: CR, LF or both; stx-etx: telegrams stand between the "
                             "two; none: silence of gap_ms, or length"};
constexpr Setting typed_suffix{.name = "suffix",
                               .form = Form::word,
                               .words = "enter tab enter-or-tab none",
                               .meaning = "the key that ends a telegram; none: silence of gap_ms, or length"};
constexpr Setting prefix{.name = "prefix", .form = Form::text, .most = 16, .meaning = "bytes before each telegram"};
constexpr Setting length{.name = "length",
                         .form = Form::whole,
                         .least = 1,
                         .most = 4096,
                         .meaning = "bytes of every telegram, its prefix included; any other is a no-read"};
constexpr Setting aim{
    .name = "aim", .form = Form::word, .words = "true false", .meaning = "codes begin with an AIM identifier"};
constexpr Setting separator{
    .name = "separator", .form = Form::text, .most = 8, .meaning = "between the codes of one telegram"};
constexpr Setting position{.name = "position",
                           .form = Form::text,
                           .most = 8,
                           .meaning = "before a code's place in the picture, digits '/' digits, which is cut off"};
constexpr Setting gs{
    .name = "gs", .form = Form::text, .most = 8, .meaning = "what the reader sends in place of GS (0x1D), e.g. ^]"};
constexpr Setting sequence{.name = "sequence",
                           .form = Form::text,
                           .most = 8,
                           .meaning = "between the parcel's induction number and the codes; none: no number is sent"};
constexpr Setting no_read{
    .name = "no_read", .form = Form::list, .most = 64, .meaning = "texts that stand for: could not read"};
constexpr Setting ignore{
    .name = "ignore", .form = Form::list, .most = 64, .meaning = "telegrams that say nothing, e.g. a heartbeat"};
constexpr Setting gap{.name = "gap_ms",
                      .form = Form::whole,
                      .least = 10,
                      .most = 10'000,
                      .meaning = "silence within a telegram after which it is a no-read"};
constexpr Setting silence{.name = "silence_s",
                          .form = Form::whole,
                          .least = 0,
                          .most = 86'400,
                          .meaning = "nothing for so long: the reader counts as lost; 0: never"};
constexpr Setting acknowledge{.name = "acknowledge",
                              .form = Form::word,
                              .words = "true false",
                              .meaning = "the reader waits for an ACK (0x06) after each telegram"};
constexpr Setting trigger{.name = "trigger",
                          .form = Form::word,
                          .words = "external gateway",
                          .meaning = "gateway: it keeps the reader looking, where neither eye nor button does"};
constexpr Setting trigger_on{
    .name = "trigger_on", .form = Form::text, .most = 64, .meaning = "the whole command with which a look begins"};
constexpr Setting trigger_off{
    .name = "trigger_off", .form = Form::text, .most = 64, .meaning = "the whole command that ends a look"};
constexpr Setting look{.name = "look_ms",
                       .form = Form::whole,
                       .least = 100,
                       .most = 60'000,
                       .meaning = "how long one look may take that the gateway ordered"};

constexpr std::array reader_keys{suffix,  prefix, length, aim,     separator,   position,   gs,          sequence,
                                 no_read, ignore, gap,    silence, acknowledge, trigger_on, trigger_off, look};
constexpr std::array triggered_keys{suffix,      prefix,   length,     aim,         separator, position,
                                    gs,          sequence, no_read,    ignore,      gap,       silence,
                                    acknowledge, trigger,  trigger_on, trigger_off, look};
constexpr std::array wedge_keys{
    typed_suffix,
    prefix,
    length,
    aim,
    separator,
    gs,
    sequence,
    Setting{.name = "f8_is_gs", .form = Form::word, .words = "true false", .meaning = "the reader types F8 for GS"},
    no_read,
    ignore,
    gap,
    silence};
constexpr std::array dws_keys{
    suffix,
    prefix,
    length,
    aim,
    gs,
    no_read,
    ignore,
    gap,
    silence,
    Setting{.name = "fields",
            .form = Form::list,
            .most = 8,
            .words = "barcode weight length width height sequence volume time image -",
            .meaning = "what stands in each place of a telegram; '-': anything, not used"},
    Setting{.name = "optional_fields",
            .form = Form::whole,
            .least = 0,
            .most = 31,
            .meaning = "so many fields at the end may be missing"},
    Setting{.name = "separator", .form = Form::text, .most = 8, .meaning = "between two fields"},
    Setting{.name = "code_separator", .form = Form::text, .most = 8, .meaning = "between the codes of one parcel"},
    Setting{.name = "decimal", .form = Form::word, .words = "point comma", .meaning = "the sign before decimals"},
    Setting{.name = "weight_unit", .form = Form::word, .words = "kg g lb", .meaning = "of the field weight"},
    Setting{.name = "size_unit", .form = Form::word, .words = "mm cm m in", .meaning = "of length, width and height"},
    Setting{.name = "interval_g",
            .form = Form::whole,
            .least = 1,
            .most = 1'000'000,
            .meaning = "the scale interval of the station"},
};

/// The list of fields as a whole: each once, a code among them, and no separator that would cut the numbers.
std::optional<Problem> fields_fault(const DeviceConfig& config) {
    const auto names = list(config, "fields", {});
    for (const auto& name : names) {
        if (name != "-" && std::count(names.begin(), names.end(), name) > 1)
            return Problem{"fields", "'" + name + "' stands twice; write '-' for a field that is not used"};
    }
    if (!names.empty() && std::find(names.begin(), names.end(), "barcode") == names.end())
        return Problem{"fields", "there is no 'barcode': without one nobody knows whose weight it is"};
    if (names.size() > codec::DwsFormat::most_fields)
        return Problem{"fields", "more than " + std::to_string(codec::DwsFormat::most_fields) + " fields"};
    const auto count = names.empty() ? codec::DwsFormat{}.fields.size() : names.size();
    if (whole(config, "optional_fields", 0) >= static_cast<std::int64_t>(count))
        return Problem{"optional_fields", "all " + std::to_string(count) + " fields may not be missing"};
    if (text(config, "decimal", "point") == "comma" && text(config, "separator", ",") == ",")
        return Problem{"separator", "a comma is the decimal sign already; write another, e.g. ';'"};
    return std::nullopt;
}

Kind reader(const codec::ReaderProfile& profile) {
    const bool triggered = !profile.trigger_on.empty();
    return {.kind = "scanner",
            .protocol = profile.name,
            .links = stream_links,
            .settings = triggered ? std::span<const Setting>(triggered_keys) : std::span<const Setting>(reader_keys),
            .make = over_stream<ScannerDriver, scanner_settings>,
            .standard = &profile == &codec::reader_profiles().front()};
}

}  // namespace

std::span<const Kind> scanner_rows() {
    static const auto table = [] {
        std::vector<Kind> rows;
        for (const auto& profile : codec::reader_profiles()) rows.push_back(reader(profile));
        rows.push_back({.kind = "scanner",
                        .protocol = "wedge",
                        .links = "hid",
                        .settings = wedge_keys,
                        .make = over_stream<ScannerDriver, wedge_settings>});
        rows.push_back({.kind = "dws",
                        .protocol = "",
                        .links = stream_links,
                        .settings = dws_keys,
                        .make = over_stream<ScannerDriver, dws_settings>,
                        .also = fields_fault,
                        .serves = "scanner scale"});
        return rows;
    }();
    return table;
}

}  // namespace hefang::driver
