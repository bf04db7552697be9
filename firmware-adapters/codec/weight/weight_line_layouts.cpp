#include "weight/weight_line.hpp"

#include <algorithm>
#include <array>

namespace hefang::codec {
namespace {

constexpr RestWord stable{"ST", Rest::stable};
constexpr RestWord motion{"US", Rest::motion};
constexpr RestWord over{"OL", Rest::over};
constexpr KindWord gross{"GS", false};
constexpr KindWord net{"NT", true};
constexpr KindWord gross_letter{"G", false};
constexpr KindWord net_letter{"N", true};

constexpr std::array and_rest{stable, motion, over, RestWord{"LO", Rest::under}};
constexpr std::array and_kind{gross, net, KindWord{"G ", false}, KindWord{"N ", true}};
constexpr std::array three_rests{stable, motion, over};
constexpr std::array dini_rest{stable, motion, over, RestWord{"UL", Rest::under}};
constexpr std::array two_kinds{gross, net};
constexpr std::array two_letters{gross_letter, net_letter};
constexpr std::array small_letters{KindWord{"g", false}, KindWord{"n", true}};
constexpr std::array dini_answers{
    RefusalWord{"ERR01", WeightRefusal::not_understood}, RefusalWord{"ERR02", WeightRefusal::not_understood},
    RefusalWord{"ERR03", WeightRefusal::busy}, RefusalWord{"ERR04", WeightRefusal::not_understood}};

constexpr std::array rice_lake_rest{RestWord{" ", Rest::stable}, RestWord{"Z", Rest::stable},
                                    RestWord{"M", Rest::motion}, RestWord{"I", Rest::motion},
                                    RestWord{"O", Rest::over}};
// T may be a ton of 2000 pounds: not converted.
constexpr std::array rice_lake_units{UnitWord{"K", MassUnit::kilogram}, UnitWord{"G", MassUnit::gram}};
constexpr std::array tracer_units{UnitWord{"KG", MassUnit::kilogram}};
constexpr std::array tracer_instead{RestWord{"^^^^^^^", Rest::over}, RestWord{"]]]]]]]", Rest::under}};

constexpr std::array cardinal_rest{RestWord{" ", Rest::stable}, RestWord{"m", Rest::motion}, RestWord{"o", Rest::over}};
constexpr std::array sb400_rest{RestWord{"  ", Rest::stable}, RestWord{"CZ", Rest::stable},
                                RestWord{"MO", Rest::motion}, RestWord{"OC", Rest::over}, RestWord{"BZ", Rest::under}};

constexpr std::array sartorius_kind{gross_letter, net_letter, KindWord{"G#", false}, KindWord{"Stat", false}};
constexpr std::array sartorius_instead{RestWord{"H", Rest::over}, RestWord{"L", Rest::under},
                                       RestWord{"High", Rest::over}, RestWord{"Low", Rest::under}};

constexpr std::array radwag_rest{RestWord{" ", Rest::stable}, RestWord{"?", Rest::motion}, RestWord{"^", Rest::over},
                                 RestWord{"v", Rest::under}};
constexpr std::array radwag_answers{RefusalWord{"S I", WeightRefusal::busy}, RefusalWord{"SI I", WeightRefusal::busy},
                                    RefusalWord{"S E", WeightRefusal::busy},
                                    RefusalWord{"ES", WeightRefusal::not_understood}};

constexpr std::array a12_whole{RestWord{"         OL23", Rest::over}, RestWord{"         LO23", Rest::under}};
constexpr std::array old_a12_kind{KindWord{"w", false}, KindWord{"n", true}};

constexpr std::array sma_rest{RestWord{" ", Rest::stable},     RestWord{"Z", Rest::stable},
                              RestWord{"O", Rest::over},       RestWord{"U", Rest::under},
                              RestWord{"E", Rest::not_zeroed}, RestWord{"I", Rest::not_zeroed}};
// Small letters: ten times the resolution.
constexpr std::array sma_kind{gross_letter, net_letter, KindWord{"g", false}, KindWord{"n", true}};
constexpr std::array sma_answers{RefusalWord{"?", WeightRefusal::not_understood}};

constexpr std::array table{
    LineLayout{.name = "and-indicator",
               .form = "HH,KK,DDDDDDDDUU",
               .rest = and_rest,
               .kind = and_kind,
               .fill = '0',
               .source =
                   "manuals of the A&D AD-4401, AD-4403, AD-4404 and AD-4325, with a printed line; the same line is "
                   "an option of CAS and others, with blanks for zeros in public captures",
               .unconfirmed = "LO taken for: too far below zero"},
    LineLayout{.name = "and-balance",
               .form = "HH,DDDDDDDDDUUU",
               .rest = three_rests,
               .kilogram = " kg",
               .fill = '0',
               .source = "manuals of the A&D EK-L and GH balances (A&D standard format), with a printed line",
               .unconfirmed = "OL far below zero taken for an overload: the manual's example has a plus"},
    LineLayout{.name = "cas-continuous",
               .form = "HH,KK,IL,DDDDDDDD UU",
               .rest = three_rests,
               .kind = two_kinds,
               .source = "manuals of the CAS CI-400, CI-600D, CI-6000A and NT-200 (the 22-byte format)",
               .unconfirmed = "no line is printed there: place of the sign, and blanks or zeros, taken either way"},
    LineLayout{.name = "dini-continuous",
               .form = "HH,KK,DDDDDDDD,UU",
               .rest = dini_rest,
               .kind = two_kinds,
               .answers = dini_answers,
               .addressed = true,
               .source = "manuals of the Dini Argeo DGT, 3590 and DFW (the standard string), with a printed line",
               .unconfirmed = "place of the sign taken either way"},
    LineLayout{.name = "rice-lake",
               .form = "\x02"
                       "DDDDDDDDUKH",
               .rest = rice_lake_rest,
               .kind = two_letters,
               .units = rice_lake_units,
               .kilogram = "K",
               .source = "manuals of the Rice Lake 480 Legend and 682 Synergy (stream format); the Cardinal 200's "
                         "prints the same",
               .unconfirmed = "O, over or under range, taken for an overload"},
    LineLayout{.name = "rice-lake-av",
               .form = "\x02"
                       "DDDDDDDDUUKH",
               .rest = rice_lake_rest,
               .kind = two_letters,
               .units = tracer_units,
               .instead = tracer_instead,
               .kilogram = "KG",
               .source = "manual of the Rice Lake Tracer AV: two letters of unit, signs for over and under",
               .unconfirmed = "letters of a unit in grams"},
    LineLayout{.name = "cardinal",
               .form = "DDDDDDDDH UU K  ",
               .lead = "\r",
               .tail = "\x03",
               .rest = cardinal_rest,
               .kind = small_letters,
               .loose_number = true,
               .fill = '0',
               .plus = ' ',
               .source = "the Cardinal 738 format as Rice Lake's manuals describe it: six digits with a point",
               .unconfirmed = "a point behind the digits, and the plus, taken either way"},
    LineLayout{.name = "cardinal-whole",
               .form = "DDDDDDDH UU K  ",
               .lead = "\r",
               .tail = "\x03",
               .rest = cardinal_rest,
               .kind = small_letters,
               .fill = '0',
               .plus = ' ',
               .source = "as cardinal, of a scale without decimals",
               .unconfirmed = "the plus, taken either way"},
    LineLayout{.name = "cardinal-sb400",
               .form = "DDDDDDDDUUKHH",
               .tail = "\r",
               .rest = sb400_rest,
               .kind = two_letters,
               .loose_number = true,
               .source = "manuals of the Cardinal 190 and 200 (scoreboard format): six digits with a point",
               .unconfirmed = "blanks where no status is said; alignment of a unit of one letter taken either way"},
    LineLayout{.name = "cardinal-sb400-whole",
               .form = "DDDDDDDUUKHH",
               .tail = "\r",
               .rest = sb400_rest,
               .kind = two_letters,
               .source = "as cardinal-sb400, of a scale without decimals",
               .unconfirmed = "as cardinal-sb400"},
    LineLayout{.name = "sartorius",
               .form = "DDDDDDDDDDBUUU",
               .instead = sartorius_instead,
               .kilogram = "kg ",
               .no_unit_is_motion = true,
               .loose_number = true,
               .source = "manuals of the Sartorius LE, GC and FB (SBI, 16 characters), with printed lines",
               .unconfirmed = "gross or net is not said"},
    LineLayout{.name = "sartorius-22",
               .form = "KKKKKKDDDDDDDDDDBUUU",
               .kind = sartorius_kind,
               .instead = sartorius_instead,
               .kilogram = "kg ",
               .no_unit_is_motion = true,
               .loose_number = true,
               .source = "manuals of the Sartorius LE, MSE and Combics (SBI, 22 characters), with printed lines",
               .unconfirmed = "balances may say N without a tare"},
    LineLayout{.name = "radwag",
               .form = "S???H DDDDDDDDDD UUU",
               .rest = radwag_rest,
               .answers = radwag_answers,
               .kilogram = "kg ",
               .source = "manual of the Radwag WTC (the answer that is sent by itself)",
               .unconfirmed = "no line is printed there: blanks within the command's echo taken either way"},
    LineLayout{.name = "xk3190-a12",
               .form = "WKDDDDDDDUUXX",
               .kind = two_letters,
               .whole = a12_whole,
               .loose_number = true,
               .fill = '0',
               .plus = '0',
               .source = "manual of the Yaohua XK3190-A12(E), with a printed frame and its checksum",
               .unconfirmed = "no word of rest"},
    LineLayout{.name = "xk3190-a12-old",
               .form = "wKDDDDDDDUU",
               .kind = old_a12_kind,
               .loose_number = true,
               .fill = '0',
               .plus = '0',
               .source = "a dealer's page on the older Yaohua XK3190-A12",
               .unconfirmed = "place of the sign; no word of rest"},
    LineLayout{.name = "sma",
               .form = "H?KM?DDDDDDDDDDUUU",
               .lead = "\n",
               .tail = "\r",
               .rest = sma_rest,
               .kind = sma_kind,
               .answers = sma_answers,
               .kilogram = "kg ",
               .source =
                   "the Scale Manufacturers Association's protocol, level 1, as public notes on it give it; also of "
                   "Ohaus and Brecknell",
               .unconfirmed = "no line is printed there: alignment of the unit taken either way"},
};

constexpr std::array units{UnitWord{"kg", MassUnit::kilogram}, UnitWord{"g", MassUnit::gram},
                           UnitWord{"t", MassUnit::tonne}};

}  // namespace

std::span<const UnitWord> usual_units() { return units; }

std::span<const LineLayout> line_layouts() { return table; }

const LineLayout* line_layout(std::string_view name) {
    const auto at = std::find_if(table.begin(), table.end(), [&](const LineLayout& row) { return row.name == name; });
    return at == table.end() ? nullptr : &*at;
}

}  // namespace hefang::codec
