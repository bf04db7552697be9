#include "sight/sight.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hefang::codec;

/// Whatever is decoded is within its limits and is encoded to the same bytes again.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view bytes(reinterpret_cast<const char*>(data), size);
    if (const auto request = decode_request(bytes))
        if (encode(*request).substr(4) != bytes) std::abort();
    if (const auto hello = decode_hello(bytes))
        if (encode(*hello).substr(4) != bytes) std::abort();
    if (const auto answer = decode_answer(bytes)) {
        if (answer->codes.size() > most_seen || encode(*answer).substr(4) != bytes) std::abort();
        for (const auto& code : answer->codes)
            if (code.text.empty() || code.text.size() > longest_seen || name(code.symbology).empty()) std::abort();
    }
    SightFramer framer(64);
    framer.feed(bytes);
    for (;;) {
        const auto message = framer.next();
        if (!message || !*message) return 0;
        if ((*message)->size() > 64) std::abort();
    }
}
