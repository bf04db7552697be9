#include "telegram/reader_profile.hpp"

#include <algorithm>
#include <array>

namespace hefang::codec {
namespace {

using Texts = std::string_view;

// Extended answers "||checksum:id[status]": 0 done, 100 to 105 not (DataMan Control Commands overview).
constexpr std::array dataman_taken{Texts("||*[0]")};
constexpr std::array dataman_refused{Texts("||*[100]"), Texts("||*[101]"), Texts("||*[102]"),
                                     Texts("||*[103]"), Texts("||*[104]"), Texts("||*[105]")};
constexpr std::array keyence_taken{Texts("OK,LON"), Texts("OK,LOFF")};
constexpr std::array keyence_refused{Texts("ER,LON,*"), Texts("ER,LOFF,*")};
constexpr std::array sick_taken{Texts("sAN mTCgateon 1"), Texts("sAN mTCgateoff 1")};
constexpr std::array sick_refused{Texts("sAN mTCgateon 0"), Texts("sAN mTCgateoff 0"), Texts("sFA*")};
constexpr std::array datalogic_taken{Texts("ACK")};
constexpr std::array datalogic_refused{Texts("NACK")};
constexpr std::array newland_taken{Texts("@@@@"), Texts("^^^^"), Texts("!999*;")};
constexpr std::array newland_refused{Texts("?999*;")};

constexpr std::array table{
    ReaderProfile{.name = "generic",
                  .ends = "\r\n",
                  .no_read = "NoRead",
                  .source = "manuals: CR LF, CR or LF is the default of most hand-held and fixed readers",
                  .unconfirmed = "all of it: a reader sends what it was set up to send"},
    ReaderProfile{.name = "cognex-dataman",
                  .ends = "\r\n",
                  .no_read = "",
                  .taken = dataman_taken,
                  .refused = dataman_refused,
                  .trigger_on = "||>TRIGGER ON\r\n",
                  .trigger_off = "||>TRIGGER OFF\r\n",
                  .source = "manual: DataMan Communications and Programming Guide (DMCC over Telnet, port 23); answers "
                            "are silent unless extended ones are switched on",
                  .unconfirmed = "the no-read text, which is empty in many set-ups; the result's script may add bytes"},
    ReaderProfile{.name = "keyence-sr",
                  .ends = "\r",
                  .no_read = "ERROR",
                  .separator = ",",
                  .taken = keyence_taken,
                  .refused = keyence_refused,
                  .trigger_on = "LON\r",
                  .trigger_off = "LOFF\r",
                  .source =
                      "manual: SR-750 series, communication commands; public code: LON on port 9004, several codes "
                      "separated by commas, with '!x/y' where coordinates are added",
                  .unconfirmed = "the text ERROR, and that SR-1000 and SR-2000 differ in nothing"},
    ReaderProfile{.name = "sick-clv",
                  .ends = "",
                  .no_read = "NoRead",
                  .taken = sick_taken,
                  .refused = sick_refused,
                  .trigger_on = "\x02sMN mTCgateon\x03",
                  .trigger_off = "\x02sMN mTCgateoff\x03",
                  .source =
                      "public code: CoLa-A between STX and ETX on ports 2111 and 2112, commands and NoRead as sent "
                      "there",
                  .unconfirmed = "the heartbeat, which the output format defines, and the separator of several codes"},
    ReaderProfile{.name = "hikrobot",
                  .ends = "\r\n",
                  .no_read = "NoRead",
                  .source = "manual: ID5000 series; text template, NoRead and the trigger's text are settings of it",
                  .unconfirmed = "end, separator and the trigger's text, which each set-up chooses"},
    ReaderProfile{.name = "datalogic",
                  .ends = "\r\n",
                  .no_read = "\x18",
                  .taken = datalogic_taken,
                  .refused = datalogic_refused,
                  .source = "manual: Matrix N, Host Mode Programming (ACK, NACK)",
                  .unconfirmed = "the no-read text (0x18 or NOREAD), the end, the texts of the trigger, port 51236"},
    ReaderProfile{.name = "zebra-stx-etx",
                  .ends = "",
                  .no_read = "NoRead",
                  .acknowledged = true,
                  .source = "manual: Symbol DS6608, RS-232 host type Olivetti: STX data ETX at 7E1, answered by ACK",
                  .unconfirmed = "how often it repeats a telegram that nobody answered"},
    ReaderProfile{.name = "newland",
                  .ends = "\r\n",
                  .no_read = "NoRead",
                  .taken = newland_taken,
                  .refused = newland_refused,
                  .source = "manual: HR1550, serial set-up dialogue, whose answers are no codes",
                  .unconfirmed = "the end, which is none or CR as set up"},
};

bool matches(std::string_view text, std::string_view pattern) {
    const auto star = pattern.find('*');
    if (star == std::string_view::npos) return text == pattern;
    const auto begin = pattern.substr(0, star), end = pattern.substr(star + 1);
    return text.size() >= begin.size() + end.size() && text.starts_with(begin) && text.ends_with(end);
}

bool among(std::string_view text, std::span<const std::string_view> patterns) {
    return std::any_of(patterns.begin(), patterns.end(), [&](auto p) { return matches(text, p); });
}

}  // namespace

std::span<const ReaderProfile> reader_profiles() { return table; }

const ReaderProfile* reader_profile(std::string_view name) {
    const auto at = std::find_if(table.begin(), table.end(), [&](const auto& row) { return row.name == name; });
    return at == table.end() ? nullptr : &*at;
}

ScanFraming framing_of(const ReaderProfile& profile) {
    ScanFraming framing;
    framing.ends = profile.ends;
    framing.stx_etx = profile.ends.empty();
    return framing;
}

ScanFormat format_of(const ReaderProfile& profile) {
    ScanFormat format;
    format.separator = profile.separator;
    if (!profile.no_read.empty()) {
        std::erase(format.no_read, profile.no_read);
        format.no_read.insert(format.no_read.begin(), std::string(profile.no_read));
    }
    return format;
}

Answer answer_of(std::string_view telegram, const ReaderProfile& profile) {
    if (among(telegram, profile.taken)) return Answer::taken;
    return among(telegram, profile.refused) ? Answer::refused : Answer::none;
}

}  // namespace hefang::codec
