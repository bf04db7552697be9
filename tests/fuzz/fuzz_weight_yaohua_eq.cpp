#include "fuzz/halves.hpp"
#include "weight/yaohua_eq.hpp"

#include <cstdint>

using namespace hefang::codec;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::string_view stream(reinterpret_cast<const char*>(data) + 2, size - 2);
    const auto& form = eq_forms()[data[0] % eq_forms().size()];
    const auto unit = static_cast<MassUnit>(data[1] % 3);
    EqParser whole(form, unit);
    EqParser halves(form, unit);
    same_in_halves(whole, halves, stream, form.length());
    return 0;
}
