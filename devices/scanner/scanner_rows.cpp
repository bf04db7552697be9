#include "scanner/scanner_rows.hpp"

#include "scanner/scanner.hpp"

#include <array>

namespace hefang::driver {
namespace {

constexpr std::array scanner_keys{
    Setting{.name = "suffix",
            .form = Form::word,
            .words = "crlf cr lf etx tab stx-etx",
            .meaning = "what ends a telegram; crlf: CR, LF or both; stx-etx: telegrams stand between the two"},
    Setting{.name = "prefix", .form = Form::text, .most = 16, .meaning = "bytes before each telegram"},
    Setting{.name = "aim", .form = Form::word, .words = "true false", .meaning = "codes begin with an AIM identifier"},
    Setting{.name = "separator", .form = Form::text, .most = 8, .meaning = "between the codes of one telegram"},
    Setting{.name = "sequence",
            .form = Form::text,
            .most = 8,
            .meaning = "between the parcel's induction number and the codes; none: no number is sent"},
    Setting{.name = "no_read", .form = Form::list, .most = 64, .meaning = "texts that stand for: could not read"},
    Setting{
        .name = "ignore", .form = Form::list, .most = 64, .meaning = "telegrams that say nothing, e.g. a heartbeat"},
    Setting{.name = "gap_ms",
            .form = Form::whole,
            .least = 10,
            .most = 10'000,
            .meaning = "silence within a telegram after which it is a no-read"},
    Setting{.name = "silence_s",
            .form = Form::whole,
            .least = 0,
            .most = 86'400,
            .meaning = "nothing for so long: the reader counts as lost; 0: never"},
};

constexpr std::array table{
    Kind{"scanner", "", stream_links, scanner_keys, over_stream<ScannerDriver, scanner_settings>},
};

}  // namespace

std::span<const Kind> scanner_rows() { return table; }

}  // namespace hefang::driver
