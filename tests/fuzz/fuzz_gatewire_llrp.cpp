#include "gatewire/llrp.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hefang::codec::llrp;

/// Split anywhere, a stream gives the same messages; whatever a message holds, what leaves is bounded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view stream(reinterpret_cast<const char*>(data), size);
    Framer whole;
    Framer halves;
    const auto a = whole.feed(stream);
    auto b = halves.feed(stream.substr(0, size / 2));
    const auto rest = halves.feed(stream.substr(size / 2));
    b.messages.insert(b.messages.end(), rest.messages.begin(), rest.messages.end());
    if (a.messages != b.messages || a.fault != rest.fault) std::abort();
    const auto report = decode_report(stream);
    if (report.tags.size() > most_tags) std::abort();
    for (const auto& tag : report.tags)
        if (tag.epc.empty() || tag.epc.size() > longest_epc / 4) std::abort();
    (void)connection_attempt(stream);
    (void)status_of(stream);
    return 0;
}
