#include "number/kind.hpp"

#include <array>

namespace hefang::number {
namespace {

using enum Kind;
using enum Confidence;

constexpr std::string_view gs1_specifications = "GS1 General Specifications";
constexpr std::string_view messages_2018 = "GACC CEB message package, notice 113 of 2018";

/// By Kind. docs/numbers.md shows the same rows; a test holds the two together.
constexpr std::array<KindRow, kind_count> rows{{
    {s10, "UPU S10 number", "UPU S10", standard},
    {s9, "UPU S9 receptacle label", "UPU S9", to_confirm},
    {container, "container number", "ISO 6346", standard},
    {sscc, "SSCC", gs1_specifications, standard},
    {gtin8, "GTIN-8", gs1_specifications, standard},
    {gtin12, "GTIN-12", gs1_specifications, standard},
    {gtin13, "GTIN-13", gs1_specifications, standard},
    {gtin14, "GTIN-14", gs1_specifications, standard},
    {inventory, "customs inventory number (清单编号)", messages_2018, official},
    {pre_entry, "pre-entry number (预录入编号)", messages_2018, practice},
    {entry, "declaration number (报关单号)", "public description", practice},
    {bonded_list, "bonded list number (核注清单号)", "numbers seen in messages", practice},
    {release_sheet, "release sheet number (核放单号)", "numbers seen in receipts", practice},
    {awb, "air waybill number", "IATA, modulus 7", standard},
    {uscc, "unified social credit code (统一社会信用代码)", "GB 32100-2015", standard},
    {plate, "Chinese licence plate", "public description of GA 36", practice},
    {carrier_waybill, "carrier's waybill number", "labels seen", practice},
    {gs1, "GS1 element string", gs1_specifications, standard},
    {url, "web address", "RFC 3986", standard},
    {data, "text that is no number", "labels seen", practice},
}};

constexpr bool in_order() {
    for (std::size_t i = 0; i < rows.size(); ++i)
        if (rows[i].kind != static_cast<Kind>(i)) return false;
    return true;
}
static_assert(in_order());

}  // namespace

const KindRow& row_of(Kind kind) { return rows[static_cast<std::size_t>(kind)]; }

std::string_view name(Confidence confidence) {
    switch (confidence) {
        case standard: return "standard";
        case official: return "official";
        case practice: return "practice";
        case to_confirm: return "to be confirmed";
    }
    return "unknown";
}

}  // namespace hefang::number
