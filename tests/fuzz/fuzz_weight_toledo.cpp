#include "fuzz/halves.hpp"
#include "weight/toledo.hpp"

#include <cstdint>

using namespace hefang::codec;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto checksum = static_cast<Checksum>(data[0] % 3);
    const auto form = data[1] % 2 == 0 ? ToledoForm::full : ToledoForm::short_form;
    ToledoParser whole(checksum, form);
    ToledoParser halves(checksum, form);
    same_in_halves(whole, halves, stream, 18);
    return 0;
}
