#pragma once
#include <cstdint>
#include <string_view>

/// What a number is, by its shape and its check digit. A room of its own below the core: the core ranks a label's codes
/// by it and `hefang track` speaks of it, and neither should see the devices' byte formats for that (codec). Pure: text
/// in, value out. A shape says what a number looks like, never that it is right: nothing is refused by it.
namespace hefang::number {

enum class Kind : std::uint8_t {
    s10,        ///< postal item
    s9,         ///< postal receptacle: a bag of many items
    container,  ///< freight container
    sscc,       ///< logistic unit
    gtin8,      ///< trade item, as are the next three
    gtin12,
    gtin13,
    gtin14,
    inventory,        ///< 清单编号, as given by customs
    pre_entry,        ///< 预录入编号
    entry,            ///< 报关单号
    bonded_list,      ///< 核注清单号
    release_sheet,    ///< 核放单号
    awb,              ///< air waybill of a whole consignment
    uscc,             ///< 统一社会信用代码: an enterprise
    plate,            ///< of a road vehicle
    carrier_waybill,  ///< one carrier's own shape of a parcel's number
    gs1,              ///< a GS1 element string without SSCC or GTIN
    url,
    data  ///< words or structured data, no number
};
constexpr std::size_t kind_count = 20;

/// How sure the shape is. `standard`: published by the body that gives the numbers out. `official`: in customs' own
/// message packages. `practice`: from public documents or from numbers seen. `to_confirm`: not yet held against the
/// governing text.
enum class Confidence : std::uint8_t { standard, official, practice, to_confirm };

struct KindRow {
    Kind kind;
    std::string_view name;
    std::string_view source;
    Confidence confidence;
};

[[nodiscard]] const KindRow& row_of(Kind kind);
[[nodiscard]] std::string_view name(Confidence confidence);

}  // namespace hefang::number
