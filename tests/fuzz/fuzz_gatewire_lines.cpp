#include "base/text.hpp"
#include "gatewire/alarm_line.hpp"
#include "gatewire/container_sides.hpp"

#include <cstdint>
#include <cstdlib>

using namespace hefang::codec;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view line(reinterpret_cast<const char*>(data), size);
    const AlarmWords words{{"A"}, {"AC"}, {"V"}, {"H"}};
    if (const auto said = decode_alarm_line(line, words)) {
        const auto* value = std::get_if<ValueSaid>(&*said);
        if (value != nullptr && (value->value.empty() || value->value.size() > 17)) std::abort();
    }
    if (const auto sides = decode_sides(line)) {
        if (sides->size() > most_sides) std::abort();
        const auto found = agree(*sides);
        if (found.numbers.size() > most_containers) std::abort();
        if ((found.agreement == Agreement::agreed) == found.numbers.empty()) std::abort();
    }
    return 0;
}
