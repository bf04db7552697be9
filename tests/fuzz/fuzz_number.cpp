#include "number/gs1.hpp"
#include "number/identify.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hefang::number;

/// The first three bytes are the AIM identifier, the rest is the text. What comes out lies within the text and is
/// bounded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 3) return 0;
    const std::string_view all(reinterpret_cast<const char*>(data), size);
    const auto text = all.substr(3);
    const auto within = [&](std::string_view part) {
        return part.data() >= text.data() && part.data() + part.size() <= text.data() + text.size();
    };
    for (const auto& identity : identify(text, all.substr(0, 3)))
        if (!within(identity.number)) std::abort();
    (void)doubt_of(text);
    const auto elements = parse_gs1(text);
    if (!elements) return 0;
    if (elements->empty() || elements->size() > most_elements) std::abort();
    for (const auto& e : *elements)
        if (!within(e.ai) || !within(e.value) || e.value.empty() || e.value.size() > 90) std::abort();
    return 0;
}
