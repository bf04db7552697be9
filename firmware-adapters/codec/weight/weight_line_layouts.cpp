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

constexpr std::array and_rest{stable, motion, over, RestWord{"LO", Rest::under}};
constexpr std::array and_kind{gross, net, KindWord{"G ", false}, KindWord{"N ", true}};
constexpr std::array three_rests{stable, motion, over};
constexpr std::array dini_rest{stable, motion, over, RestWord{"UL", Rest::under}};
constexpr std::array two_kinds{gross, net};

constexpr std::array table{
    LineLayout{.name = "and-indicator",
               .form = "HH,KK,DDDDDDDDUU",
               .rest = and_rest,
               .kind = and_kind,
               .addressed = false,
               .fill = '0',
               .source =
                   "manuals of the A&D AD-4401, AD-4403, AD-4404 and AD-4325, with a printed line; the same line is "
                   "an option of CAS and others, with blanks for zeros in public captures",
               .unconfirmed = "LO taken for: too far below zero"},
    LineLayout{.name = "and-balance",
               .form = "HH,DDDDDDDDDUUU",
               .rest = three_rests,
               .kind = {},
               .addressed = false,
               .fill = '0',
               .source = "manuals of the A&D EK-L and GH balances (A&D standard format), with a printed line",
               .unconfirmed = "OL far below zero taken for an overload: the manual's example has a plus"},
    LineLayout{.name = "cas-continuous",
               .form = "HH,KK,IL,DDDDDDDD UU",
               .rest = three_rests,
               .kind = two_kinds,
               .addressed = false,
               .fill = ' ',
               .source = "manuals of the CAS CI-400, CI-600D, CI-6000A and NT-200 (the 22-byte format)",
               .unconfirmed = "no line is printed there: place of the sign, and blanks or zeros, taken either way"},
    LineLayout{.name = "dini-continuous",
               .form = "HH,KK,DDDDDDDD,UU",
               .rest = dini_rest,
               .kind = two_kinds,
               .addressed = true,
               .fill = ' ',
               .source = "manuals of the Dini Argeo DGT, 3590 and DFW (the standard string), with a printed line",
               .unconfirmed = "place of the sign taken either way"},
};

}  // namespace

std::span<const LineLayout> line_layouts() { return table; }

const LineLayout* line_layout(std::string_view name) {
    const auto at = std::find_if(table.begin(), table.end(), [&](const LineLayout& row) { return row.name == name; });
    return at == table.end() ? nullptr : &*at;
}

}  // namespace hefang::codec
