#include "base/text.hpp"
#include "sidecar/sidecar.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace hefang::codec;

/// The first byte chooses the form; the rest is the file. Whatever leaves is clean and bounded.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) return 0;
    const bool xml = (data[0] & 1) != 0;
    const SidecarFields fields = xml ? SidecarFields{"a/b", "a/@c", "a/b/@d", "a", "e", "a/e", "a/f"}
                                     : SidecarFields{"a", "b", "a/b", "c", "d", "e", "f"};
    const std::string_view file(reinterpret_cast<const char*>(data) + 1, size - 1);
    const auto got = read_sidecar(file, xml ? SidecarForm::xml : SidecarForm::json, fields);
    if (!got) return 0;
    for (const auto* value :
         {&got->scan, &got->sequence, &got->verdict, &got->operator_id, &got->view, &got->time, &got->tip}) {
        const bool sane =
            !*value || (!(*value)->empty() && (*value)->size() <= sidecar_text && hefang::is_clean_utf8(**value));
        if (!sane) std::abort();
    }
    return 0;
}
