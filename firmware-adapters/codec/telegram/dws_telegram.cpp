#include "telegram/dws_telegram.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace hefang::codec {
namespace {

constexpr std::int64_t most_grams = 1'000'000'000;
constexpr std::int64_t most_mm = 100'000;
constexpr std::size_t most_digits = 11;  // times 45,359,237 stays below 2^63

struct FieldName {
    std::string_view name;
    DwsField field;
};
constexpr std::array field_names{
    FieldName{"barcode", DwsField::barcode}, FieldName{"weight", DwsField::weight},
    FieldName{"length", DwsField::length},   FieldName{"width", DwsField::width},
    FieldName{"height", DwsField::height},   FieldName{"sequence", DwsField::sequence},
    FieldName{"volume", DwsField::volume},   FieldName{"time", DwsField::time},
    FieldName{"image", DwsField::image},     FieldName{"-", DwsField::ignored},
};

/// How many of our whole units one of theirs is, exactly.
struct Unit {
    std::string_view name;
    std::int64_t times, by;
};

Unit unit_of(DwsMass mass) {
    switch (mass) {
        case DwsMass::kilogram: return {"kg", 1000, 1};
        case DwsMass::gram: return {"g", 1, 1};
        case DwsMass::pound: return {"lb", 45'359'237, 100'000};
    }
    return {"kg", 1000, 1};
}

Unit unit_of(DwsLength length) {
    switch (length) {
        case DwsLength::millimetre: return {"mm", 1, 1};
        case DwsLength::centimetre: return {"cm", 10, 1};
        case DwsLength::metre: return {"m", 1000, 1};
        case DwsLength::inch: return {"in", 254, 10};
    }
    return {"mm", 1, 1};
}

std::string_view trimmed(std::string_view text) {
    const auto first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

/// "12.34", with or without the unit's name behind it, in our whole units, half up. Nothing when it is no such number.
std::optional<std::int64_t> measure(std::string_view text, char decimal, const Unit& unit, std::int64_t most) {
    if (text.ends_with(unit.name)) text = trimmed(text.substr(0, text.size() - unit.name.size()));
    std::int64_t digits = 0, places = 1;
    std::size_t count = 0;
    bool point = false;
    for (const char c : text) {
        if (c == decimal && !point && count > 0) {
            point = true;
            continue;
        }
        if (c < '0' || c > '9' || ++count > most_digits) return std::nullopt;
        digits = digits * 10 + (c - '0');
        if (point) places *= 10;
    }
    if (count == 0 || text.back() == decimal) return std::nullopt;
    const auto by = unit.by * places;
    const auto value = (digits * unit.times + by / 2) / by;
    return value <= most ? std::optional(value) : std::nullopt;
}

bool is_blank(std::string_view text) { return text.empty() || text.find_first_not_of("0.,") == std::string_view::npos; }

std::vector<std::string_view> cut(std::string_view telegram, std::string_view separator) {
    std::vector<std::string_view> out;
    while (out.size() <= DwsFormat::most_fields) {
        const auto at = telegram.find(separator);
        out.push_back(trimmed(telegram.substr(0, at)));
        if (at == std::string_view::npos) break;
        telegram.remove_prefix(at + separator.size());
    }
    return out;
}

class DwsReading {
  public:
    explicit DwsReading(const DwsFormat& format) : format_(format) {}

    void take(DwsField field, std::string_view text) {
        switch (field) {
            case DwsField::barcode: return take_codes(text);
            case DwsField::weight: return take_weight(text);
            case DwsField::length: return take_side(text, 0);
            case DwsField::width: return take_side(text, 1);
            case DwsField::height: return take_side(text, 2);
            case DwsField::sequence: return take_sequence(text);
            case DwsField::volume:
            case DwsField::time:
            case DwsField::image:
            case DwsField::ignored: return;
        }
    }
    DwsTelegram done() && {
        out_.codes.sequence = sequence_;
        if (std::all_of(sides_.begin(), sides_.end(), [](auto mm) { return mm > 0; }))
            out_.size = DwsSize{sides_[0], sides_[1], sides_[2]};
        return std::move(out_);
    }

  private:
    void take_codes(std::string_view text) {
        if (auto codes = decode_scan(text, format_.codes)) out_.codes = *std::move(codes);
    }
    void take_weight(std::string_view text) {
        if (is_blank(text)) return;
        const auto grams = measure(text, format_.decimal, unit_of(format_.mass), most_grams);
        if (!grams) out_.refused.push_back(DwsRefusal::bad_weight);
        if (grams && *grams > 0) out_.weight = Grams{*grams};
    }
    void take_side(std::string_view text, std::size_t which) {
        if (is_blank(text)) return;
        const auto mm = measure(text, format_.decimal, unit_of(format_.length), most_mm);
        if (!mm) out_.refused.push_back(DwsRefusal::bad_size);
        sides_[which] = mm.value_or(0);
    }
    void take_sequence(std::string_view text) {
        std::uint16_t value = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
        const bool good = error == std::errc{} && end == text.data() + text.size() && value > 0;
        if (!good) return out_.refused.push_back(DwsRefusal::bad_sequence);
        sequence_ = value;
    }

    const DwsFormat& format_;
    DwsTelegram out_;
    std::optional<std::uint16_t> sequence_;
    std::array<std::int64_t, 3> sides_{};
};

/// In thousandths of their unit, which is enough for every format.
std::string shown(std::int64_t ours, const Unit& unit, char decimal) {
    const auto thousandths = (ours * 1000 * unit.by + unit.times / 2) / unit.times;
    auto text = std::to_string(thousandths / 1000) + decimal;
    const auto rest = std::to_string(thousandths % 1000);
    return text + std::string(3 - rest.size(), '0') + rest;
}

std::string field_text(DwsField field, const DwsTelegram& t, const DwsFormat& format) {
    const auto side = [&](std::int64_t mm) { return shown(mm, unit_of(format.length), format.decimal); };
    switch (field) {
        case DwsField::barcode: {
            auto codes = t.codes;
            codes.sequence.reset();
            return encode_scan(codes, format.codes, {"", "", false, 4096, 0});
        }
        case DwsField::weight: return t.weight ? shown(t.weight->count, unit_of(format.mass), format.decimal) : "";
        case DwsField::length: return t.size ? side(t.size->length_mm) : "";
        case DwsField::width: return t.size ? side(t.size->width_mm) : "";
        case DwsField::height: return t.size ? side(t.size->height_mm) : "";
        case DwsField::sequence: return t.codes.sequence ? std::to_string(*t.codes.sequence) : "";
        case DwsField::volume:
        case DwsField::time:
        case DwsField::image:
        case DwsField::ignored: return "";
    }
    return "";
}

}  // namespace

std::optional<DwsField> dws_field(std::string_view name) {
    const auto at = std::find_if(field_names.begin(), field_names.end(), [&](const auto& f) { return f.name == name; });
    return at == field_names.end() ? std::nullopt : std::optional(at->field);
}

std::string_view name(DwsRefusal reason) {
    switch (reason) {
        case DwsRefusal::field_count: return "field-count";
        case DwsRefusal::bad_sequence: return "bad-sequence";
        case DwsRefusal::bad_weight: return "bad-weight";
        case DwsRefusal::bad_size: return "bad-size";
    }
    return "unknown";
}

tl::expected<DwsTelegram, DwsRefusal> decode_dws(std::string_view telegram, const DwsFormat& format) {
    const auto parts = cut(telegram, format.separator);
    const auto most = format.fields.size();
    if (parts.size() > most || parts.size() + format.optional < most) return tl::unexpected(DwsRefusal::field_count);
    DwsReading reading(format);
    for (std::size_t i = 0; i < parts.size(); ++i) reading.take(format.fields[i], parts[i]);
    return std::move(reading).done();
}

std::string encode_dws(const DwsTelegram& telegram, const DwsFormat& format) {
    std::string out;
    for (std::size_t i = 0; i < format.fields.size(); ++i)
        out += (i > 0 ? format.separator : "") + field_text(format.fields[i], telegram, format);
    return out;
}

}  // namespace hefang::codec
