#include "base/text.hpp"
#include "telegram/scan_telegram.hpp"

#include <cstdint>
#include <cstdlib>
#include <utility>

using namespace hefang::codec;

/// The first byte chooses the framing and the format; the rest is the stream. Whatever leaves is clean and bounded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const auto choice = data[0];
    ScanFraming framing;
    framing.stx_etx = (choice & 1) != 0;
    framing.longest = (choice & 2) != 0 ? 16 : 4096;
    if ((choice & 4) != 0) framing.prefix = "#";
    if ((choice & 64) != 0) framing.ends = "";
    if ((choice & 128) != 0) framing.length = 8;
    ScanFormat format;
    format.aim = (choice & 8) != 0;
    if ((choice & 16) != 0) format.separator = ",";
    if ((choice & 32) != 0) format.sequence = ";";
    ScanFramer framer(framing);
    const std::string_view stream(reinterpret_cast<const char*>(data) + 1, size - 1);
    auto frames = framer.feed(stream);
    for (auto& frame : framer.silent()) frames.push_back(std::move(frame));
    if (framer.halfway()) std::abort();
    for (const auto& frame : frames) {
        if (!frame) continue;
        if (frame->size() > framing.longest) std::abort();
        const auto telegram = decode_scan(*frame, format);
        if (!telegram) continue;
        if (telegram->codes.size() > ScanFormat::most_codes) std::abort();
        for (const auto& code : telegram->codes) {
            const bool fits = !code.text.empty() && code.text.size() <= ScanFormat::longest_code;
            if (!fits || !hefang::is_clean_utf8(code.text)) std::abort();
        }
    }
    return 0;
}
