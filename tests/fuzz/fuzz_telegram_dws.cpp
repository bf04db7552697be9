#include "base/text.hpp"
#include "telegram/dws_telegram.hpp"
#include "telegram/reader_profile.hpp"

#include <cstdint>
#include <cstdlib>
#include <string_view>

using namespace hefang::codec;

/// The first two bytes choose the format, the rest is one telegram. What leaves is clean, bounded and above zero.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    DwsFormat format;
    format.decimal = (data[0] & 1) != 0 ? ',' : '.';
    format.separator = (data[0] & 2) != 0 ? "|" : ";;";
    format.mass = static_cast<DwsMass>((data[0] >> 2) % 3);
    format.length = static_cast<DwsLength>((data[0] >> 4) % 4);
    format.optional = data[1] % 7;
    format.codes.separator = (data[1] & 8) != 0 ? "," : "";
    format.codes.gs = (data[1] & 16) != 0 ? "^]" : "";
    format.codes.position = (data[1] & 32) != 0 ? "!" : "";
    if ((data[1] & 64) != 0) format.fields.push_back(DwsField::sequence);
    const std::string_view telegram(reinterpret_cast<const char*>(data) + 2, size - 2);
    for (const auto& profile : reader_profiles()) (void)answer_of(telegram, profile);
    const auto said = decode_dws(telegram, format);
    if (!said) return 0;
    if (said->weight && (said->weight->count < 1 || said->weight->count > 1'000'000'000)) std::abort();
    if (said->size && (said->size->length_mm < 1 || said->size->length_mm > 100'000)) std::abort();
    if (said->refused.size() > DwsFormat::most_fields) std::abort();
    for (const auto& code : said->codes.codes)
        if (code.text.empty() || code.text.size() > ScanFormat::longest_code || !hefang::is_clean_utf8(code.text))
            std::abort();
    return 0;
}
