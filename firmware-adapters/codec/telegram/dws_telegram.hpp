#pragma once
#include "base/units.hpp"
#include "telegram/scan_telegram.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hefang::codec {

/// What a place in the line of a dimensioning, weighing and scanning station holds. `volume`, `time` and `image` are
/// known by name and not used; `ignored` is anything else.
enum class DwsField { barcode, weight, length, width, height, sequence, volume, time, image, ignored };
/// "barcode" … "image", "-".
[[nodiscard]] std::optional<DwsField> dws_field(std::string_view name);

enum class DwsMass { kilogram, gram, pound };
enum class DwsLength { millimetre, centimetre, metre, inch };

/// There is no common standard: makers differ in order, separator, units and decimals, so all of it is a setting.
struct DwsFormat {
    std::vector<DwsField> fields{DwsField::barcode, DwsField::weight, DwsField::length, DwsField::width,
                                 DwsField::height,  DwsField::volume, DwsField::time};
    std::size_t optional = 0;  ///< so many fields at the end may be missing
    std::string separator = ",";
    char decimal = '.';
    DwsMass mass = DwsMass::kilogram;
    DwsLength length = DwsLength::millimetre;
    ScanFormat codes;  ///< of the field `barcode`
    static constexpr std::size_t most_fields = 32;
};

/// Why a telegram or one of its values is not used. One counter each.
enum class DwsRefusal {
    field_count,   ///< more or fewer fields than the format has
    bad_sequence,  ///< no 1 to 65535
    bad_weight,    ///< no number, below zero, or beyond 10^6 kg
    bad_size       ///< the same of a length, beyond 100 m
};
[[nodiscard]] std::string_view name(DwsRefusal reason);

struct DwsSize {
    std::int64_t length_mm = 0, width_mm = 0, height_mm = 0;
    friend bool operator==(const DwsSize&, const DwsSize&) = default;
};

/// What one telegram says. A weight or size that is blank or zero was not taken: there is none then, and no refusal.
struct DwsTelegram {
    ScanTelegram codes;
    std::optional<Grams> weight;  ///< rounded to whole grams, half up
    std::optional<DwsSize> size;  ///< all three, each above zero, rounded to whole millimetres
    std::vector<DwsRefusal> refused;
    friend bool operator==(const DwsTelegram&, const DwsTelegram&) = default;
};

[[nodiscard]] tl::expected<DwsTelegram, DwsRefusal> decode_dws(std::string_view telegram, const DwsFormat& format);

/// What a station so configured sends, without frame; fields that are not used are empty.
[[nodiscard]] std::string encode_dws(const DwsTelegram& telegram, const DwsFormat& format);

}  // namespace hefang::codec
